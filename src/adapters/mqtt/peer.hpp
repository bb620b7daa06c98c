#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/mqtt/connection_settings.hpp"

namespace linli::mqtt {

// The other end: a device or a provider's system, for the simulator and for tests. One connection
// (MQTT 5, QoS 1) on which it sends and is sent one topic; comes back by itself. The broker keeps
// its session, and what arrives for it, for `session_expiry` after it has gone.
class peer {
public:
    // on_message comes on Paho's thread, and returning acknowledges; the others on a thread of this
    // object. None of them may wait for anything of MQTT, and none may destroy the peer.
    struct callbacks {
        std::function<void(std::string_view topic, std::string_view payload)> on_message;
        std::function<void()> on_ready; // connected, and will hear what is sent from now on
        std::function<void(std::string const& reason)> on_lost;
        std::function<void(std::string const& what)> on_trouble; // tried again by itself
    };

    peer(connection_settings settings, std::string receives, std::chrono::seconds session_expiry,
         callbacks call);
    peer(peer const&) = delete;
    peer& operator=(peer const&) = delete;
    ~peer(); // hangs up

    void start();

    // Never blocks. Forgotten when there is no connection: a peer sends again until it is answered.
    void send(std::string topic, std::string payload, std::string content_type = "");

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace linli::mqtt
