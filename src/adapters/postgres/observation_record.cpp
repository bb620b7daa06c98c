#include "adapters/postgres/observation_record.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

// Nobody is registered in a home: then whoever is there is meant.
constexpr auto devices_sql = R"(
    select d.id, d.resident, d.home,
           case when d.resident is not null then r.status = 'present'
                else not exists (select from resident x where x.home = d.home)
                  or exists (select from resident x
                             where x.home = d.home and x.status = 'present') end as present
    from device d left join resident r on r.id = d.resident
    where d.id = any ($1::text[]) and num_nonnulls(d.resident, d.home) = 1)";

constexpr auto heirs_sql = R"(
    select distinct on (resident, home) id from device
    where (resident = any ($1::text[]) and kind in ('watch', 'band', 'other'))
       or (home = any ($2::text[]) and kind in ('infrared', 'door', 'other'))
    order by resident, home, id)";

constexpr auto limits_sql = R"(
    select resident, code, low, high, lasting_s from vital_limit
    where resident = any ($1::text[]) order by resident, code)";

constexpr auto zones_sql = R"(
    select resident, name, kind, shape from zone
    where resident = any ($1::text[]) order by resident, name)";

constexpr auto silences_sql = R"(
    select home, from_minute, until_minute, longest_min from silence_limit
    where home = any ($1::text[]) order by home, from_minute)";

constexpr auto row_columns = R"(
    select subject, rule, device, told, microseconds_of(since) as since,
           microseconds_of(last_at) as last_at, value, latitude, longitude, accuracy_m, source,
           microseconds_of(due_at) as due_at, version, microseconds_of(began_at) as began_at,
           microseconds_of(again_at) as again_at from dwell )";

constexpr auto next_sql = R"(
    select microseconds_of(min(due_at)) as next from dwell
    where due_at > instant_of($1::bigint) and ($2::boolean or rule <> 'silence'))";

// Their due times stay: then they are looked at, and found to be due later. What was put off until
// some time is put off from there, so that each moment counts once, however often this is done. In
// portions, by the subjects upwards: a whole city's silences at once outlast what one statement
// may.
constexpr auto unheard_sql = R"(
    with ran as (
        select subject from dwell
        where rule = 'silence' and subject > $3::text
          and since < greatest(instant_of($1::bigint), unheard_until)
          and coalesce(unheard_until < instant_of($2::bigint), true)
        order by subject limit 5000
    ), shorter as (
        update dwell d set unheard_until = instant_of($2::bigint), version = d.version + 1,
            since = d.since + (instant_of($2::bigint)
                               - greatest(instant_of($1::bigint), d.unheard_until))
        from ran
        where d.subject = ran.subject and d.rule = 'silence'
          and d.since < greatest(instant_of($1::bigint), d.unheard_until)
          and coalesce(d.unheard_until < instant_of($2::bigint), true)
        returning 1
    )
    select coalesce(max(subject), '') as last from ran)";

constexpr auto deaf_since_sql = R"(
    select microseconds_of(min(since)) as since from outage
    where kind = 'broker' and coalesce(ended >= instant_of($1::bigint), true))";

constexpr auto keep_sql = R"(
    with told as (
        select * from unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::bigint[],
            $6::bigint[], $7::double precision[], $8::double precision[], $9::double precision[],
            $10::real[], $11::smallint[], $12::bigint[], $13::integer[], $14::bigint[],
            $15::bigint[])
        as t(subject, rule, device, told, since, last_at, value, latitude, longitude, accuracy_m,
             source, due_at, version, began_at, again_at)
    ), changed as (
        update dwell d set device = t.device, told = t.told, since = instant_of(t.since),
            last_at = instant_of(t.last_at), value = t.value, latitude = t.latitude,
            longitude = t.longitude, accuracy_m = t.accuracy_m, source = t.source,
            due_at = instant_of(t.due_at), version = t.version + 1,
            began_at = instant_of(t.began_at), again_at = instant_of(t.again_at)
        from told t
        where t.version > 0 and d.subject = t.subject and d.rule = t.rule
          and d.version = t.version
        returning 1
    ), added as (
        insert into dwell (subject, rule, device, told, since, last_at, value, latitude, longitude,
            accuracy_m, source, due_at, version, began_at, again_at)
        select subject, rule, device, told, instant_of(since), instant_of(last_at), value,
            latitude, longitude, accuracy_m, source, instant_of(due_at), 1, instant_of(began_at),
            instant_of(again_at)
        from told where version = 0
        returning 1
    )
    select expect_rows((select count(*) from changed) + (select count(*) from added),
                       (select count(*) from told)))";

