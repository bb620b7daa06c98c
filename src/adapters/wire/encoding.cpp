#include "adapters/wire/encoding.hpp"

#include "adapters/wire/kinds.hpp"
#include "adapters/wire/notice_words.hpp"
#include "adapters/wire/offer_writing.hpp"
#include "adapters/wire/parts.hpp"

namespace linli::wire {

namespace {

std::string encode_receipt(app::receipt const& r) {
    v1::Receipt message;
    if (auto const event = domain::device_event_of(r.event)) {
        message.mutable_event()->set_boot(event->boot);
        message.mutable_event()->set_sequence(event->sequence);
    }
    message.set_stage(to_wire(r.stage));
    write_instant(r.at, *message.mutable_at());
    message.set_event_id(sound_text(r.event.value));
    return message.SerializeAsString();
}

std::string encode_offer(app::offer_news const& news) {
    v1::Offer message;
    write_offer(news, message);
    return message.SerializeAsString();
}

// Version 0 and no state: nothing is said about any offer, only that the reply was no use.
std::string encode_refusal(app::reply_refused const& refused) {
    v1::Offer message;
    message.set_offer_id(sound_text(refused.offer));
    message.set_in_reply_to(sound_text(refused.in_reply_to));
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
