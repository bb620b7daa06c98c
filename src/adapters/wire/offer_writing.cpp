#include "adapters/wire/offer_writing.hpp"

#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/kinds.hpp"
#include "adapters/wire/parts.hpp"

namespace linli::wire {

namespace {

constexpr std::size_t longest_text = 2000;

void write_visit(app::visit const& visit, v1::Visit& into) {
    into.set_name(sound_text(visit.name));
    into.set_door(sound_text(visit.door));
    into.set_notes(sound_text(visit.notes));
    into.set_phone(sound_text(visit.phone));
    if (visit.place) write_position(*visit.place, *into.mutable_position());
    for (auto const& each : visit.flags)
        into.add_flags(sound_text(each));
    into.set_wishes(sound_text(visit.wishes));
}

void write_state(domain::offer const& offer, v1::Offer& into) {
    into.set_offer_id(to_string(offer.id));
    into.set_version(offer.version);
    into.set_state(to_wire(offer.state));
    into.set_worker(sound_text(offer.worker.value));
    write_instant(offer.opened_at, *into.mutable_opened_at());
    write_instant(offer.expires_at, *into.mutable_expires_at());
    into.set_distance_m(offer.distance_m);
    if (offer.state == domain::offer_state::withdrawn)
        into.set_withdrawn_because(sound_text(offer.reason));
}

} // namespace

std::string sound_text(std::string const& of) {
    return clean_text(of, longest_text);
}

void write_offer(app::offer_news const& news, v1::Offer& message) {
    write_state(news.offer, message);
    message.set_event_id(sound_text(news.event.value));
    message.set_order_id(to_string(news.order));
    message.set_order_number(sound_text(news.order_number));
    message.set_service(sound_text(news.service.value));
    message.set_priority(static_cast<std::uint32_t>(news.level));
    message.set_drill(news.what_for == domain::purpose::drill);
    message.set_rough_place(sound_text(news.rough_place));
    if (news.booked) {
        write_instant(news.booked->from, *message.mutable_wished_from());
        write_instant(news.booked->until, *message.mutable_wished_until());
    }
    if (news.visit) write_visit(*news.visit, *message.mutable_visit());
    message.set_in_reply_to(sound_text(news.in_reply_to));
    if (news.refused) {
        message.set_refusal(to_wire(*news.refused));
        message.set_refusal_text(sound_text(news.refused_because));
    }
}

} // namespace linli::wire
