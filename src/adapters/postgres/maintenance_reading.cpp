// The maintenance list as people read it.
#include "adapters/postgres/health_rows.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/postgres/who_lives_there.hpp"
#include "domain/masked.hpp"

namespace linli::postgres {

namespace {

constexpr auto entries_sql = R"(
    select m.device, coalesce(d.kind, '') as device_kind, m.kind,
           microseconds_of(m.since) as since, m.times, h.area, h.rough_place, r.id as resident,
           r.data_key, r.personal
    from (select * from maintenance where ended_at is null and outage is null
          order by since, device limit $1) m
    left join device d on d.id = m.device
    left join lateral (select * from resident r
                       where r.id = d.resident
                          or r.home = d.home and )" LINLI_STILL_THERE("r") R"(
                       order by r.high_risk desc, r.id limit 1) r on true
    left join home h on h.id = coalesce(d.home, r.home)
    order by m.since, m.device, m.kind)";

constexpr auto counts_sql = "select kind, count(*) as entries from maintenance "
                            "where ended_at is null group by kind";

constexpr auto outages_sql = R"(
    select id, kind, area, microseconds_of(since) as since, devices,
           (select count(*) from maintenance m where m.outage = o.id and m.ended_at is null) as gone
    from outage o where ended is null order by since, id)";

// One row a resident: of those who are at home, each with the device that went first. Whom the
// broker keeps from calling: everybody who was not last heard by another door.
constexpr auto calls_sql = R"(
    with gone as (
        select m.device, m.since from maintenance m
        where m.outage = $1::uuid and m.ended_at is null and $2 = 'area'
        union all
        select d.id, instant_of($3::bigint) from device d
        left join device_health s on s.device = d.id
        where $2 = 'broker' and coalesce(s.door, '') in ('', 'mqtt')
    )
    select distinct on (r.id) r.id, r.home, r.high_risk, g.device,
           microseconds_of(g.since) as since,
           (select count(*) from resident o
            where o.home = r.home and )" LINLI_STILL_THERE("o") R"() = 1 as alone
    from gone g join device d on d.id = g.device
    join resident r on r.id = d.resident or r.home = d.home
    where r.status = 'present' and not r.synthetic
    order by r.id, g.since, g.device)";

constexpr auto whom_sql = R"(
    select r.id, h.rough_place, r.data_key, r.personal from resident r join home h on h.id = r.home
    where r.id = any ($1::text[]))";

struct person {
    std::string name;
    std::string phone;
};

person masked_person(key_ring const& keys, pqxx::row const& r) {
    if (r["personal"].is_null()) return {};
    auto const plain =
        keys.open_for(bytes(r["data_key"]), resident_personal::sealed_for, bytes(r["personal"]));
    if (!plain) return {};
    auto const words = from_json<resident_personal>(*plain);
    return {domain::masked_name(words.name), domain::masked_phone(words.phone)};
}

void read_entries(pqxx::work& in, key_ring const& keys, int limit, app::maintenance_list& to) {
    for (auto const& r : in.exec_prepared("maintenance_entries", limit)) {
        auto const what = domain::from_text<domain::trouble>(r["kind"].c_str());
        if (!what) continue;
        auto const [name, phone] = masked_person(keys, r);
        to.entries.push_back({{text(r["device"])},
                              text(r["device_kind"]),
                              *what,
                              time(r["since"]),
                              r["times"].as<int>(),
                              {text(r["area"])},
                              text(r["rough_place"]),
                              {text(r["resident"])},
                              name,
                              phone});
    }
    for (auto const& r : in.exec_prepared("maintenance_counts"))
        if (auto const what = domain::from_text<domain::trouble>(r["kind"].c_str()))
            to.counts[*what] = r["entries"].as<int>();
}

std::vector<domain::care_call> read_calls(pqxx::work& in, domain::outage const& o) {
    std::vector<domain::care_call> all;
    for (auto const& r : in.exec_prepared("maintenance_calls", to_string(o.id),
                                          std::string(to_text(o.kind)), microseconds(o.since)))
        all.push_back({{text(r["id"])},
                       {text(r["home"])},
                       {text(r["device"])},
                       r["high_risk"].as<bool>(),
                       r["alone"].as<bool>(),
                       time(r["since"])});
    domain::by_risk(all);
    return all;
}

// Only those who are shown are opened.
void name_calls(pqxx::work& in, key_ring const& keys, app::outage_line& line) {
    column ids;
    std::map<std::string, app::outage_line::call*> whom;
    for (auto& each : line.calls) {
        ids.text(each.whom.resident.value);
        whom[each.whom.resident.value] = &each;
    }
    for (auto const& r : in.exec_prepared("maintenance_whom", ids.literal())) {
        auto& call = *whom.at(text(r["id"]));
        auto const [name, phone] = masked_person(keys, r);
        call.rough_place = text(r["rough_place"]);
        call.name = name;
        call.phone = phone;
    }
}

} // namespace

void prepare_maintenance(pqxx::connection& on) {
    on.prepare("maintenance_entries", entries_sql);
    on.prepare("maintenance_counts", counts_sql);
    on.prepare("maintenance_outages", outages_sql);
    on.prepare("maintenance_calls", calls_sql);
    on.prepare("maintenance_whom", whom_sql);
}

app::maintenance_list read_maintenance(pqxx::connection& from, key_ring const& keys, int limit) {
    pqxx::work in(from);
    app::maintenance_list all;
    read_entries(in, keys, limit, all);
    for (auto const& r : in.exec_prepared("maintenance_outages")) {
        app::outage_line line;
        line.what = {record_id<domain::outage_id>(r["id"]),
                     word<domain::outage_kind>(r["kind"]),
                     {text(r["area"])},
                     time(r["since"]),
                     std::nullopt,
                     r["devices"].as<int>()};
        line.still_gone = r["gone"].as<int>();
        auto const calls = read_calls(in, line.what);
        line.calls_in_all = static_cast<int>(calls.size());
        for (auto const& each : calls)
            if (line.calls.size() < static_cast<std::size_t>(limit))
                line.calls.push_back({each, {}, {}, {}});
        name_calls(in, keys, line);
        all.outages.push_back(std::move(line));
    }
    in.commit();
    return all;
}

} // namespace linli::postgres
