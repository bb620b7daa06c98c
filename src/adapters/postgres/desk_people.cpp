#include "adapters/postgres/desk_people.hpp"

#include <map>
#include <utility>

#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/postgres/who_lives_there.hpp"
#include "domain/device_health.hpp"
#include "domain/telemetry.hpp"

namespace linli::postgres {

namespace {

#define LINLI_RESIDENT_COLUMNS                                                                     \
    "select r.id, r.home, r.status, r.high_risk, r.synthetic, r.data_key, r.personal from "        \
    "resident r "

constexpr auto residents_sql = LINLI_RESIDENT_COLUMNS
    "where r.id = $1 or r.home = $2 and" LINLI_STILL_THERE("r") "order by r.id limit 20";
// What is over is about those who lived there when it began, wherever they live now.
constexpr auto residents_then_sql = LINLI_RESIDENT_COLUMNS
    "where r.id = $1 or r.id = any (array(select s.resident from stay s where s.home = $2 "
    "and" LINLI_LIVED_THERE("instant_of($3::bigint)") ")) order by r.id limit 20";

// What seals words that are about nobody alone: the home's, and the house's.
constexpr auto other_keys_sql = R"(
    select data_key from home where id = $1 and data_key is not null
    union all select data_key from house_key)";

// `reached` holds for the number that was tried, not for one that came after; by one channel is
// reached.
constexpr auto contacts_sql = R"(
    select c.resident, c.place, c.relation, c.personal,
           array_to_string(c.channels, ' ') as channels, c.quiet_from, c.quiet_until,
           c.do_not_tell, c.language, t.state
    from contact c left join lateral (
        select k.state from contact_trial k where k.resident = c.resident and k.place = c.place
            and k.phone_hmac is not distinct from c.phone_hmac
        order by k.state = 'failed', k.tried_at desc limit 1) t on true
    where c.resident = any ($1::text[]) order by c.resident, c.place)";

// The nearest area upwards that names a site is served by it.
constexpr auto home_sql = R"(
    select h.id, h.area, h.rough_place, h.latitude, h.longitude, h.data_key, h.personal,
           array_to_string(h.flags, ' ') as flags,
           h.address_verified - date '1970-01-01' as verified,
           h.address_verified_by, h.key_holder, h.key_tested - date '1970-01-01' as tested,
           s.id as site, s.name as site_name
    from home h left join area ar on ar.code = h.area
    left join lateral (
        select t.id, t.name from site_area sa join site t on t.id = sa.site
        where sa.area = any (string_to_array(ar.path::text, '.'))
        order by array_position(string_to_array(ar.path::text, '.'), sa.area) desc
        limit 1) s on true
    where h.id = $1)";

constexpr auto device_sql = R"(
    select x.id, d.kind, d.resident, d.home, d.worker, s.battery,
           microseconds_of(greatest(s.heard_at, (select max(n.received_at) from signal n
               where n.device = x.id and n.door <> 'observation'))) as heard_at,
           -- health writes a beat down a while later, and the house's word is not the device's
           f.latitude, f.longitude,
           (select string_agg(m.kind, ' ' order by m.since, m.kind) from maintenance m
            where m.device = x.id and m.ended_at is null) as troubles
    from (select $1::text as id) x left join device d on d.id = x.id
    left join device_health s on s.device = x.id
    left join lateral (
        select l.latitude, l.longitude
        from (select n.latitude, n.longitude, n.received_at from signal n where n.device = x.id
              order by n.received_at desc limit 20) l
        where l.latitude is not null and l.longitude is not null
        order by l.received_at desc limit 1) f on true)";

// A device whose clock is ahead has measured when we heard of it.
constexpr auto readings_sql = R"(
    select distinct on (m.resident, m.code) m.resident, m.code, m.value, m.at
    from (select d.resident, v.code, v.value,
                 least(coalesce(v.at, microseconds_of(t.received_at)),
                       microseconds_of(t.received_at)) as at
          from device d join telemetry t on t.device = d.id,
               unnest(t.vital_at, t.vital_code, t.vital_value) as v(at, code, value)
          where d.resident = any ($1::text[])
            and t.day >= ((instant_of($2::bigint) at time zone 'UTC')::date)) m
    where m.at >= $2::bigint order by m.resident, m.code, m.at desc)";

