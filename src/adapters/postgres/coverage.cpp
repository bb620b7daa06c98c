#include "adapters/postgres/coverage.hpp"

#include <algorithm>

#include <pqxx/pqxx>

#include "adapters/postgres/reading_connection.hpp"
#include "adapters/postgres/registry_reading.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/postgres/telemetry_days.hpp"
#include "adapters/postgres/who_lives_there.hpp"

namespace linli::postgres {

namespace {

constexpr auto homes_sql =
    "select h.id, h.area, h.latitude, h.longitude, h.address_verified is not null as verified, "
    "h.key_holder is not null as key_held, h.key_tested - date '1970-01-01' as key_tested "
    "from home h where exists (select from resident r where r.home = h.id and " LINLI_LIVES_THERE
    ")";

// Who must not be told is no contact for an emergency; nor is one whose number, as it is now, was
// tried and reached by no channel.
constexpr auto residents_sql =
    "select r.id, r.home, coalesce(c.contacts, 0) as contacts from resident r left join "
    "(select n.resident, count(*) as contacts from contact n where not n.do_not_tell and coalesce("
    "(select bool_or(k.state <> 'failed') from contact_trial k where k.resident = n.resident and "
    "k.place = n.place and k.phone_hmac is not distinct from n.phone_hmac), true) "
    "group by n.resident) c on c.resident = r.id where " LINLI_LIVES_THERE;

// The last signal is a step or two in an index, and what the supervision has heard stands in a row.
// What the house has observed is no word of the device. Only where both are too old the days of
// telemetry are looked through, newest first, one probe each; $2 is the oldest that is worth it.
constexpr auto devices_sql = R"(
    with days as materialized (
        select to_date(right(c.relname, 8), 'YYYYMMDD') as day
        from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'telemetry'::regclass and c.relname ~ '^telemetry_[0-9]{8}$')
    select d.id, h.area, microseconds_of(s.heard) as heard, t.day - date '1970-01-01' as day
    from device d
    left join resident r on r.id = d.resident
    join home h on h.id = coalesce(d.home, r.home)
    left join device_health k on k.device = d.id
    left join lateral (select greatest(max(received_at), k.heard_at) as heard
                       from signal s where s.device = d.id and s.door <> 'observation') s on true
    left join lateral (
        select p.day from days p
        where coalesce(s.heard < instant_of($1::bigint), true)
          and p.day >= instant_of($2::bigint)::date
          and exists (select from telemetry m where m.device = d.id and m.day = p.day)
        order by p.day desc limit 1) t on true
    where d.resident is null or )" LINLI_LIVES_THERE;

constexpr auto providers_sql = R"(
    select p.id, coalesce(w.workers, 0) as workers, coalesce(f.offers, 0) as offers,
           microseconds_of(f.replied) as replied
    from provider p
    left join (select provider, count(*) filter (where not synthetic) as workers,
                      bool_and(synthetic) as synthetic from worker group by provider) w
        on w.provider = p.id
    left join (select offer.provider, count(*) as offers,
                      max(offer.opened_at) filter (where offer.state in ('accepted', 'declined'))
                          as replied
               from offer join service_order o on o.id = order_id and o.purpose = 'real'
               group by offer.provider) f on f.provider = p.id
    where w.synthetic is distinct from true
    order by p.id)";

constexpr auto synthetic_sql = "select exists (select from resident r join device d "
                               "on d.resident = r.id where r.synthetic)";

constexpr auto complaints_sql = "select id, area, microseconds_of(due_at) as due_at from complaint "
                                "where due_at is not null";

// The row of a silence says who was heard last; one of somebody who never moved there has none.
constexpr auto pauses_sql = R"(
    select h.id, h.area, microseconds_of(w.last_at) as moved,
           (select count(distinct m.day) from device d join telemetry m on m.device = d.id
            where d.home = h.id and m.day > instant_of($1::bigint)::date - 3
              and m.activity_kind && array[0, 1, 3, 4, 5]::smallint[]) as days
    from home h join dwell w on w.subject = 'home:' || h.id and w.rule = 'silence'
    where exists (select from resident r where r.home = h.id and )" LINLI_LIVES_THERE R"()
      and not exists (select from resident r where r.home = h.id and r.status = 'present')
    order by h.id)";

