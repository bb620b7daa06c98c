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

// What is retained under a topic while we receive, and when we don't (also as last will). Without a
// topic nothing is announced.
struct announcement {
    std::string topic;
    std::string here;
    std::string gone;
};

// The receiving side: keeps a session at the broker (MQTT 5, QoS 1), so that what is sent while we
// are away waits for us, and comes back by itself when the connection or the broker is lost.
//
// A message is acknowledged in two steps. on_arrival takes it (writes it down, hands it on) and
// says what is left to do until it is safe; that is done on another thread, for all that have come
// meanwhile in one go, and only then the PUBACKs are sent, in the order in which the messages came.
// Our own, because no library in Debian lets the PUBACK wait (src/README.md, decisions).
class intake_connection {
public:
    // True: safe. False: can't be made safe now; asked again after 10, 20, 40 … 1000 ms. Empty:
    // there is nothing left to do.
    using settle = std::function<bool()>;
    // nullopt: can't be taken now. It is asked again after 10, 20, 40 … 1000 ms; what follows waits
    // at the broker meanwhile.
    using arrival = std::function<std::optional<settle>(arrived const&)>;

    // All are called on the connection's thread, one at a time, but what on_arrival returns on
    // another. What they throw counts as "not now", or is ignored.
    struct callbacks {
        arrival on_arrival;
        std::function<void(bool session_present)> on_connected;
        // Every filter is granted: from now on nothing that is sent passes us by.
        std::function<void()> on_subscribed;
        std::function<void(std::string const& reason)> on_lost;
        // Could not connect, or a filter was refused. Tried again by itself.
        std::function<void(std::string const& what)> on_trouble;
    };

    intake_connection(connection_settings settings, std::vector<std::string> filters,
                      callbacks call, announcement announce = {});
    intake_connection(intake_connection const&) = delete;
    intake_connection& operator=(intake_connection const&) = delete;
    ~intake_connection(); // stops

    void start();

    // Nothing is taken any more; what was taken is settled and acknowledged, for 3 s at most. What
    // could not be stays unacknowledged, and the broker delivers it again: the session stays there.
    // Not called by a callback.
    void stop();

private:
    class receiver;
    std::unique_ptr<receiver> receiver_;
};

} // namespace linli::mqtt
