#include "adapters/wire/state_reading.hpp"

#include <utility>

#include "adapters/wire/content_digest.hpp"
#include "adapters/wire/message_fields.hpp"
#include "adapters/wire/parts.hpp"
#include "linli/v1/state.pb.h"

namespace linli::wire {

namespace {

// Half a message that says online is as good as a whole one; half a message that doesn't may have
// lost the word. An empty payload is a whole State{}: offline.
bool tells_presence(reading const& how, v1::State const& message) {
    return how.whole || message.online();
}

} // namespace

std::optional<domain::signal> read_state(domain::device_id const& device, std::string_view payload,
                                         std::optional<std::string_view> content_type,
                                         std::string door, domain::instant received_at) {
    v1::State message;
    auto const how = read_message(payload, content_type, message);
    if (!tells_presence(how, message)) return std::nullopt;

    domain::signal s;
    s.device = device;
    s.door = std::move(door);
    s.is_awaited = false;
    s.received_at = received_at;
    // A will, a birth and a will again within seconds: the last word counts.
    s.event = event_id_by_receipt(device, payload, received_at);
    s.kind = message.online() ? domain::signal_kind::online : domain::signal_kind::offline;
    if (message.has_since()) s.happened_at = read_instant(message.since());
    auto const battery = message.battery_percent();
    if (battery > 0 && battery <= 100) s.battery_percent = static_cast<int>(battery);
    return s;
}

} // namespace linli::wire
