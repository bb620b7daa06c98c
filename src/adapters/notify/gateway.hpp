#pragma once

#include <string>
#include <string_view>

#include "adapters/notify/transfers.hpp"
#include "app/carrier.hpp"
#include "runtime/config.hpp"

namespace linli::notify {

// What an installation's gateway for SMS or voice is asked, from its pattern in the configuration.
transfer request_of(runtime::gateway_config const& gateway, std::string const& secret,
                    app::letter const& what);

// What its answer means.
app::carried judged(runtime::gateway_config const& gateway, answer const& got);

// The signed request to the installation's own receiver of alarms, and what its answer means.
transfer hook_request(runtime::webhook_config const& hook, std::string const& secret,
                      app::letter const& what);
app::carried hook_judged(answer const& got);

// With everything that is not a letter, digit or -._~ as %XX.
std::string percent_encoded(std::string_view text);

} // namespace linli::notify
