#include "adapters/wire/own_work_encoding.hpp"

#include "adapters/wire/offer_writing.hpp"
#include "adapters/wire/parts.hpp"
#include "adapters/wire/wire_form.hpp"
#include "domain/masked.hpp"
#include "linli/v1/own_work.pb.h"

namespace linli::wire {

namespace {

void write_own(app::own_offer const& own, v1::OwnOffer& into) {
    write_offer(own.news, *into.mutable_offer());
    into.set_order_state(std::string(to_text(own.order)));
    if (own.due_at) write_instant(*own.due_at, *into.mutable_due_at());
    into.set_worker(sound_text(own.goes.value));
    into.set_worker_name(sound_text(own.worker_name));
    into.set_installation(own.is_installation);
    into.set_heard(own.is_heard);
    for (auto const& each : own.proofs) {
        auto& proof = *into.add_proofs();
        proof.set_kind(std::string(to_text(each.what)));
        proof.set_holds(each.holds);
        proof.set_note(sound_text(each.note));
    }
}

} // namespace

std::string encode_own_work(app::own_work::answer const& what) {
    v1::OwnWork message;
    for (auto const& each : what.offers)
        write_own(each, *message.add_offers());
    message.set_etag(sound_text(what.etag));
    write_instant(what.now, *message.mutable_now());
    return bytes_of(message, form::json);
}

std::string encode_own_workers(std::vector<app::own_candidate> const& all) {
    v1::OwnWorkers message;
    for (auto const& each : all) {
        auto& row = *message.add_workers();
        row.set_worker(sound_text(each.who.id.value));
        row.set_name(sound_text(each.name));
        row.set_phone(sound_text(domain::masked_phone(each.phone)));
        row.set_why(std::string(to_text(each.who.why)));
        row.set_may_be_named(domain::may_be_named(each.who.why));
        row.set_distance_m(each.who.distance_m);
        row.set_travel_s(each.who.travel_s);
    }
    return bytes_of(message, form::json);
}

} // namespace linli::wire
