#include "adapters/postgres/call_rows.hpp"

#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"
#include "domain/masked.hpp"

namespace linli::postgres {

namespace {

constexpr auto callers_sql = R"(
    select 'resident' as kind, r.id, 0 as place, r.home, '' as relation, h.rough_place,
           r.data_key, r.personal, r.phone_hmac, 0 as rank
    from resident r left join home h on h.id = r.home where r.phone_hmac = any ($1::bytea[])
    union all
    select 'contact', c.resident, c.place, r.home, c.relation, h.rough_place,
           r.data_key, c.personal, c.phone_hmac, 1
    from contact c join resident r on r.id = c.resident left join home h on h.id = r.home
    where c.phone_hmac = any ($1::bytea[])
    union all
    select 'worker', k.id, 0, null, '', '', null, k.personal, k.phone_hmac, 2
    from worker k where k.phone_hmac = any ($1::bytea[])
    order by rank, id, place)";

std::string name_of(pqxx::row const& r, key_ring const& keys, domain::caller_kind kind) {
    auto const sealed = bytes(r["personal"]);
    auto const own_key = bytes(r["data_key"]);
    std::optional<std::string> plain;
    if (kind == domain::caller_kind::worker)
        plain = keys.open(worker_personal::sealed_for, sealed);
    else if (kind == domain::caller_kind::contact)
        plain = keys.open_for(own_key, contact_personal::sealed_for, sealed);
    else
        plain = keys.open_for(own_key, resident_personal::sealed_for, sealed);
    return plain ? domain::masked_name(text_in_json(*plain, "name")) : std::string();
}

} // namespace

domain::call call_of(pqxx::row const& r, key_ring const& keys) {
    auto const plain = keys.open(call_personal::sealed_for, bytes(r["personal"]));
    auto const words = plain ? from_json<call_personal>(*plain) : call_personal{};
    domain::call c;
    c.id = record_id<domain::call_id>(r["id"]);
    c.source = text(r["source"]);
    c.name = text(r["name"]);
    c.number = words.number;
    c.called = text(r["called"]);
    c.area = {text(r["area"])};
    c.first_heard = time(r["first_heard"]);
    c.rang_at = maybe_time(r["rang_at"]);
    c.answered_at = maybe_time(r["answered_at"]);
    c.ended_at = maybe_time(r["ended_at"]);
    c.seat = text(r["seat"]);
    c.recording = text(r["recording"]);
    if (!r["outcome"].is_null()) c.outcome = word<domain::call_outcome>(r["outcome"]);
    c.reason = words.reason;
    c.decided_by = text(r["decided_by"]);
    c.alert = maybe_record_id<domain::alert_id>(r["alert"]);
    c.request = maybe_record_id<domain::request_id>(r["request"]);
    c.version = r["version"].as<std::uint32_t>();
    return c;
}

void prepare_callers(pqxx::connection& on) {
    on.prepare("callers", callers_sql);
}

callers read_callers(pqxx::transaction_base& in, key_ring const& keys,
                     std::set<std::string> const& digests) {
    callers all;
    column wanted;
    for (auto const& each : digests)
        if (!each.empty()) wanted.bytes(each);
    for (auto const& r : in.exec_prepared("callers", wanted.literal())) {
        app::caller_seen seen;
        seen.who.kind = word<domain::caller_kind>(r["kind"]);
        seen.who.id = text(r["id"]);
        seen.who.place = r["place"].as<int>();
        seen.who.home = {text(r["home"])};
        seen.name = name_of(r, keys, seen.who.kind);
        seen.relation = text(r["relation"]);
        seen.rough_place = text(r["rough_place"]);
        all[bytes(r["phone_hmac"])].push_back(std::move(seen));
    }
    return all;
}

} // namespace linli::postgres
