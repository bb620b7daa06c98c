#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/files/device_mapping.hpp"
#include "runtime/config.hpp"
#include "runtime/metrics.hpp"

namespace linli::http {

// A cloud that may push, by its mapping's name. The secret is empty where none was made: then
// nobody can be it.
struct push_source {
    files::push_rule rule;
    std::string secret;
};

struct push_callbacks {
    std::function<push_source const*(std::string_view name)> find; // null: there is none
    // Writes it down; what it returns makes it safe, as for mqtt::intake_connection. False and
    // nullopt mean "not now": asked again until the request's deadline. Called by several threads.
    using settle = std::function<bool()>;
    struct taken {
        settle make_safe;
        bool is_bulk = false; // telemetry: it waits for its own turn at the disk
    };
    std::function<std::optional<taken>(std::string_view source, std::string_view body)> on_push;
};

struct push_limits {
    std::size_t strangers = 1000; // connections that nobody has proven himself on
    std::size_t of_source = 64;   // idle ones beyond these give way
    std::size_t header_bytes = 8192;
    std::size_t body_bytes = 256 * 1024;
    std::chrono::milliseconds one_request{10'000}; // from its first byte, or the connection's
                                                   // beginning, to its last; TLS is in it
    std::chrono::milliseconds silence{60'000};     // between two requests of a proven source
    std::chrono::milliseconds journal{8'000};      // then 503: clouds give up after some 10 s
};

struct push_tls {
    std::filesystem::path certificate; // PEM, with the chain
    std::filesystem::path key;
};

// Where makers' and carriers' clouds push what their devices say: POST /v1/push/SOURCE. 200 is said
// when it is on disk, and not before; a repeat is written down again, and is the same event.
//
// Nobody is refused for pushing much. What is bounded is who hasn't proven himself: connections (a
// newcomer displaces one of the address that has the most, the oldest first), time and bytes; his
// body isn't read before the proof where the proof stands in front of it. It runs on a thread of
// its own.
class push_server {
public:
    // Throws std::runtime_error when the address can't be had or the certificate not be read.
    static std::unique_ptr<push_server> start(runtime::listen_address const& address,
                                              std::optional<push_tls> const& tls,
                                              push_callbacks callbacks, runtime::metrics& into,
                                              push_limits limits = {});
    virtual ~push_server() = default; // stops

    virtual std::uint16_t port() const = 0;
    // Nothing new is taken; what is being written down is finished and answered.
    virtual void stop() = 0;
};

// When the door's certificate ends. Throws std::runtime_error with the remedy when it or its key
// can't be used.
std::chrono::sys_seconds certificate_end(push_tls const& tls);

} // namespace linli::http
