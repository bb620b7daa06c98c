// Devices' health as the supervision reads and writes it.
#include "adapters/postgres/health_rows.hpp"

#include <string>
#include <unordered_map>

#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

// Whole sets of them by their ids, so that a city of millions costs no statement that is long.
constexpr auto devices_sql = R"(
    select d.id, d.kind, h.area, s.known_since is not null as known,
           microseconds_of(s.known_since) as known_since, microseconds_of(s.heard_at) as heard_at,
           microseconds_of(s.pressed_at) as pressed_at, s.at_broker,
           microseconds_of(s.broker_said_at) as broker_said_at, s.battery,
           microseconds_of(s.battery_at) as battery_at, s.door
    from device d left join resident r on r.id = d.resident
    join home h on h.id = coalesce(d.home, r.home)
    left join device_health s on s.device = d.id
    where coalesce(r.status, '') not in ('moved', 'deceased_confirmed')
        and not coalesce(r.synthetic, false) and )";

constexpr auto open_sql = "select device, kind, microseconds_of(since) as since, outage "
                          "from maintenance where ended_at is null and device = any($1::text[])";

constexpr auto done_sql = "select device, kind, microseconds_of(max(ended_at)) as at "
                          "from maintenance where ended_by <> '' and device = any($1::text[]) "
                          "group by device, kind";

constexpr auto edit_sql = "select coalesce(max(id), 0) as edit from registry_edit";

// An import has one line a sheet, whatever it changed in it.
constexpr auto news_sql = R"(
    select coalesce(max(id), $1::bigint) as edit,
           coalesce(bool_or(sheet = 'areas'), false) as areas,
           coalesce(bool_or(how = 'import' and sheet in ('homes', 'residents', 'devices')), false)
               as is_import
    from registry_edit where id > $1::bigint)";

constexpr auto changed_sql = R"(
    with edited as (select sheet, key from registry_edit
                    where id > $1::bigint and id <= $2::bigint and how = 'page')
    select key as id from edited where sheet = 'devices'
    union select d.id from edited join device d on d.resident = key where sheet = 'residents'
    union select d.id from edited join device d on d.home = key where sheet = 'homes'
    union select d.id from edited join resident r on r.home = key
                      join device d on d.resident = r.id where sheet = 'homes')";

constexpr auto mended_sql =
    "select device, kind, microseconds_of(ended_at) as at from maintenance "
    "where ended_by <> '' and ended_at >= instant_of($1::bigint) order by ended_at";

constexpr auto outages_sql = "select id, kind, area, microseconds_of(since) as since, devices "
                             "from outage where ended is null order by since";

constexpr auto keep_devices_sql = R"(
    insert into device_health as s (device, known_since, heard_at, pressed_at, at_broker,
        broker_said_at, battery, battery_at, door)
    select device, instant_of(known_since), instant_of(heard_at), instant_of(pressed_at),
        at_broker, instant_of(broker_said_at), battery, instant_of(battery_at), door
    from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[],
        $7::smallint[], $8::bigint[], $9::text[])
        as t(device, known_since, heard_at, pressed_at, at_broker, broker_said_at, battery,
             battery_at, door)
    on conflict (device) do update set heard_at = excluded.heard_at,
        pressed_at = excluded.pressed_at, at_broker = excluded.at_broker,
        broker_said_at = excluded.broker_said_at, battery = excluded.battery,
        battery_at = excluded.battery_at, door = excluded.door)";

constexpr auto keep_outages_sql = R"(
    insert into outage (id, kind, area, since, ended, devices)
    select id, kind, area, instant_of(since), instant_of(ended), devices
    from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::integer[])
        as t(id, kind, area, since, ended, devices)
    on conflict (id) do update set area = excluded.area, ended = excluded.ended,
        devices = excluded.devices)";

// Written twice it is one entry, also when it has ended in between.
constexpr auto begin_sql = R"(
    insert into maintenance as m (device, kind, event, since, last_at, times, outage)
    select device, kind, '', instant_of(since), instant_of(since), 1, outage
    from unnest($1::text[], $2::text[], $3::bigint[], $4::uuid[]) as t(device, kind, since, outage)
    where not exists (select from maintenance k where k.device = t.device and k.kind = t.kind
                      and k.since = instant_of(t.since))
    on conflict (device, kind) where ended_at is null
        do update set outage = coalesce(excluded.outage, m.outage))";

constexpr auto end_sql = R"(
    update maintenance m set ended_at = instant_of(t.ended)
    from unnest($1::text[], $2::text[], $3::bigint[]) as t(device, kind, ended)
    where m.device = t.device and m.kind = t.kind and m.ended_at is null)";