template <class Personal>
Personal by_own_key(key_ring const& keys, std::string const& key, pqxx::field const& sealed) {
    if (key.empty() || sealed.is_null()) return {};
    auto const plain = keys.open_for(key, Personal::sealed_for, bytes(sealed));
    return plain ? from_json<Personal>(*plain) : Personal{};
}

std::optional<std::chrono::sys_days> maybe_day(pqxx::field const& f) {
    if (f.is_null()) return std::nullopt;
    return std::chrono::sys_days(std::chrono::days(f.as<int>()));
}

std::vector<domain::channel> channels_of(std::string const& text) {
    std::vector<domain::channel> all;
    for (auto const& each : words_of(text))
        if (auto const by = domain::from_text<domain::channel>(each)) all.push_back(*by);
    return all;
}

domain::subject const& about(app::work_line const& line) {
    return line.alert ? line.alert->about : line.request->about;
}
domain::home_id const& home_of(app::work_line const& line) {
    return line.alert ? line.alert->home : line.request->home;
}

// Where nobody is identified, everybody at home. A worker's own button is about none of them.
std::string everybody_at(app::work_line const& line) {
    auto const kind = about(line).kind;
    if (!resident_of(line).empty() || kind == domain::subject_kind::worker) return {};
    return home_of(line).value;
}

struct known_resident {
    std::string key;
    app::resident_seen* seen = nullptr;
};
using residents_by_id = std::map<std::string, known_resident>;

app::resident_row resident_row_of(key_ring const& keys, pqxx::row const& r) {
    auto words = by_own_key<resident_personal>(keys, bytes(r["data_key"]), r["personal"]);
    app::resident_row row;
    row.id = {text(r["id"])};
    row.home = {text(r["home"])};
    row.name = std::move(words.name);
    row.phone = std::move(words.phone);
    row.id_number = std::move(words.id_number);
    row.notes = std::move(words.notes);
    row.status = text(r["status"]);
    row.high_risk = r["high_risk"].as<bool>();
    row.synthetic = r["synthetic"].as<bool>();
    return row;
}

pqxx::result found_residents(pqxx::transaction_base& in, app::work_line const& line) {
    auto const who = resident_of(line);
    auto const home = everybody_at(line);
    if (line.is_open()) return in.exec_prepared("card_residents", who, home);
    return in.exec_prepared("card_residents_then", who, home, microseconds(line.opened_at()));
}

residents_by_id add_residents(pqxx::transaction_base& in, key_ring const& keys,
                              app::alert_card& card) {
    residents_by_id all;
    auto const found = found_residents(in, card.line);
    for (auto const& r : found)
        card.residents.push_back({resident_row_of(keys, r), {}, {}});
    for (std::size_t i = 0; i < card.residents.size(); ++i)
        all[card.residents[i].what.id.value] = {bytes(found[static_cast<int>(i)]["data_key"]),
                                                &card.residents[i]};
    return all;
}

std::string reached(std::string const& state) {
    if (state.empty()) return {};
    return state == "failed" ? "failed" : "ok";
}

void add_contacts(pqxx::transaction_base& in, key_ring const& keys, std::string const& ids,
                  residents_by_id const& to) {
    for (auto const& r : in.exec_prepared("card_contacts", ids)) {
        auto const& whose = to.at(text(r["resident"]));
        auto words = by_own_key<contact_personal>(keys, whose.key, r["personal"]);
        app::contact_seen seen;
        seen.what.resident = whose.seen->what.id;
        seen.what.place = r["place"].as<int>();
        seen.what.name = std::move(words.name);
        seen.what.relation = text(r["relation"]);
        seen.what.phone = std::move(words.phone);
        seen.what.email = std::move(words.email);
        seen.what.channels = channels_of(text(r["channels"]));
        if (!r["quiet_from"].is_null())
            seen.what.quiet = {r["quiet_from"].as<int>(), r["quiet_until"].as<int>()};
        seen.what.do_not_tell = r["do_not_tell"].as<bool>();
        seen.what.language = text(r["language"]);
        seen.reached = reached(text(r["state"]));
        whose.seen->contacts.push_back(std::move(seen));
    }
}

