#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "adapters/mqtt/connection_settings.hpp"

namespace linli::mqtt {

// The sending side: QoS 1, on a connection of its own, so that an offer never waits behind the
// acknowledgements of what arrives. Keeps nothing over a lost connection: what the broker has not
// acknowledged by then is reported as not delivered, and the outbox sends it again.
class publisher {
public:
    using delivered = std::function<void(bool)>;

    struct callbacks {
        std::function<void()> on_connected;
        std::function<void(std::string const& reason)> on_lost;
        std::function<void(std::string const& what)> on_trouble; // tried again by itself
        // Before on_connected, by TLS: until when the certificate is good that the broker has
        // shown.
        std::function<void(std::chrono::sys_seconds end)> on_certificate = {};
    };

    // At most `most_in_flight` messages are waiting or under way; more are refused. Give it a
    // client id of its own: it starts with a clean session.
    publisher(connection_settings settings, std::size_t most_in_flight, callbacks call);
    publisher(publisher const&) = delete;
    publisher& operator=(publisher const&) = delete;
    ~publisher(); // stops

    void start();

    // Never blocks; any thread. `on_delivered` is called exactly once: true when the broker has
    // acknowledged the message; false when it refused it, when the connection was lost, when there
    // is none, or when too many are under way. In the last two cases before publish() returns,
    // otherwise on another thread. It must neither block nor throw.
    void publish(std::string topic, std::string payload, delivered on_delivered);

    // All that is under way is reported as not delivered first.
    void stop();

private:
    class sender;
    std::unique_ptr<sender> sender_;
};

} // namespace linli::mqtt