constexpr auto move_sql = R"(
    update maintenance m set outage = t.outage
    from unnest($1::text[], $2::uuid[]) as t(device, outage)
    where m.device = t.device and m.kind = 'offline' and m.ended_at is null)";

constexpr auto mend_sql = R"(
    update maintenance set ended_at = instant_of($3::bigint), ended_by = $4
    where device = $1 and kind = $2 and ended_at is null)";

std::optional<domain::trouble> trouble_in(pqxx::row const& r) {
    return domain::from_text<domain::trouble>(r["kind"].c_str());
}

domain::device_health health_of(pqxx::row const& r) {
    domain::device_health h;
    h.known_since = time(r["known_since"]);
    h.heard_at = maybe_time(r["heard_at"]);
    h.pressed_at = maybe_time(r["pressed_at"]);
    h.at_broker = word<domain::broker_word>(r["at_broker"]);
    h.broker_said_at = time(r["broker_said_at"]);
    if (!r["battery"].is_null()) h.battery_percent = r["battery"].as<int>();
    h.battery_at = time(r["battery_at"]);
    return h;
}

using places = std::unordered_map<std::string, std::size_t>; // by device

places take_devices(pqxx::result const& rows, std::vector<app::supervised_device>& to) {
    places at;
    to.reserve(static_cast<std::size_t>(rows.size()));
    for (auto const& r : rows) {
        app::supervised_device d{{text(r["id"])}, text(r["kind"]), {text(r["area"])}, {}, {}, {}};
        if (r["known"].as<bool>()) {
            d.door = text(r["door"]);
            d.health = health_of(r);
        }
        at[d.id.value] = to.size();
        to.push_back(std::move(d));
    }
    return at;
}

void read_entries(pqxx::work& in, places const& at, std::vector<app::supervised_device>& to) {
    column ids;
    for (auto const& [id, place] : at)
        ids.text(id);
    for (auto const& r : in.exec_prepared("health_open", ids.literal())) {
        auto const what = trouble_in(r);
        if (!what) continue;
        auto& d = to[at.at(text(r["device"]))];
        d.health.open[static_cast<std::size_t>(*what)] = time(r["since"]);
        if (*what == domain::trouble::offline)
            d.outage = maybe_record_id<domain::outage_id>(r["outage"]);
    }
    for (auto const& r : in.exec_prepared("health_done", ids.literal())) {
        auto const what = trouble_in(r);
        if (!what) continue;
        to[at.at(text(r["device"]))].health.done[static_cast<std::size_t>(*what)] = time(r["at"]);
    }
}

void keep_devices(pqxx::work& in, app::health_changes const& what) {
    std::array<column, 9> c;
    for (auto const& d : what.devices) {
        auto const& h = d.health;
        c[0].text(d.id.value);
        c[1].time(h.known_since);
        c[2].time(h.heard_at);
        c[3].time(h.pressed_at);
        c[4].text(to_text(h.at_broker));
        c[5].time(h.broker_said_at);
        h.battery_percent ? c[6].number(*h.battery_percent) : c[6].null();
        c[7].time(h.battery_at);
        c[8].text(d.door);
    }
    in.exec_prepared("health_keep_devices", c[0].literal(), c[1].literal(), c[2].literal(),
                     c[3].literal(), c[4].literal(), c[5].literal(), c[6].literal(), c[7].literal(),
                     c[8].literal());
}

void keep_outages(pqxx::work& in, app::health_changes const& what) {
    std::array<column, 6> c;
    for (auto const& o : what.outages) {
        c[0].id(o.id);
        c[1].text(to_text(o.kind));
        c[2].text(o.area.value);
        c[3].time(o.since);
        c[4].time(o.ended);
        c[5].number(o.devices);
    }
    in.exec_prepared("health_keep_outages", c[0].literal(), c[1].literal(), c[2].literal(),
                     c[3].literal(), c[4].literal(), c[5].literal());
}

void keep_troubles(pqxx::work& in, app::health_changes const& what) {
    std::array<column, 4> begun;
    std::array<column, 3> ended;
    for (auto const& [device, change, outage] : what.troubles) {
        if (change.ended) {
            ended[0].text(device.value);
            ended[1].text(to_text(change.what));
            ended[2].time(*change.ended);
        } else {
            begun[0].text(device.value);
            begun[1].text(to_text(change.what));
            begun[2].time(change.since);
            begun[3].id(outage);
        }
    }
    // One that ends and begins anew within one batch is open afterwards.
    in.exec_prepared("health_end", ended[0].literal(), ended[1].literal(), ended[2].literal());
    in.exec_prepared("health_begin", begun[0].literal(), begun[1].literal(), begun[2].literal(),
                     begun[3].literal());
}