void prepare(pqxx::connection& on) {
    on.prepare("observed_devices", devices_sql);
    on.prepare("heirs", heirs_sql);
    on.prepare("observed_limits", limits_sql);
    on.prepare("observed_zones", zones_sql);
    on.prepare("observed_silences", silences_sql);
    on.prepare("observed_rows", std::string(row_columns) +
                                    "where subject = any ($1::text[]) order by subject, rule");
    on.prepare("due_rows", std::string(row_columns) +
                               "where due_at <= instant_of($1::bigint) and ($3::boolean or rule "
                               "<> 'silence') order by due_at, subject, rule limit $2::integer");
    on.prepare("unheard", unheard_sql);
    on.prepare("deaf_since", deaf_since_sql);
    on.prepare("next_due_row", next_sql);
    on.prepare("keep_rows", keep_sql);
}

template <class T>
std::optional<T> maybe(pqxx::field const& f) {
    if (f.is_null()) return std::nullopt;
    return f.as<T>();
}

domain::dwell row_of(pqxx::row const& r) {
    domain::dwell d;
    d.about = domain::parse_subject(text(r["subject"])).value();
    d.rule = text(r["rule"]);
    d.device = {text(r["device"])};
    d.told = r["told"].as<bool>();
    d.since = maybe_time(r["since"]);
    d.last_at = time(r["last_at"]);
    d.value = r["value"].as<double>();
    if (!r["latitude"].is_null())
        d.place = {r["latitude"].as<double>(), r["longitude"].as<double>(),
                   r["accuracy_m"].as<double>(),
                   static_cast<domain::position_source>(r["source"].as<int>())};
    d.due_at = maybe_time(r["due_at"]);
    d.version = r["version"].as<std::uint32_t>();
    d.began_at = maybe_time(r["began_at"]);
    d.again_at = maybe_time(r["again_at"]);
    return d;
}

std::optional<domain::vital_sign> vital_sign_of(int code) {
    for (auto const& [what, name] : domain::names<domain::vital_sign>::table)
        if (domain::loinc_of(what).starts_with(std::to_string(code) + '-')) return what;
    return std::nullopt;
}

// One answer for all devices: whom they tell of, then what is agreed for these.
class reading {
public:
    reading(pqxx::connection& on, std::vector<domain::device_id> const& devices) : in_(on) {
        std::vector<std::string> ids;
        for (auto const& each : devices)
            ids.push_back(each.value);
        read_devices(ids);
        auto const residents = array_literal(residents_);
        read_limits(residents);
        read_zones(residents);
        read_silences();
        for (auto const& r : in_.exec_prepared("observed_rows", array_literal(subjects_)))
            all_.rows.push_back(row_of(r));
    }

    app::observed take() && { return std::move(all_); }

private:
    void read_devices(std::vector<std::string> const& ids) {
        for (auto const& r : in_.exec_prepared("observed_devices", array_literal(ids))) {
            domain::care of;
            of.device = {text(r["id"])};
            bool const worn = !r["resident"].is_null();
            of.about = {worn ? domain::subject_kind::resident : domain::subject_kind::home,
                        text(r[worn ? "resident" : "home"])};
            of.is_present = r["present"].as<bool>();
            (worn ? residents_ : homes_).insert(of.about.id);
            subjects_.insert(to_string(of.about));
            all_.devices.emplace(of.device, std::move(of));
        }
    }

    template <class Add>
    void each_of(domain::subject_kind kind, std::string const& id, Add add) {
        for (auto& [device, of] : all_.devices)
            if (of.about.kind == kind && of.about.id == id) add(of);
    }

    void read_limits(std::string const& residents) {
        for (auto const& r : in_.exec_prepared("observed_limits", residents)) {
            auto const what = vital_sign_of(r["code"].as<int>());
            if (!what) continue;
            domain::own_limit limit{*what, maybe<double>(r["low"]), maybe<double>(r["high"]), {}};
            if (!r["lasting_s"].is_null())
                limit.lasting = domain::seconds(r["lasting_s"].as<int>());
            each_of(domain::subject_kind::resident, text(r["resident"]),
                    [&](domain::care& of) { of.limits.push_back(limit); });
        }
    }

    void read_zones(std::string const& residents) {
        for (auto const& r : in_.exec_prepared("observed_zones", residents)) {
            domain::zone const zone{text(r["name"]), word<domain::zone_kind>(r["kind"]),
                                    text(r["shape"])};
            each_of(domain::subject_kind::resident, text(r["resident"]),
                    [&](domain::care& of) { of.zones.push_back(zone); });
        }
    }

    void read_silences() {
        for (auto const& r : in_.exec_prepared("observed_silences", array_literal(homes_))) {
            domain::day_part const part{r["from_minute"].as<int>(), r["until_minute"].as<int>(),
                                        domain::minutes(r["longest_min"].as<int>())};
            each_of(domain::subject_kind::home, text(r["home"]),
                    [&](domain::care& of) { of.parts.push_back(part); });
        }
    }

    pqxx::nontransaction in_;
    std::set<std::string> residents_;
    std::set<std::string> homes_;
    std::set<std::string> subjects_;
    app::observed all_;
};

