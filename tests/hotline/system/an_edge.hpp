#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "hotline/system/browser_phone.hpp"
#include "hotline/system/process.hpp"
#include "support/loopback_gateway.hpp"

namespace linli::tests {

// kamailio as an installation starts it (config/kamailio/start), before an engine, on free ports of
// the loopback.
class an_edge {
public:
    static constexpr auto secret =
        "d0bb1e2f40c1b1f3c7a9e4d25f60718293a4b5c6d7e8f90123456789abcdef01";
    // With what a table's field and a configuration's text can't hold as it is.
    static constexpr auto trunk_password = "pa:ss\\word\"1";

    struct wishes {
        std::uint16_t engine = 0; // 0: there is none
        std::string duty = "sip:duty@127.0.0.1";
        int sockets_of_one = 200;
        std::string trunk_address = "127.0.0.1";
        std::uint16_t trunk = 0;     // where the trunk listens
        std::string trunk_user = {}; // its account; empty: it knows us by our address
        // Of a trunk that speaks TLS.
        bool by_tls = false;
        std::uint16_t tls = 0;                       // where it finds us; 0: anywhere
        std::filesystem::path trunk_vouched_by{};    // empty: by the machine's authorities
        std::string trunk_name = {};                 // in its certificate; empty: any
        bool trunk_shows_certificate = false;        // also when it calls
        loopback_certificate const* shows = nullptr; // what we show it; none: nothing
    };

    an_edge(std::filesystem::path const& folder, wishes const& with);

    std::uint16_t port() const { return port_; }
    std::uint16_t wss_port() const { return wss_port_; }
    std::uint16_t tls_port() const { return tls_port_; }
    browser_phone browser() const { return {wss_port_, identity_.certificate}; }
    std::string words() const { return kamailio_->words(); }
    void is_killed(); // all its processes
    void starts();

private:
    void write_credentials() const;

    loopback_certificate const identity_;
    std::filesystem::path const folder_;
    wishes const with_;
    std::uint16_t const port_, wss_port_, websocket_port_, engine_port_, tls_port_;
    std::unique_ptr<process> kamailio_;
};

} // namespace linli::tests