void keep_moved(pqxx::work& in, app::health_changes const& what) {
    std::array<column, 2> c;
    for (auto const& [device, outage] : what.moved) {
        c[0].text(device.value);
        c[1].id(outage);
    }
    in.exec_prepared("health_move", c[0].literal(), c[1].literal());
}

} // namespace

void prepare_health(pqxx::connection& on) {
    on.prepare("health_devices_after",
               devices_sql + std::string("d.id > $1 order by d.id limit $2"));
    on.prepare("health_devices_among", devices_sql + std::string("d.id = any($1::text[])"));
    on.prepare("health_edit", edit_sql);
    on.prepare("health_news", news_sql);
    on.prepare("health_changed", changed_sql);
    on.prepare("health_open", open_sql);
    on.prepare("health_done", done_sql);
    on.prepare("health_mended", mended_sql);
    on.prepare("health_outages", outages_sql);
    on.prepare("health_keep_devices", keep_devices_sql);
    on.prepare("health_keep_outages", keep_outages_sql);
    on.prepare("health_begin", begin_sql);
    on.prepare("health_end", end_sql);
    on.prepare("health_move", move_sql);
    on.prepare("health_mend", mend_sql);
}

app::health_frame read_health_frame(pqxx::connection& from) {
    pqxx::work in(from);
    app::health_frame frame;
    frame.edit = in.exec_prepared1("health_edit")["edit"].as<std::int64_t>();
    for (auto const& r : in.exec_prepared("health_outages"))
        frame.outages.push_back({record_id<domain::outage_id>(r["id"]),
                                 word<domain::outage_kind>(r["kind"]),
                                 {text(r["area"])},
                                 time(r["since"]),
                                 std::nullopt,
                                 r["devices"].as<int>()});
    for (auto const& r : in.exec("select code, parent from area where parent is not null"))
        frame.parents[{text(r["code"])}] = {text(r["parent"])};
    in.commit();
    return frame;
}

std::vector<app::supervised_device>
read_devices_after(pqxx::connection& from, domain::device_id const& last, std::size_t most) {
    pqxx::work in(from);
    std::vector<app::supervised_device> all;
    auto const rows =
        in.exec_prepared("health_devices_after", last.value, static_cast<std::int64_t>(most));
    read_entries(in, take_devices(rows, all), all);
    in.commit();
    return all;
}

std::vector<app::supervised_device> read_devices_among(pqxx::connection& from,
                                                       std::vector<domain::device_id> const& ids) {
    pqxx::work in(from);
    std::vector<app::supervised_device> all;
    column wanted;
    for (auto const& each : ids)
        wanted.text(each.value);
    auto const rows = in.exec_prepared("health_devices_among", wanted.literal());
    read_entries(in, take_devices(rows, all), all);
    in.commit();
    return all;
}

app::registry_news read_news(pqxx::connection& from, std::int64_t edit) {
    pqxx::work in(from);
    auto const r = in.exec_prepared1("health_news", edit);
    app::registry_news news{
        r["edit"].as<std::int64_t>(), r["is_import"].as<bool>(), r["areas"].as<bool>(), {}};
    if (news.edit == edit || news.is_import) return news;
    for (auto const& each : in.exec_prepared("health_changed", edit, news.edit))
        news.devices.push_back({text(each["id"])});
    in.commit();
    return news;
}

void write_health(pqxx::connection& to, app::health_changes const& what) {
    pqxx::work in(to);
    if (!what.outages.empty()) keep_outages(in, what);
    if (!what.devices.empty()) keep_devices(in, what);
    if (!what.troubles.empty()) keep_troubles(in, what);
    if (!what.moved.empty()) keep_moved(in, what);
    in.commit();
}

std::vector<app::mended> read_mended(pqxx::connection& from, domain::instant since) {
    pqxx::nontransaction in(from);
    std::vector<app::mended> all;
    for (auto const& r : in.exec_prepared("health_mended", microseconds(since)))
        if (auto const what = trouble_in(r))
            all.push_back({{text(r["device"])}, *what, time(r["at"])});
    return all;
}

bool mend(pqxx::connection& on, app::mended const& what, std::string const& who) {
    pqxx::nontransaction in(on);
    auto const done = in.exec_prepared("health_mend", what.device.value,
                                       std::string(to_text(what.what)), microseconds(what.at), who);
    return done.affected_rows() > 0;
}

} // namespace linli::postgres
