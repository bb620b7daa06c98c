#include "adapters/wire/signal_reading.hpp"

#include <utility>

#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/content_digest.hpp"
#include "adapters/wire/json_scalar.hpp"
#include "adapters/wire/kinds.hpp"
#include "adapters/wire/message_fields.hpp"
#include "adapters/wire/own_event.hpp"
#include "adapters/wire/parts.hpp"

namespace linli::wire {

namespace {

constexpr std::size_t longest_text = 500;
constexpr std::size_t most_raw = 64 * 1024;

// JSON that is broken before its kind, or so badly that the parser never saw it.
void search_kind(std::string_view payload, v1::Signal& message) {
    auto const word = word_after("kind", payload);
    auto const* field = message.GetDescriptor()->FindFieldByNumber(v1::Signal::kKindFieldNumber);
    if (word) set_field(message, *field, *word);
}

// A call for help is picked out of broken text; its taking back must have been said whole.
domain::signal_kind believed(domain::signal_kind kind, bool whole) {
    bool const takes_back = kind == domain::signal_kind::fall_cancelled;
    return takes_back && !whole ? domain::signal_kind::unreadable : kind;
}

std::optional<int> battery(std::uint32_t percent) {
    if (percent == 0 || percent > 100) return std::nullopt;
    return static_cast<int>(percent);
}

bool is_understood(domain::signal const& s, v1::Signal const& message, reading const& how) {
    bool const time_lost = message.has_happened_at() && !s.happened_at;
    return how.whole && s.kind != domain::signal_kind::unreadable && !time_lost &&
           is_utf8(message.text());
}

} // namespace

domain::signal read_signal(domain::device_id const& device, std::string_view payload,
                           std::optional<std::string_view> content_type, std::string door,
                           domain::instant received_at) {
    v1::Signal message;
    auto const how = read_message(payload, content_type, message);
    bool const searched = how.was_json && message.kind() == v1::SIGNAL_KIND_UNSPECIFIED;
    if (searched) search_kind(payload, message);

    domain::signal s;
    s.device = device;
    s.door = std::move(door);
    s.received_at = received_at;
    auto const event = own_event(message, how);
    s.event = event ? domain::make_event_id(device, *event)
                    : event_id_by_content(device, payload, received_at);
    s.kind = believed(from_wire(message.kind()), !searched && !how.damaged.contains("kind"));
    if (message.has_happened_at()) s.happened_at = read_instant(message.happened_at());
    if (message.has_position())
        s.fix = read_position(message.position(), how.damaged.contains("position"));
    s.battery_percent = battery(message.battery_percent());
    s.text = clean_text(message.text(), longest_text);
    if (!is_understood(s, message, how)) s.raw = payload.substr(0, most_raw);
    return s;
}

} // namespace linli::wire
