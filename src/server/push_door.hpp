#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/http/push_server.hpp"
#include "adapters/http/readiness.hpp"
#include "adapters/journal/journal.hpp"
#include "adapters/mapped/device_book.hpp"
#include "app/clock.hpp"
#include "runtime/config.hpp"
#include "runtime/metrics.hpp"
#include "server/push_intake.hpp"
#include "server/telemetry_lane.hpp"

namespace linli::server {

// The door for clouds that push by HTTPS, if the configuration opens it.
class push_door {
public:
    // Throws std::runtime_error when the address or the certificate can't be had.
    push_door(runtime::config const& config, mapped::device_book const& devices,
              journal::journal& to, telemetry_lane& bulk, app::clock& clock,
              runtime::metrics& into);

    void stop();

    std::uint16_t port() const { return server_ ? server_->port() : std::uint16_t{0}; }
    std::optional<http::part> ready() const; // nothing: the door is shut

private:
    // From the server's thread.
    std::optional<http::push_callbacks::taken> pushed(std::string_view source,
                                                      std::string_view body);

    push_intake const intake_;
    domain::instant const since_;
    std::map<std::string, http::push_source, std::less<>> sources_;
    std::unique_ptr<http::push_server> server_; // last: its threads use the others
};

} // namespace linli::server
