#include "adapters/wire/encoding.hpp"

#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/kinds.hpp"
#include "adapters/wire/notice_words.hpp"
#include "adapters/wire/parts.hpp"

namespace linli::wire {

namespace {

constexpr std::size_t longest_text = 2000;

// Protobuf refuses a string that isn't UTF-8 only at the reader's end, and with it the whole offer.
std::string text(std::string const& of) {
    return clean_text(of, longest_text);
}

std::string encode_receipt(app::receipt const& r) {
    v1::Receipt message;
    if (auto const event = domain::device_event_of(r.event)) {
        message.mutable_event()->set_boot(event->boot);
        message.mutable_event()->set_sequence(event->sequence);
    }
    message.set_stage(to_wire(r.stage));
    write_instant(r.at, *message.mutable_at());
    message.set_event_id(text(r.event.value));
    return message.SerializeAsString();
}

void write_visit(app::visit const& visit, v1::Visit& into) {
    into.set_name(text(visit.name));
    into.set_door(text(visit.door));
    into.set_notes(text(visit.notes));
    into.set_phone(text(visit.phone));
    if (visit.place) write_position(*visit.place, *into.mutable_position());
    for (auto const& each : visit.flags)
        into.add_flags(text(each));
}

void write_offer(domain::offer const& offer, v1::Offer& into) {
    into.set_offer_id(to_string(offer.id));
    into.set_version(offer.version);
    into.set_state(to_wire(offer.state));
    into.set_worker(text(offer.worker.value));
    write_instant(offer.opened_at, *into.mutable_opened_at());
    write_instant(offer.expires_at, *into.mutable_expires_at());
    into.set_distance_m(offer.distance_m);
    if (offer.state == domain::offer_state::withdrawn)
        into.set_withdrawn_because(text(offer.reason));
}

std::string encode_offer(app::offer_news const& news) {
    v1::Offer message;
    write_offer(news.offer, message);
    message.set_event_id(text(news.event.value));
    message.set_order_id(to_string(news.order));
    message.set_order_number(text(news.order_number));
    message.set_service(text(news.service.value));
    message.set_priority(static_cast<std::uint32_t>(news.level));
    message.set_drill(news.what_for == domain::purpose::drill);
    message.set_rough_place(text(news.rough_place));
    if (news.visit) write_visit(*news.visit, *message.mutable_visit());
    message.set_in_reply_to(text(news.in_reply_to));
    if (news.refused) {
        message.set_refusal(to_wire(*news.refused));
        message.set_refusal_text(text(news.refused_because));
    }
    return message.SerializeAsString();
}

// Version 0 and no state: nothing is said about any offer, only that the reply was no use.
std::string encode_refusal(app::reply_refused const& refused) {
    v1::Offer message;
    message.set_offer_id(text(refused.offer));
    message.set_in_reply_to(text(refused.in_reply_to));
    message.set_refusal(refused.unreadable ? v1::REPLY_REFUSAL_UNREADABLE : to_wire(refused.why));
    return message.SerializeAsString();
}

struct encoder {
    std::string operator()(app::receipt const& what) const { return encode_receipt(what); }
    std::string operator()(app::offer_news const& what) const { return encode_offer(what); }
    std::string operator()(app::reply_refused const& what) const { return encode_refusal(what); }
    std::string operator()(domain::notice const& what) const { return encode_notice(what); }
};

} // namespace

std::string encode(app::outgoing const& what) {
    return std::visit(encoder{}, what);
}

} // namespace linli::wire