// LOINC without its check digit, as telemetry is kept.
std::optional<domain::vital_sign> vital_of(int code) {
    for (auto const& [what, name] : domain::names<domain::vital_sign>::table)
        if (std::stoi(std::string(domain::loinc_of(what))) == code) return what;
    return std::nullopt;
}

void add_readings(pqxx::transaction_base& in, std::string const& ids, domain::instant now,
                  residents_by_id const& to) {
    auto const since = now - domain::hours(24);
    for (auto const& r : in.exec_prepared("card_readings", ids, microseconds(since)))
        if (auto const what = vital_of(r["code"].as<int>()))
            to.at(text(r["resident"]))
                .seen->readings.push_back(
                    {std::string(to_text(*what)), r["value"].as<double>(), time(r["at"])});
}

void add_home(pqxx::transaction_base& in, key_ring const& keys, app::alert_card& card) {
    auto const found = in.exec_prepared("card_home", home_of(card.line).value);
    if (found.empty()) return;
    auto const r = found[0];
    auto words = by_own_key<home_personal>(keys, bytes(r["data_key"]), r["personal"]);
    app::home_row home;
    home.id = {text(r["id"])};
    home.area = {text(r["area"])};
    home.rough_place = text(r["rough_place"]);
    home.door = std::move(words.door);
    home.access_notes = std::move(words.access_notes);
    home.place = place_of(r);
    home.flags = words_of(text(r["flags"]));
    home.address_verified = maybe_day(r["verified"]);
    home.address_verified_by = text(r["address_verified_by"]);
    home.key_holder = text(r["key_holder"]);
    home.key_tested = maybe_day(r["tested"]);
    card.home = std::move(home);
    card.site = text(r["site"]);
    card.site_name = text(r["site_name"]);
}

void add_device(pqxx::transaction_base& in, app::alert_card& card) {
    auto const& event =
        card.line.alert ? card.line.alert->last_event : card.line.request->last_event;
    auto const id = domain::device_of(event);
    if (id.empty()) return;
    auto const r = in.exec_prepared1("card_device", id.value);
    app::device_seen seen;
    seen.what = {
        id, text(r["kind"]), {text(r["resident"])}, {text(r["home"])}, {text(r["worker"])}};
    if (!r["battery"].is_null()) seen.battery = r["battery"].as<int>();
    seen.heard_at = maybe_time(r["heard_at"]);
    for (auto const& each : words_of(text(r["troubles"])))
        if (domain::from_text<domain::trouble>(each)) seen.troubles.push_back(each);
    seen.place = place_of(r);
    card.device = std::move(seen);
}

} // namespace

void prepare_desk_people(pqxx::connection& on) {
    on.prepare("card_residents", residents_sql);
    on.prepare("card_residents_then", residents_then_sql);
    on.prepare("card_other_keys", other_keys_sql);
    on.prepare("card_contacts", contacts_sql);
    on.prepare("card_home", home_sql);
    on.prepare("card_device", device_sql);
    on.prepare("card_readings", readings_sql);
}

std::string resident_of(app::work_line const& line) {
    if (line.alert && !line.alert->resident.empty()) return line.alert->resident.value;
    return about(line).kind == domain::subject_kind::resident ? about(line).id : std::string();
}

std::string log_words(key_ring const& keys, resident_keys const& own, std::string const& sealed) {
    if (sealed.empty()) return {};
    purpose const log{"log"};
    if (auto const plain = keys.open(log, sealed)) return *plain;
    for (auto const& key : own)
        if (auto const plain = key.empty() ? std::nullopt : keys.open_for(key, log, sealed))
            return *plain;
    return {};
}

resident_keys read_around(pqxx::transaction_base& in, key_ring const& keys, domain::instant now,
                          app::alert_card& card) {
    auto const all = add_residents(in, keys, card);
    column ids;
    resident_keys own;
    for (auto const& [id, each] : all) {
        ids.text(id);
        own.push_back(each.key);
    }
    for (auto const& r : in.exec_prepared("card_other_keys", home_of(card.line).value))
        own.push_back(bytes(r["data_key"]));
    if (!all.empty()) {
        add_contacts(in, keys, ids.literal(), all);
        add_readings(in, ids.literal(), now, all);
    }
    add_home(in, keys, card);
    add_device(in, card);
    return own;
}

} // namespace linli::postgres
