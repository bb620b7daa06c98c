#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>

#include "app/clock.hpp"
#include "runtime/config.hpp"

namespace linli::server {

// The whole house in one process, on one loop. Built whole or not at all; run() returns when stop()
// was called and everything has been put down in order, or when a part without which the server
// can't do its duty has ended.
class server {
public:
    struct options {
        runtime::config config;
        // Tests bring their own clock; otherwise the house clock.
        std::function<std::unique_ptr<app::clock>(boost::asio::any_io_executor)> make_clock = {};
    };

    // Throws std::runtime_error when it cannot start: the text names the remedy. The database and
    // the broker may be away: signals wait in the journal, and the broker keeps our session.
    explicit server(options with);
    ~server();
    server(server const&) = delete;
    server& operator=(server const&) = delete;

    // 0 after stop(); 1 when a vital part ended by itself, and an exception is a fault of ours:
    // then nothing has been put down, and it can't be any more. What still runs uses what is gone,
    // or waits for a database that hangs. The process has to end as it stands.
    int run();

    // Any thread: no new signals, what has been taken is finished, then run() returns.
    void stop();

    std::uint16_t http_port() const;
    std::uint16_t watch_port() const;   // 0: the door is shut
    std::uint16_t push_port() const;    // 0: the door is shut
    std::uint16_t console_port() const; // 0: the door is shut

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace linli::server
