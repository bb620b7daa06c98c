#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "system/peer.hpp"

struct mosquitto;

namespace linli::tests::load {

// A broker user as tests::peer is, without a thread of its own: a switchboard reads and writes for
// hundreds of them. All calls and hooks on the switchboard's thread; no hook may call a peer.
class loop_peer {
public:
    struct hooks {
        std::function<void(std::string_view payload)> on_heard;
        std::function<void(int message, int broker_said)> on_taken;
    };

    loop_peer(peer::who is, std::string hears, hooks call);
    ~loop_peer();
    loop_peer(loop_peer const&) = delete;
    loop_peer& operator=(loop_peer const&) = delete;

    bool dial();              // whether there is a socket now
    int socket() const;       // -1: none
    void turn(bool readable); // reads what has come, writes what waits
    void keep_alive();
    bool listens() const { return listens_; }

    // The number by which on_taken will name it; nothing if there is no connection.
    std::optional<int> says(std::string const& topic, std::string const& payload);

private:
    struct callbacks;

    peer::who const is_;
    std::string const hears_;
    hooks const call_;
    mosquitto* client_;
    bool dialled_before_ = false;
    bool listens_ = false;
};

} // namespace linli::tests::load
