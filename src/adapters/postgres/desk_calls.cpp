#include "adapters/postgres/desk_calls.hpp"

#include <utility>

#include "adapters/postgres/call_rows.hpp"
#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

constexpr auto calls_sql =
    "select " LINLI_CALL_COLUMNS ", ar.name as area_name, ar.path::text as area_path, "
    "case when c.outcome = 'missed' then q.version end as request_version, "
    "q.state = 'open' as is_to_ring_back, c.waits, c.rank, c.place, c.ringing, c.held, c.third, "
    "c.third_who, "
    "w.what as wished, w.refused, w.by_user as wished_by, "
    "microseconds_of(w.done_at) as refused_at, "
    "array_to_string(array(select u.area from account u "
    "where u.id in (c.seat, c.ringing, c.third_who) "
    "or u.id in (select s.account from seat s where s.call = c.id)), ' ') as seats_areas "
    "from call c left join area ar on ar.code = c.area left join request q on q.id = c.request "
    "left join lateral (select n.what, n.refused, n.by_user, n.done_at from call_wish n "
    "where c.ended_at is null and n.call = c.id and n.refused is not null "
    "order by n.done_at desc, n.id desc limit 1) w on true "
    "where c.id = any ($1::uuid[])";

// Of a call of our own hotline, while it lasts.
std::optional<domain::call_standing> standing_of(pqxx::row const& r, domain::call const& c) {
    if (c.source != domain::own_hotline || c.ended_at) return std::nullopt;
    domain::call_standing is;
    is.waits = r["waits"].as<bool>();
    if (!r["rank"].is_null()) is.rank = word<domain::caller_rank>(r["rank"]);
    is.place = r["place"].as<int>();
    is.ringing = {text(r["ringing"])};
    is.is_held = r["held"].as<bool>();
    if (!r["third"].is_null())
        is.third =
            domain::third_party{word<domain::third_state>(r["third"]), {text(r["third_who"])}};
    return is;
}

std::optional<domain::refused_wish> refused_of(pqxx::row const& r) {
    if (r["refused"].is_null()) return std::nullopt;
    return domain::refused_wish{word<domain::call_wish>(r["wished"]),
                                word<domain::wish_refusal>(r["refused"]),
                                {text(r["wished_by"])},
                                time(r["refused_at"])};
}

app::work_line line_of(pqxx::row const& r, key_ring const& keys, domain::instant now) {
    app::work_line line;
    auto& call = line.call.emplace();
    call.what = call_of(r, keys);
    call.is_on_desks = domain::is_on_desks(
        call.what, !r["is_to_ring_back"].is_null() && r["is_to_ring_back"].as<bool>(), now);
    call.request_version = r["request_version"].as<std::uint32_t>(0);
    call.on_our_line = standing_of(r, call.what);
    if (call.on_our_line) call.refused = refused_of(r);
    line.area_name = text(r["area_name"]);
    line.areas = areas_of(text(r["area_path"]), call.what.area);
    // Who is rung for it, or speaks, sees it wherever the caller's line belongs.
    for (auto& each : words_of(text(r["seats_areas"])))
        line.areas.push_back({std::move(each)});
    return line;
}

} // namespace

void prepare_desk_calls(pqxx::connection& on) {
    prepare_callers(on);
    on.prepare("desk_calls", calls_sql);
}

void add_calls(pqxx::transaction_base& in, key_ring const& keys,
               std::vector<domain::uuid> const& ids, domain::instant now,
               std::vector<app::work_line>& to) {
    if (ids.size() == to.size()) return; // all of them are something else
    column wanted;
    for (auto const& id : ids)
        wanted.id(id);
    auto const rows = in.exec_prepared("desk_calls", wanted.literal());
    std::set<std::string> digests;
    for (auto const& r : rows)
        digests.insert(bytes(r["phone_hmac"]));
    if (rows.empty()) return;
    auto const who = read_callers(in, keys, digests);
    for (auto const& r : rows) {
        auto line = line_of(r, keys, now);
        auto const known = who.find(bytes(r["phone_hmac"]));
        if (known != who.end()) line.call->who = known->second;
        to.push_back(std::move(line));
    }
}

} // namespace linli::postgres
