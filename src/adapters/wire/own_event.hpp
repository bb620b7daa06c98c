#pragma once

#include <optional>

#include "adapters/wire/message_fields.hpp"
#include "domain/signal.hpp"

namespace linli::wire {

// The event id that the device itself has given to a Signal or a Telemetry. Nothing when a part of
// it is missing: half an id would be the same for two different events, and the second would be
// taken for a resend of the first.
template <class Message>
std::optional<domain::device_event> own_event(Message const& message, reading const& how) {
    if (!message.has_event() || how.damaged.contains("event")) return std::nullopt;
    domain::device_event const event{message.event().boot(), message.event().sequence()};
    if (event.boot == 0 && event.sequence == 0) return std::nullopt;
    return event;
}

} // namespace linli::wire
