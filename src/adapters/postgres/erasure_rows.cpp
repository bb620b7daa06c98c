#include "adapters/postgres/erasure_rows.hpp"

#include <array>

#include "adapters/postgres/cases_of.hpp"
#include "adapters/postgres/log_words.hpp"
#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

// ------------------------------------------------------------------ at once

// Before the digests of the numbers go: a caller is found by nothing else. A number that somebody
// else has, too, stays his.
constexpr auto numbers_sql = R"(
    with his as (
        select r.phone_hmac from resident r where r.id = $1 and r.phone_hmac is not null
        union select c.phone_hmac from contact c where c.resident = $1 and c.phone_hmac is not null)
    update call set personal = ''::bytea, phone_hmac = null, recording = ''
    where outcome is not null and phone_hmac in (select phone_hmac from his)
      and not exists (select from resident o where o.phone_hmac = call.phone_hmac and o.id <> $1)
      and not exists (select from contact o
                      where o.phone_hmac = call.phone_hmac and o.resident <> $1)
      and not exists (select from worker o where o.phone_hmac = call.phone_hmac))";
// Their keys first: a backup of the rest of the database opens nothing with what is left.
constexpr auto recordings_sql = R"(
    with his as (
        select r.phone_hmac from resident r where r.id = $1 and r.phone_hmac is not null
        union select c.phone_hmac from contact c where c.resident = $1 and c.phone_hmac is not null)
    update recording set state = 'gone', sealed_key = null
    where state <> 'gone'
      and (whose = 'resident:' || $1 or call in (
        select c.id from call c where c.phone_hmac in (select phone_hmac from his)
          and not exists (select from resident o where o.phone_hmac = c.phone_hmac and o.id <> $1)
          and not exists (select from contact o
                          where o.phone_hmac = c.phone_hmac and o.resident <> $1)
          and not exists (select from worker o where o.phone_hmac = c.phone_hmac))))";
constexpr auto trials_sql = "delete from contact_trial where resident = $1";
constexpr auto contacts_sql = "delete from contact where resident = $1";
constexpr auto do_not_tell_sql = "delete from do_not_tell where resident = $1";
constexpr auto limits_sql = "delete from vital_limit where resident = $1";
constexpr auto zones_sql = "delete from zone where resident = $1";
constexpr auto resident_sql = R"(
    update resident
    set data_key = null, personal = null, phone_hmac = null, id_number_hmac = null,
        status = 'moved', high_risk = false, language = '', erased_at = instant_of($2::bigint)
    where id = $1)";
constexpr auto silences_sql = "delete from silence_limit where home = $1";
constexpr auto keys_held_sql =
    "update worker set homes = array_remove(homes, $1) where $1 = any (homes)";
// Its key also seals the words of whoever lived there before; his own go by themselves, below.
constexpr auto home_sql = R"(
    update home h
    set data_key = case when exists (select from stay s
                                     where s.home = h.id and s.erased_at is null)
                        then data_key end,
        personal = null, rough_place = '', latitude = null, longitude = null,
        flags = '{}', address_verified = null, address_verified_by = null, key_holder = null,
        key_tested = null
    where id = $1)";

// Of a home that has gone already, and waited for him.
constexpr auto kept_keys_sql = R"(
    update home h set data_key = null
    where h.personal is null and h.data_key is not null
      and h.id in (select f.home from former_home f where f.resident = $1)
      and not exists (select from stay s where s.home = h.id and s.erased_at is null))";

// ------------------------------------------------------------------ after that
//
// $1 is he, $2 how many rows at most.

// And what is his, found once for all statements of a transaction: $3 his subject, $4, $11, $12
// which home was his from when until when, $5, $6, $7 his alerts, requests and orders, $8, $9, $10
// which device was bound from when to when.

// While somebody else lived there, too, who wasn't erased, all of the home is the other one's as
// well, and stays.
constexpr auto his_cases_sql = LINLI_CASES_OF(
    "select e.resident, 'resident:' || e.resident as self "
    "from erasure e where e.resident = $1 and e.erased_at is not null",
    "select a.home, lower(a.alone) as since, upper(a.alone) as until from ("
    "    select m.home, unnest(tstzmultirange(tstzrange(m.since, m.until)) - coalesce(("
    "        select range_agg(tstzrange(o.since, o.until)) from stay o where o.home = m.home "
    "            and o.resident <> m.resident and o.erased_at is null), '{}')) as alone "
    "    from stay m where m.resident = $1) a") R"(
    select h.self, array(select home from stays order by home, since) as homes,
           array(select since from stays order by home, since) as since,
           array(select until from stays order by home, since) as until,
           array(select id from alerts) as alerts, array(select id from requests) as requests,
           array(select id from orders) as orders,
           array(select device from bound order by device, bound_at, unbound_at) as devices,
           array(select bound_at from bound order by device, bound_at, unbound_at) as bound_at,
           array(select unbound_at from bound order by device, bound_at, unbound_at) as unbound_at
    from him h)";

