#include "adapters/wire/device_words.hpp"

#include "adapters/wire/kinds.hpp"
#include "adapters/wire/message_fields.hpp"
#include "adapters/wire/parts.hpp"
#include "adapters/wire/wire_form.hpp"
#include "linli/v1/state.pb.h"

namespace linli::wire {

std::string encode_signal(domain::signal const& what, form as) {
    v1::Signal message;
    if (auto const event = domain::device_event_of(what.event)) {
        message.mutable_event()->set_boot(event->boot);
        message.mutable_event()->set_sequence(event->sequence);
    }
    message.set_kind(to_wire(what.kind));
    if (what.happened_at) write_instant(*what.happened_at, *message.mutable_happened_at());
    if (what.fix) write_position(*what.fix, *message.mutable_position());
    if (what.battery_percent)
        message.set_battery_percent(static_cast<std::uint32_t>(*what.battery_percent));
    message.set_text(what.text);
    return bytes_of(message, as);
}

std::string encode_state(presence const& what, form as) {
    v1::State message;
    message.set_online(what.online);
    write_instant(what.since, *message.mutable_since());
    message.set_boot(what.boot);
    message.set_battery_percent(static_cast<std::uint32_t>(what.battery_percent));
    return bytes_of(message, as);
}

std::optional<seen_receipt> decode_receipt(std::string_view payload) {
    v1::Receipt message;
    auto const how = read_protobuf(payload, message);
    auto const stage = from_wire(message.stage());
    if (!how.whole || !stage) return std::nullopt;
    seen_receipt seen;
    seen.event.value = message.event_id();
    seen.stage = *stage;
    if (message.has_at()) seen.at = read_instant(message.at());
    return seen;
}

} // namespace linli::wire
