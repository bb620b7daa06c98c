#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/ids.hpp"
#include "domain/signal.hpp"
#include "domain/time.hpp"

namespace linli::wire {

// Presence, told by the device itself or by the broker in its name (last will): a signal of kind
// online or offline. Nothing if it can't be read: presence never raises an alert, so bytes that
// mean nothing are no reason to ring anybody.
std::optional<domain::signal> read_state(domain::device_id const& device, std::string_view payload,
                                         std::optional<std::string_view> content_type,
                                         std::string door, domain::instant received_at);

} // namespace linli::wire