#define LINLI_HIS_CASES                                                                            \
    "with him as (select $1::text as resident, $3::text as self), "                                \
    "stays as (select * from unnest($4::text[], $11::timestamptz[], $12::timestamptz[]) "          \
    "          as s (home, since, until)), "                                                       \
    "alerts as (select unnest($5::uuid[]) as id), "                                                \
    "requests as (select unnest($6::uuid[]) as id), "                                              \
    "orders as (select unnest($7::uuid[]) as id), "                                                \
    "bound as (select * from unnest($8::text[], $9::timestamptz[], $10::timestamptz[]) "           \
    "          as b (device, bound_at, unbound_at)) "

constexpr auto words_sql = LINLI_HIS_CASES R"(
    select l.chain, l.seq, l.personal from log l
    where l.personal is not null
      and l.chain in (select id from alerts union all select id from requests
                      union all select id from orders
                      union all select c.id from complaint c where c.resident = $1)
    limit $2::integer)";

constexpr auto signals_sql = LINLI_HIS_CASES R"(
    update signal set latitude = null, longitude = null, accuracy_m = null, battery = null,
                      said = null, raw = null
    where event in (
        select s.event from (
            select n.event, n.latitude, n.said, n.raw from signal n
                join alerts on alerts.id = n.alert
            union all
            select n.event, n.latitude, n.said, n.raw from signal n
                join requests on requests.id = n.request
            union all
            select n.event, n.latitude, n.said, n.raw from signal n
                join bound on bound.device = n.device
                    and n.received_at between bound.bound_at and bound.unbound_at) s
        where s.latitude is not null or s.said is not null or s.raw is not null
        limit $2::integer))";

constexpr auto telemetry_sql = LINLI_HIS_CASES R"(
    delete from telemetry where (device, by_content, boot, sequence, day) in (
        select t.device, t.by_content, t.boot, t.sequence, t.day
        from telemetry t join bound on bound.device = t.device
            and t.received_at between bound.bound_at and bound.unbound_at
        limit $2::integer))";

constexpr auto calls_sql = LINLI_HIS_CASES R"(
    update call set personal = ''::bytea, phone_hmac = null, recording = ''
    where id in (
        select c.id from call c
        where (c.alert in (select id from alerts) or c.request in (select id from requests))
          and (length(c.personal) > 0 or c.phone_hmac is not null or c.recording <> '')
        limit $2::integer))";

// Why such a call had to wait so long may name him.
constexpr auto checks_sql = LINLI_HIS_CASES R"(
    update wait_check set personal = ''::bytea
    where call in (
        select k.call from wait_check k join call c on c.id = k.call
        where (c.alert in (select id from alerts) or c.request in (select id from requests))
          and length(k.personal) > 0
        limit $2::integer))";

constexpr auto his_recordings_sql = LINLI_HIS_CASES R"(
    update recording set state = 'gone', sealed_key = null
    where id in (
        select r.id from him h, recording r left join call c on c.id = r.call
            left join placed_call p on p.id = r.placed left join call b on b.id = p.about
        where r.state <> 'gone'
          and (r.whose = h.self
               or exists (select from stays s where r.whose = 'home:' || s.home
                          and r.begun_at >= s.since and r.begun_at < s.until)
               or coalesce(c.alert, b.alert, p.about) in (select id from alerts)
               or coalesce(c.request, b.request, p.about) in (select id from requests))
        limit $2::integer))";

constexpr auto commands_sql = LINLI_HIS_CASES R"(
    delete from device_command where id in (
        select c.id from device_command c join bound on bound.device = c.device
            and c.asked_at between bound.bound_at and bound.unbound_at
        where c.ended_at is not null limit $2::integer))";

constexpr auto proofs_sql = LINLI_HIS_CASES R"(
    update visit_proof set latitude = null, longitude = null, accuracy_m = null,
                           picture = case when picture is not null then ''::bytea end
    where id in (
        select p.id from visit_proof p
        where p.order_id in (select id from orders)
          and (length(p.picture) > 0 or p.latitude is not null)
        limit $2::integer))";

