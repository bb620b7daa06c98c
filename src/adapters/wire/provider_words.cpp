#include "adapters/wire/provider_words.hpp"

#include "adapters/wire/kinds.hpp"
#include "adapters/wire/message_fields.hpp"
#include "adapters/wire/parts.hpp"
#include "adapters/wire/wire_form.hpp"

namespace linli::wire {

namespace {

seen_visit visit_of(v1::Visit const& message) {
    seen_visit visit{message.name(), message.door(), message.notes(), message.phone(), {}};
    if (message.has_position()) visit.place = read_position(message.position());
    return visit;
}

void read_answer(v1::Offer const& message, seen_offer& into) {
    into.in_reply_to = message.in_reply_to();
    into.refused = message.refusal() != v1::REPLY_REFUSAL_UNSPECIFIED;
    into.why = from_wire(message.refusal());
    into.refusal_text = message.refusal_text();
}

} // namespace

std::optional<seen_offer> decode_offer(std::string_view payload) {
    v1::Offer message;
    if (!read_protobuf(payload, message).whole) return std::nullopt;
    seen_offer seen;
    seen.offer = message.offer_id();
    seen.version = message.version();
    seen.state = from_wire(message.state());
    seen.event = message.event_id();
    seen.order = message.order_id();
    seen.order_number = message.order_number();
    seen.service = message.service();
    seen.priority = message.priority();
    seen.worker = message.worker();
    seen.drill = message.drill();
    if (message.has_opened_at()) seen.opened_at = read_instant(message.opened_at());
    if (message.has_expires_at()) seen.expires_at = read_instant(message.expires_at());
    if (message.has_wished_from()) seen.wished_from = read_instant(message.wished_from());
    if (message.has_wished_until()) seen.wished_until = read_instant(message.wished_until());
    seen.rough_place = message.rough_place();
    seen.distance_m = message.distance_m();
    if (message.has_visit()) seen.visit = visit_of(message.visit());
    seen.withdrawn_because = message.withdrawn_because();
    read_answer(message, seen);
    return seen;
}

std::string encode_reply(domain::reply const& what, form as) {
    v1::Reply message;
    message.set_reply_id(what.reply_id);
    message.set_offer_id(to_string(what.offer));
    message.set_kind(to_wire(what.kind));
    message.set_reason(what.reason);
    message.set_needs_120(what.needs_120);
    message.set_worker(what.worker.value);
    if (what.happened_at) write_instant(*what.happened_at, *message.mutable_happened_at());
    if (what.fix) write_position(*what.fix, *message.mutable_position());
    return bytes_of(message, as);
}

} // namespace linli::wire