std::vector<domain::device_id> heirs_of(pqxx::connection& on,
                                        std::vector<domain::subject> const& about) {
    std::vector<std::string> residents;
    std::vector<std::string> homes;
    for (auto const& each : about) {
        if (each.kind == domain::subject_kind::resident) residents.push_back(each.id);
        if (each.kind == domain::subject_kind::home) homes.push_back(each.id);
    }
    pqxx::nontransaction in(on);
    std::vector<domain::device_id> all;
    for (auto const& r : in.exec_prepared("heirs", array_literal(residents), array_literal(homes)))
        all.push_back({text(r["id"])});
    return all;
}

app::due_dwells due_of(pqxx::connection& on, domain::instant now, int limit, app::due_rules rules) {
    bool const all = rules == app::due_rules::all;
    pqxx::nontransaction in(on);
    app::due_dwells due;
    for (auto const& r : in.exec_prepared("due_rows", microseconds(now), limit, all))
        due.rows.push_back(row_of(r));
    due.next = maybe_time(in.exec_prepared1("next_due_row", microseconds(now), all)["next"]);
    return due;
}

using columns = std::array<column, 15>;

void put(columns& c, domain::dwell const& d) {
    c[0].text(to_string(d.about));
    c[1].text(d.rule);
    c[2].text(d.device.value);
    c[3].flag(d.told);
    c[4].time(d.since);
    c[5].time(d.last_at);
    c[6].real(d.value);
    if (d.place) {
        constexpr double whole_earth_m = 4e7; // real can't hold all of double
        c[7].real(d.place->latitude);
        c[8].real(d.place->longitude);
        c[9].real(std::min(d.place->accuracy_m, whole_earth_m));
        c[10].number(static_cast<int>(d.place->source));
    } else {
        for (std::size_t at = 7; at <= 10; ++at)
            c.at(at).null();
    }
    c[11].time(d.due_at);
    c[12].number(d.version);
    c[13].time(d.began_at);
    c[14].time(d.again_at);
}

void write(pqxx::connection& on, std::vector<domain::dwell> const& rows) {
    columns c;
    for (auto const& each : rows)
        put(c, each);
    pqxx::nontransaction in(on);
    in.exec_prepared("keep_rows", c[0].literal(), c[1].literal(), c[2].literal(), c[3].literal(),
                     c[4].literal(), c[5].literal(), c[6].literal(), c[7].literal(), c[8].literal(),
                     c[9].literal(), c[10].literal(), c[11].literal(), c[12].literal(),
                     c[13].literal(), c[14].literal());
}

class observation_on_postgres final : public observation_database {
public:
    explicit observation_on_postgres(std::string url) : database_(std::move(url), 1, prepare) {}

    runtime::task<app::record_result<app::observed>>
    read(std::vector<domain::device_id> const& devices) override {
        auto work = [&devices](pqxx::connection& on) { return reading(on, devices).take(); };
        auto done = co_await database_.ask<app::observed>("observed", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::vector<domain::device_id>>>
    heirs(std::vector<domain::subject> const& about) override {
        auto work = [&about](pqxx::connection& on) { return heirs_of(on, about); };
        auto done =
            co_await database_.ask<std::vector<domain::device_id>>("heirs", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<app::due_dwells>> due(domain::instant now, int limit,
                                                           app::due_rules of) override {
        auto work = [now, limit, of](pqxx::connection& on) { return due_of(on, now, limit, of); };
        auto done = co_await database_.ask<app::due_dwells>("due_rows", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<void>> unheard(domain::instant from,
                                                    domain::instant until) override {
        std::string after;
        for (;;) {
            auto work = [from, until, after](pqxx::connection& on) {
                pqxx::nontransaction in(on);
                return text(in.exec_prepared1("unheard", microseconds(from), microseconds(until),
                                              after)["last"]);
            };
            auto last = co_await database_.ask<std::string>("unheard", std::move(work));
            if (!last) co_return last.error();
            if (last->empty()) co_return app::record_result<void>();
            after = std::move(*last);
        }
    }

    runtime::task<app::record_result<std::optional<domain::instant>>>
    deaf_since(domain::instant then) override {
        using found = std::optional<domain::instant>;
        auto work = [then](pqxx::connection& on) {
            pqxx::nontransaction in(on);
            return maybe_time(in.exec_prepared1("deaf_since", microseconds(then))["since"]);
        };
        auto done = co_await database_.ask<found>("deaf_since", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<void>> keep(std::vector<domain::dwell> const& rows) override {
        auto work = [&rows](pqxx::connection& on) { write(on, rows); };
        auto done = co_await database_.tell("keep_rows", std::move(work));
        co_return done;
    }

    void stop() override { database_.stop(); }

private:
    database_threads database_;
};

} // namespace

std::unique_ptr<observation_database> open_observation(std::string url) {
    return std::make_unique<observation_on_postgres>(std::move(url));
}

} // namespace linli::postgres
