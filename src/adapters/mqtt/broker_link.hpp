// Private to this folder: includes Paho.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>

#include <mqtt/async_client.h>

#include "adapters/mqtt/call.hpp"
#include "adapters/mqtt/connection_settings.hpp"

namespace linli::mqtt {

struct link_options {
    connection_settings to;
    bool clean_start = true;
    std::chrono::seconds session_expiry{0};
    std::chrono::seconds keep_alive{30};
};

// Called on the link's thread, one at a time, but `message` on Paho's.
struct link_hooks {
    std::function<void()> connected;
    std::function<void(std::string const& reason)> lost;
    std::function<void(std::string const& what)> failed;
    std::function<void()> work; // while connected: after wake(), and every 10 s
    std::function<void(::mqtt::const_message_ptr const&)> message;
};

// One client of the broker that comes back by itself, with a thread that owns all calls into Paho.
// A thread of its own because (1) any call may wait for Paho's one lock, which is held as long as
// any callback of the process runs, and (2) Paho's automatic reconnect neither repeats a failed
// first connect nor tells whether the broker still had our session.
class broker_link final : private ::mqtt::iaction_listener {
public:
    broker_link(link_options options, link_hooks hooks);
    broker_link(broker_link const&) = delete;
    broker_link& operator=(broker_link const&) = delete;

    // `owner` (which owns this link) stays alive until the thread has ended.
    void start(std::shared_ptr<void> owner);
    void wake();

    // False if Paho's lock didn't come free: the thread is left behind.
    bool stop(std::chrono::seconds limit);

    // While connected, on the link's thread.
    ::mqtt::async_client& client() { return *client_; }

private:
    struct came {};
    struct went {
        std::string reason;
    };
    struct failed {
        std::string what;
    };
    using event = std::variant<came, went, failed>;
    using clock = std::chrono::steady_clock;

    void on_success(::mqtt::token const& connect) override;
    void on_failure(::mqtt::token const& connect) override;
    void push(event what) noexcept;

    void run();
    void take(came const& what);
    void take(went const& what);
    void take(failed const& what);
    void try_to_connect();
    void drop_events();
    std::unique_ptr<::mqtt::async_client> make_client();
    void wait();
    void say_goodbye();
    void fill(::mqtt::connect_options& options) const;

    link_options const options_;
    link_hooks const hooks_;

    std::mutex mutex_; // of the following
    std::condition_variable changed_;
    std::deque<event> events_;
    bool woken_ = false;
    bool stopping_ = false;
    bool ended_ = false;

    // Of the link's thread.
    std::unique_ptr<::mqtt::async_client> client_;
    bool up_ = false;
    clock::time_point next_try_;
    clock::duration pause_;

    std::thread thread_;
    bool left_behind_ = false; // of the thread that stops
};

} // namespace linli::mqtt
