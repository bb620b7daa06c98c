#include "adapters/postgres/entity_rows.hpp"

#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

domain::alert alert_of(pqxx::row const& r) {
    domain::alert a;
    a.id = record_id<domain::alert_id>(r["id"]);
    a.about = domain::parse_subject(r["subject"].c_str()).value();
    a.what_for = word<domain::purpose>(r["purpose"]);
    a.kind = word<domain::alert_kind>(r["kind"]);
    a.level = static_cast<domain::priority>(r["level"].as<int>());
    a.state = word<domain::alert_state>(r["state"]);
    a.area = {text(r["area"])};
    a.home = {text(r["home"])};
    a.resident = {text(r["resident"])};
    a.first_event = {text(r["first_event"])};
    a.last_event = {text(r["last_event"])};
    a.opened_at = time(r["opened_at"]);
    a.raised_at = time(r["raised_at"]);
    a.rang_at = time(r["rang_at"]);
    a.signals = r["signals"].as<std::uint32_t>();
    a.plan = text(r["plan"]);
    a.rung = r["rung"].as<std::uint32_t>();
    a.desk = {text(r["desk"])};
    a.holder = {text(r["holder"])};
    a.handed_to = {text(r["handed_to"])};
    a.claimed_until = maybe_time(r["claimed_until"]);
    a.acknowledge_by = maybe_time(r["acknowledge_by"]);
    a.shelved_until = maybe_time(r["shelved_until"]);
    a.due_at = maybe_time(r["due_at"]);
    a.ladder_at = maybe_time(r["ladder_at"]);
    a.steps_from = time(r["steps_from"]);
    a.progress = domain::parse_progress(r["progress"].c_str()).value();
    a.is_shown = r["shown"].as<bool>();
    a.locate_every = domain::seconds(r["locate_every_s"].as<int>());
    if (!r["outcome"].is_null()) a.outcome = word<domain::disposition>(r["outcome"]);
    a.closed_at = maybe_time(r["closed_at"]);
    a.version = r["version"].as<std::uint32_t>();
    return a;
}

domain::request request_of(pqxx::row const& r) {
    domain::request q;
    q.id = record_id<domain::request_id>(r["id"]);
    q.about = domain::parse_subject(r["subject"].c_str()).value();
    q.area = {text(r["area"])};
    q.home = {text(r["home"])};
    q.first_event = {text(r["first_event"])};
    q.last_event = {text(r["last_event"])};
    q.level = static_cast<domain::priority>(r["level"].as<int>());
    q.state = word<domain::request_state>(r["state"]);
    q.signals = r["signals"].as<std::uint32_t>();
    q.opened_at = time(r["opened_at"]);
    q.due_at = maybe_time(r["due_at"]);
    q.closed_at = maybe_time(r["closed_at"]);
    q.version = r["version"].as<std::uint32_t>();
    return q;
}

domain::order order_of(pqxx::row const& r) {
    domain::order o;
    o.id = record_id<domain::order_id>(r["id"]);
    o.number = text(r["number"]);
    o.service = {text(r["service"])};
    o.what_for = word<domain::purpose>(r["purpose"]);
    o.level = static_cast<domain::priority>(r["level"].as<int>());
    o.alert = maybe_record_id<domain::alert_id>(r["alert"]);
    o.request = maybe_record_id<domain::request_id>(r["request"]);
    o.about = domain::parse_subject(r["subject"].c_str()).value();
    o.area = {text(r["area"])};
    o.home = {text(r["home"])};
    o.place = word<domain::order_place>(r["place"]);
    o.event = {text(r["event"])};
    o.state = word<domain::order_state>(r["state"]);
    o.opened_at = time(r["opened_at"]);
    o.held_by = maybe_record_id<domain::offer_id>(r["held_by"]);
    o.worker = {text(r["worker"])};
    o.provider = {text(r["provider"])};
    o.round = r["round"].as<std::uint32_t>();
    o.reason = text(r["reason"]);
    o.plan = text(r["plan"]);
    o.due_at = maybe_time(r["due_at"]);
    if (!r["rating"].is_null()) o.rating = r["rating"].as<int>();
    if (!r["wished_from"].is_null())
        o.booked = domain::booking{time(r["wished_from"]), time(r["wished_until"]),
                                   text(r["certificate"])};
    o.version = r["version"].as<std::uint32_t>();
    return o;
}

domain::offer offer_of(pqxx::row const& r) {
    domain::offer f;
    f.id = record_id<domain::offer_id>(r["id"]);
    f.order = record_id<domain::order_id>(r["order_id"]);
    f.provider = {text(r["provider"])};
    f.worker = {text(r["worker"])};
    f.state = word<domain::offer_state>(r["state"]);
    f.opened_at = time(r["opened_at"]);
    f.expires_at = time(r["expires_at"]);
    f.due_at = maybe_time(r["due_at"]);
    f.round = r["round"].as<std::uint32_t>();
    f.distance_m = r["distance_m"].as<std::uint32_t>();
    f.reason = text(r["reason"]);
    f.version = r["version"].as<std::uint32_t>();
    return f;
}

} // namespace linli::postgres
