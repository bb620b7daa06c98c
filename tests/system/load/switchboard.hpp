#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <queue>
#include <string>
#include <vector>

#include "system/load/ledger.hpp"
#include "system/load/loop_peer.hpp"

namespace linli::tests::load {

// Everybody in the field on one thread: their connections, which come back by themselves, and their
// alarm clocks.
class switchboard {
public:
    switchboard();
    ~switchboard();
    switchboard(switchboard const&) = delete;
    switchboard& operator=(switchboard const&) = delete;

    // Before run().
    loop_peer& connect(peer::who const& is, std::string const& hears, loop_peer::hooks call);

    // On the switchboard's thread, or before run().
    void after(steady::duration wait, std::function<void()> what);

    // Any thread.
    void post(std::function<void()> what);
    void stop();
    bool all_listen() const { return all_listen_; }

    void run(); // until stop()

private:
    struct alarm {
        moment at;
        std::uint64_t number; // of two at the same moment the earlier made rings first
        std::function<void()> what;

        bool operator<(alarm const& other) const {
            return at != other.at ? at > other.at : number > other.number;
        }
    };

    void dial(std::size_t peer);
    void dial_later(std::size_t peer);
    void turn(std::size_t peer, bool readable);
    void run_posted();
    void run_due();
    void look_after_all();
    int wait_ms() const;

    int const epoll_;
    std::vector<std::unique_ptr<loop_peer>> peers_;
    std::vector<char> waits_to_dial_;
    std::vector<char> answered_; // the last call
    int unanswered_ = 0;
    std::priority_queue<alarm> alarms_;
    std::uint64_t next_alarm_ = 0;
    std::atomic<bool> stopping_ = false;
    std::atomic<bool> all_listen_ = false;

    std::mutex mutex_;
    std::vector<std::function<void()>> posted_;
};

} // namespace linli::tests::load
