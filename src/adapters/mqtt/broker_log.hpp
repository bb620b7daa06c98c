#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/recent.hpp"

namespace linli::mqtt {

// Somebody whom the broker would not let; or many, of whom only the number is told.
struct refusal {
    // A connection that it had no room for: of whom, it doesn't know.
    enum class of : std::uint8_t { publish, sign_in, connection };

    of what = of::publish;
    std::string user;    // of a publish; "" when its sign-in wasn't seen
    std::string client;  // of a publish: as it calls itself, which proves nothing
    std::string address; // "" when it wasn't seen
    std::string topic;   // of a publish
    unsigned times = 1;
    bool is_named = true; // not where lines were left out
};

// What mosquitto 2.0 writes into its log of those whom it refuses, line by line, and how many of
// those lines config/mosquitto/refusals.pl left out. It acknowledges a
// denied publish like any other, so nobody else learns of it. It names the client, not the user:
// whose client it is was said when it signed in. Who a client says that it is may hold anything but
// a line's end, also what looks like the rest of the line.
class broker_log {
public:
    std::optional<refusal> read(std::string_view line);

private:
    struct who {
        std::string user;
        std::string address;
    };
    void signed_in(std::string_view rest);
    refusal denied(std::string_view rest);
    std::size_t end_of_client(std::string_view rest);

    app::recent<std::string, who> clients_{100'000};
};

} // namespace linli::mqtt