constexpr auto gaps_sql = R"(
    select reason, subject, area, mender_kind, mender, figure, microseconds_of(since) as since,
           array_to_string(hours, ' ') as hours
    from coverage_gap where day = $1::date order by place)";

constexpr std::chrono::days recent{1};      // a signal as new as this asks for no telemetry
constexpr std::chrono::days oldest_day{30}; // how far back a silent device is looked for

std::optional<std::chrono::sys_days> day_of(pqxx::field const& f) {
    if (f.is_null()) return std::nullopt;
    return std::chrono::sys_days(std::chrono::days(f.as<int>()));
}

void read_homes(pqxx::work& in, app::coverage_picture& to) {
    for (auto const& r : in.exec(homes_sql)) {
        app::coverage_home h{{text(r["id"])}, {text(r["area"])}, {}, false, false, {}};
        if (!r["latitude"].is_null())
            h.place =
                domain::position{r["latitude"].as<double>(), r["longitude"].as<double>(), 0, {}};
        h.address_verified = r["verified"].as<bool>();
        h.key_held = r["key_held"].as<bool>();
        h.key_tested = day_of(r["key_tested"]);
        to.homes.push_back(std::move(h));
    }
}

void read_residents(pqxx::work& in, app::coverage_picture& to) {
    for (auto const& r : in.exec(residents_sql))
        to.residents.push_back({{text(r["id"])}, {text(r["home"])}, r["contacts"].as<int>()});
}

void read_devices(pqxx::work& in, domain::instant now, app::coverage_picture& to) {
    for (auto const& r :
         in.exec_params(devices_sql, microseconds(now - recent), microseconds(now - oldest_day))) {
        auto heard = maybe_time(r["heard"]);
        if (auto const day = day_of(r["day"]))
            heard = std::max<domain::instant>(heard.value_or(domain::instant{}), *day);
        to.devices.push_back({{text(r["id"])}, {text(r["area"])}, heard});
    }
}

void read_providers(pqxx::work& in, app::coverage_picture& to) {
    for (auto const& r : in.exec(providers_sql))
        to.providers.push_back({{text(r["id"])},
                                r["workers"].as<int>(),
                                r["offers"].as<std::int64_t>(),
                                maybe_time(r["replied"])});
}

void read_complaints(pqxx::work& in, app::coverage_picture& to) {
    for (auto const& r : in.exec(complaints_sql))
        to.complaints.push_back(
            {record_id<domain::complaint_id>(r["id"]), {text(r["area"])}, time(r["due_at"])});
}

void read_pauses(pqxx::work& in, domain::instant now, app::coverage_picture& to) {
    for (auto const& r : in.exec_params(pauses_sql, microseconds(now)))
        to.pauses.push_back(
            {{text(r["id"])}, {text(r["area"])}, time(r["moved"]), r["days"].as<int>()});
}

std::vector<app::time_range> hours_of(std::string const& words) {
    std::vector<app::time_range> all;
    std::size_t at = 0;
    auto const next = [&] {
        auto const end = words.find(' ', at);
        auto const n = std::stoll(words.substr(at, end - at));
        at = end == std::string::npos ? words.size() : end + 1;
        return domain::instant(domain::duration(n));
    };
    while (at < words.size()) {
        auto const from = next();
        all.push_back({from, next()});
    }
    return all;
}

app::coverage_gap gap_of(pqxx::row const& r) {
    return {word<app::gap_reason>(r["reason"]),
            text(r["subject"]),
            {text(r["area"])},
            {word<app::mender_kind>(r["mender_kind"]), text(r["mender"])},
            r["figure"].as<int>(),
            maybe_time(r["since"]),
            hours_of(text(r["hours"]))};
}

std::string hours_literal(app::coverage_gap const& gap) {
    column hours;
    for (auto const& each : gap.hours)
        hours.time(each.from).time(each.until);
    return hours.literal();
}

