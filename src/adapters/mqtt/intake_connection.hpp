#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/mqtt/connection_settings.hpp"

namespace linli::mqtt {

// Valid during the call only.
struct arrived {
    std::string_view topic;
    std::string_view payload;
    std::optional<std::string_view> content_type;
};

// The receiving side: keeps a session at the broker (MQTT 5, QoS 1), so that what is sent while we
// are away waits for us, and comes back by itself when the connection or the broker is lost.
//
// A message is acknowledged when `on_arrival` has returned true for it. Paho sends the PUBACK as
// soon as its callback returns, and nothing in its interface prevents that: so when on_arrival
// returns false or throws, the callback doesn't return, but asks again after 10, 20, 40 … 1000 ms.
// Meanwhile the broker keeps what follows, and drops the connection after 90 s (Paho can't ping);
// once let go, we connect again and the message comes a second time.
//
// Paho has one receiving thread, with one lock, for all connections of a process: while one
// on_arrival waits, nothing arrives on any other connection, and publishers get no answer. So
// bulk data that may wait (telemetry) has to be refused in another way than by false, or be
// received by another process; else it would delay an SOS.
class intake_connection {
public:
    using arrival = std::function<bool(arrived const&)>;

    // on_arrival is called on Paho's thread, one message at a time, in the broker's order, also
    // while stop() runs. The others come from a thread of this object, one at a time; they may
    // take a moment. What they throw is ignored.
    struct callbacks {
        arrival on_arrival;
        std::function<void(bool session_present)> on_connected;
        // Every filter is granted: from now on nothing that is sent passes us by. Comes on one of
        // Paho's threads: it must not wait for anything of Paho's.
        std::function<void()> on_subscribed;
        std::function<void(std::string const& reason)> on_lost;
        // Could not connect, or a filter was refused. Tried again by itself.
        std::function<void(std::string const& what)> on_trouble;
    };

    intake_connection(connection_settings settings, std::vector<std::string> filters,
                      callbacks call);
    intake_connection(intake_connection const&) = delete;
    intake_connection& operator=(intake_connection const&) = delete;
    ~intake_connection(); // stops

    void start();

    // True: disconnected; the session stays at the broker, and nothing arrives any more.
    //
    // False: a message is not accepted and can't be given back, because Paho would acknowledge it
    // on any way out of its callback. Its thread stays there for ever, with Paho's lock: no other
    // connection of this process can be used or closed. End the process (std::_Exit, or return
    // from main): the kernel closes the socket without a PUBACK, the last will is sent, and the
    // broker delivers the message again at the next start. What on_arrival uses must live until
    // then.
    bool stop();

private:
    struct state;
    std::shared_ptr<state> state_; // shared with the threads that stop() may have to leave behind
};

} // namespace linli::mqtt
