#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>

#include "adapters/mqtt/connection_settings.hpp"
#include "runtime/task.hpp"

namespace linli::mqtt {

// The other end: a device or a provider's system, for the simulator. One connection (MQTT 5, QoS 1)
// on which it sends and is sent one topic; comes back by itself. The broker keeps its session, and
// what arrives for it, for `session_expiry` after it has gone. Hundreds share a loop, on whose one
// thread all is called.
class peer {
public:
    // None of them may destroy the peer.
    struct callbacks {
        std::function<void(std::string_view topic, std::string_view payload)> on_message;
        std::function<void()> on_ready; // connected, and will hear what is sent from now on
        std::function<void(std::string const& reason)> on_lost;
        std::function<void(std::string const& what)> on_trouble; // tried again by itself
    };

    peer(boost::asio::io_context& loop, connection_settings settings, std::string receives,
         std::chrono::seconds session_expiry, callbacks call);
    peer(peer const&) = delete;
    peer& operator=(peer const&) = delete;
    ~peer(); // must have hung up, if it was started

    void start();

    // Forgotten when there is no connection: a peer sends again until it is answered.
    void send(std::string topic, std::string payload);

    // Once. Within some seconds even if the broker is silent; afterwards nothing is called any
    // more.
    runtime::task<> hang_up();

private:
    class talk;
    std::unique_ptr<talk> talk_;
};

} // namespace linli::mqtt
