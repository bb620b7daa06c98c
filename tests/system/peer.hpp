#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace linli::tests {

// A broker user with a session that the broker keeps. It speaks MQTT 5 by another library than the
// server does (libmosquitto), as the devices of the field do, and is ready when constructed.
class peer {
public:
    struct who {
        std::uint16_t port = 0;
        std::string user;
        std::string password;
        std::string client = {}; // as it calls itself; else as its user
    };

    peer(who const& is, std::string const& hears,
         std::function<void(std::string_view payload)> on_heard);
    ~peer();
    peer(peer const&) = delete;
    peer& operator=(peer const&) = delete;

    // Returns when the broker has it. While the broker is away: when it is back and has it.
    void says(std::string const& topic, std::string const& payload, int at_qos = 1);

    // Returns when a new subscription stands: every connection makes one.
    void listens_again();

    // What the broker said to the last publish: 0, or MQTT 5's reason ("not authorized" = 135).
    int last_reason() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace linli::tests