constexpr auto wishes_sql = LINLI_HIS_CASES R"(
    update booking set words = null where order_id in (
        select b.order_id from booking b where b.resident = $1 and b.words is not null
        limit $2::integer))";

constexpr auto complaints_sql = LINLI_HIS_CASES R"(
    update complaint set personal = ''::bytea where id in (
        select c.id from complaint c where c.resident = $1 and length(c.personal) > 0
        limit $2::integer))";

constexpr auto dwells_sql = LINLI_HIS_CASES R"(
    delete from dwell where (subject, rule) in (
        select d.subject, d.rule from dwell d, him h
        where d.subject = h.self
           or exists (select from stays s where d.subject = 'home:' || s.home
                      and d.last_at >= s.since and d.last_at < s.until)
        limit $2::integer))";

// Of his family's numbers.
constexpr auto deliveries_sql = LINLI_HIS_CASES R"(
    update delivery set phone_hmac = null where id in (
        select d.id from delivery d join alerts on alerts.id = d.alert
        where d.phone_hmac is not null
        limit $2::integer))";

struct clearing {
    char const* name;
    char const* sql;
    bool is_of_words = false; // selects them: only a digest may take their place
};
// What there is most of comes first: a portion that is full by it asks for nothing else.
constexpr std::array clearings{
    clearing{"clear_telemetry", telemetry_sql},
    clearing{"clear_words", words_sql, true},
    clearing{"clear_signals", signals_sql},
    clearing{"clear_calls", calls_sql},
    clearing{"clear_recordings", his_recordings_sql},
    clearing{"clear_commands", commands_sql},
    clearing{"clear_proofs", proofs_sql},
    clearing{"clear_wishes", wishes_sql},
    clearing{"clear_complaints", complaints_sql},
    clearing{"clear_dwells", dwells_sql},
    clearing{"clear_checks", checks_sql},
    clearing{"clear_deliveries", deliveries_sql},
};

std::size_t clear(pqxx::work& in, clearing const& which, std::string const& who,
                  pqxx::row const& his, std::size_t limit) {
    auto const done = in.exec_prepared(
        which.name, who, limit, text(his["self"]), text(his["homes"]), text(his["alerts"]),
        text(his["requests"]), text(his["orders"]), text(his["devices"]), text(his["bound_at"]),
        text(his["unbound_at"]), text(his["since"]), text(his["until"]));
    if (which.is_of_words) return let_go_of_words(in, done);
    return static_cast<std::size_t>(done.affected_rows());
}

} // namespace

void prepare_erasing(pqxx::connection& on) {
    on.prepare("erase_recordings", recordings_sql);
    on.prepare("erase_numbers", numbers_sql);
    on.prepare("erase_trials", trials_sql);
    on.prepare("erase_contacts", contacts_sql);
    on.prepare("erase_do_not_tell", do_not_tell_sql);
    on.prepare("erase_limits", limits_sql);
    on.prepare("erase_zones", zones_sql);
    on.prepare("erase_resident", resident_sql);
    on.prepare("erase_silences", silences_sql);
    on.prepare("erase_keys_held", keys_held_sql);
    on.prepare("erase_home", home_sql);
    on.prepare("erase_kept_keys", kept_keys_sql);
    on.prepare("clear_his_cases", his_cases_sql);
    for (auto const& each : clearings)
        on.prepare(each.name, each.sql);
}

void erase_registry_rows(pqxx::work& in, domain::resident_id const& who, std::string const& home,
                         domain::instant now) {
    for (auto const* statement :
         {"erase_recordings", "erase_numbers", "erase_trials", "erase_contacts",
          "erase_do_not_tell", "erase_limits", "erase_zones"})
        in.exec_prepared(statement, who.value);
    in.exec_prepared("erase_resident", who.value, microseconds(now));
    in.exec_prepared("erase_kept_keys", who.value);
    if (home.empty()) return;
    for (auto const* statement : {"erase_silences", "erase_keys_held", "erase_home"})
        in.exec_prepared(statement, home);
}

std::size_t clear_rows(pqxx::work& in, domain::resident_id const& who, std::size_t limit) {
    auto const his = in.exec_prepared1("clear_his_cases", who.value);
    std::size_t gone = 0;
    for (auto const& each : clearings) {
        if (gone == limit) break;
        gone += clear(in, each, who.value, his, limit - gone);
    }
    return gone;
}

} // namespace linli::postgres