void write_gaps(pqxx::work& in, app::coverage_report const& report) {
    column places, reasons, subjects, areas, kinds, menders, figures, since, hours;
    std::int64_t place = 0;
    for (auto const& g : report.gaps) {
        places.number(++place);
        reasons.text(domain::to_text(g.why));
        subjects.text(g.subject);
        areas.text(g.area.value);
        kinds.text(domain::to_text(g.who.kind));
        menders.text(g.who.id);
        figures.number(g.figure);
        since.time(g.since);
        hours.text(hours_literal(g));
    }
    in.exec_params("insert into coverage_gap (day, place, reason, subject, area, mender_kind, "
                   "mender, figure, since, hours) select $1::date, n.place, n.reason, n.subject, "
                   "n.area, n.kind, n.mender, n.figure, instant_of(n.since), n.hours::bigint[] "
                   "from unnest($2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], "
                   "$7::text[], $8::integer[], $9::bigint[], $10::text[]) "
                   "as n(place, reason, subject, area, kind, mender, figure, since, hours)",
                   date_text(report.day), places.literal(), reasons.literal(), subjects.literal(),
                   areas.literal(), kinds.literal(), menders.literal(), figures.literal(),
                   since.literal(), hours.literal());
}

} // namespace

app::coverage_picture read_coverage(std::string const& url, domain::instant now,
                                    coverage_progress const& progress) {
    app::coverage_picture seen;
    std::size_t done = 0;
    constexpr std::size_t steps = 5;
    auto const step = [&] {
        if (progress) progress(done++, steps);
    };
    step();
    auto on = open_for_reading(url);
    seen.known = read_registry(*on);
    std::erase_if(seen.known.workers, [](auto const& each) { return each.synthetic; });
    pqxx::work in(*on);
    in.exec("set transaction isolation level repeatable read, read only");
    step();
    read_homes(in, seen);
    step();
    read_residents(in, seen);
    step();
    read_devices(in, now, seen);
    step();
    read_providers(in, seen);
    read_complaints(in, seen);
    read_pauses(in, now, seen);
    seen.has_synthetic = in.exec1(synthetic_sql)[0].as<bool>();
    in.commit();
    step();
    return seen;
}

void keep_report(std::string const& url, app::coverage_report const& report,
                 std::chrono::days keep) {
    auto on = open_for_reading(url);
    pqxx::work in(*on);
    in.exec_params("delete from coverage_report where day = $1::date or day < $2::date",
                   date_text(report.day), date_text(report.day - keep));
    in.exec_params("insert into coverage_report (day, made_at, residents, homes, devices, "
                   "providers, workers) values ($1::date, instant_of($2::bigint), $3, $4, $5, $6, "
                   "$7)",
                   date_text(report.day), microseconds(report.made_at), report.residents,
                   report.homes, report.devices, report.providers, report.workers);
    write_gaps(in, report);
    in.commit();
}

std::optional<app::coverage_report> report_of(std::string const& url, std::chrono::sys_days local) {
    auto on = open_for_reading(url);
    pqxx::work in(*on);
    auto const rows = in.exec_params("select *, microseconds_of(made_at) as at from "
                                     "coverage_report where day = $1::date",
                                     date_text(local));
    if (rows.empty()) return std::nullopt;
    auto const& r = rows[0];
    app::coverage_report kept;
    kept.day = local;
    kept.made_at = time(r["at"]);
    kept.residents = r["residents"].as<int>();
    kept.homes = r["homes"].as<int>();
    kept.devices = r["devices"].as<int>();
    kept.providers = r["providers"].as<int>();
    kept.workers = r["workers"].as<int>();
    for (auto const& g : in.exec_params(gaps_sql, date_text(local)))
        kept.gaps.push_back(gap_of(g));
    return kept;
}

std::optional<domain::instant> last_report(std::string const& url) {
    auto on = open_for_reading(url);
    pqxx::work in(*on);
    return maybe_time(
        in.exec1("select microseconds_of(max(made_at)) as at from coverage_report")["at"]);
}

} // namespace linli::postgres
