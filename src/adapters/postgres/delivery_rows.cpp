#include "adapters/postgres/delivery_rows.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>
#include <string>

#include "adapters/postgres/rows.hpp"
#include "runtime/log.hpp"

namespace linli::postgres {

namespace {

constexpr auto insert_sql = R"(
    insert into delivery (id, notice, alert, event, why, audience, kind, level, resident, home,
                          area, site, at, who, channel, others, state, reason, since, due_at,
                          phone_hmac)
    select id, notice, alert, event, why, audience, kind, level, resident, home, area, site,
           instant_of(at), who, channel, string_to_array(others, ' '), state, reason,
           instant_of(since), instant_of(due_at), phone_hmac
    from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[],
                $8::integer[], $9::text[], $10::text[], $11::text[], $12::text[], $13::bigint[],
                $14::text[], $15::text[], $16::text[], $17::text[], $18::text[], $19::bigint[],
                $20::bigint[], $21::bytea[])
         as f(id, notice, alert, event, why, audience, kind, level, resident, home, area, site, at,
              who, channel, others, state, reason, since, due_at, phone_hmac)
    on conflict (notice, who, channel) do nothing)";

constexpr auto columns_sql = R"(
    d.id, d.notice, d.alert, d.event, d.why, d.audience, d.kind, d.level, d.resident, d.home,
    d.area, d.site, microseconds_of(d.at) as at, d.who, d.channel,
    array_to_string(d.others, ' ') as others, d.state, d.reason, d.attempts,
    microseconds_of(d.since) as since, microseconds_of(d.due_at) as due_at,
    d.phone_hmac)";

// The level stands in the text, because each lane has an index of its own.
std::string take_sql(std::string const& which) {
    return R"(
    with due as (
        select id from delivery where due_at is not null and )" +
           which + R"( and due_at <= instant_of($1::bigint)
        order by level, due_at limit $3::integer for update skip locked
    )
    update delivery d
    set due_at = instant_of($1::bigint + $2::bigint), attempts = d.attempts + 1
    from due where d.id = due.id
    returning )" +
           columns_sql;
}

constexpr auto settle_sql = R"(
    update delivery d
    set state = c.state, reason = c.reason, due_at = instant_of(c.due_at)
    from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[]) as c(id, state, reason, due_at)
    where d.id = c.id and d.state = 'queued')";

// What it is about says the alert that it has become.
constexpr auto degraded_sql = R"(
    with told as (
        select f.*, s.alert as of_alert
        from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[],
                    $7::text[], $8::text[], $9::text[], $10::bigint[])
             as f(id, notice, event, audience, site, at, who, channel, state, since)
        join signal s on s.event = f.event
    ), kept as (
        insert into delivery (id, notice, alert, event, why, audience, kind, level, resident, home,
                              area, site, at, who, channel, others, state, since)
        select t.id, t.notice, a.id, t.event, 'degraded', t.audience, a.kind, a.level, a.resident,
               a.home, a.area, t.site, instant_of(t.at), t.who, t.channel, '{}', t.state,
               instant_of(t.since)
        from told t join alert a on a.id = t.of_alert
        on conflict do nothing
    )
    select distinct event from told)";

// Ids begin with their time, so the primary key finds the old ones.
constexpr auto forget_sql = R"(
    delete from delivery where id in (
        select d.id from delivery d
        where d.id < $1::uuid and d.since < instant_of($2::bigint) and d.logged
          and not exists (select from alert a where a.id = d.alert and a.state <> 'closed')
        order by d.id limit $3::integer))";

// Each half by its own index.
constexpr auto unsent_sql = R"(
    select count(*) as count, microseconds_of(min(since)) as oldest
    from (select since from delivery where due_at is not null and level = 1
          union all
          select since from delivery where due_at is not null and level > 1) d
    where since <= instant_of($1::bigint))";

// None that was made from then on sorts before it (UUIDv7: 48 bits of milliseconds).
domain::uuid first_id_of(domain::instant when) {
    auto const ms = std::chrono::floor<std::chrono::milliseconds>(when).time_since_epoch().count();
    domain::uuid id;
    for (std::size_t i = 0; i < 6; ++i)
        id.bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    return id;
}

std::string words(std::vector<domain::channel> const& all) {
    std::string text;
    for (auto const each : all)
        text += (text.empty() ? "" : " ") + std::string(to_text(each));
    return text;
}

std::vector<domain::channel> channels(std::string const& words) {
    std::vector<domain::channel> all;
    std::istringstream in(words);
    for (std::string word; in >> word;)
        if (auto const each = domain::from_text<domain::channel>(word)) all.push_back(*each);
    return all;
}

void put_notice(std::array<column, 21>& c, domain::notice const& about) {
    c[2].id(about.alert);
    c[3].text(about.event.value);
    c[4].text(to_text(about.why));
    c[5].text(to_text(about.to));
    c[6].text(to_text(about.kind));
    c[7].number(static_cast<int>(about.level));
    c[8].text_or_null(about.resident.value);
    c[9].text_or_null(about.home.value);
    c[10].text_or_null(about.area.value);
    c[11].text_or_null(about.site.value);
    c[12].time(about.at);
}

std::array<column, 21> columns_of(std::vector<domain::delivery> const& fresh) {
    std::array<column, 21> c;
    for (auto const& d : fresh) {
        c[0].id(d.id);
        c[1].id(d.notice);
        put_notice(c, d.about);
        c[13].text(d.who);
        c[14].text(to_text(d.by));
        c[15].text(words(d.others));
        c[16].text(to_text(d.state));
        c[17].text_or_null(d.reason);
        c[18].time(d.since);
        c[19].time(d.due_at);
        c[20].bytes_or_null(d.number);
    }
    return c;
}

std::vector<std::string> literals_of(std::vector<domain::delivery> const& fresh) {
    std::vector<std::string> all;
    for (auto const& each : columns_of(fresh))
        all.push_back(each.literal());
    return all;
}

domain::notice notice_of(pqxx::row const& r) {
    domain::notice n;
    n.alert = record_id<domain::alert_id>(r["alert"]);
    n.event = {text(r["event"])};
    n.why = word<domain::notice_reason>(r["why"]);
    n.to = word<domain::audience>(r["audience"]);
    n.kind = word<domain::alert_kind>(r["kind"]);
    n.level = static_cast<domain::priority>(r["level"].as<int>());
    n.resident = {text(r["resident"])};
    n.home = {text(r["home"])};
    n.area = {text(r["area"])};
    n.site = {text(r["site"])};
    n.at = time(r["at"]);
    return n;
}

domain::delivery delivery_of(pqxx::row const& r) {
    domain::delivery d;
    d.id = record_id<domain::delivery_id>(r["id"]);
    d.notice = domain::parse_uuid(r["notice"].c_str()).value();
    d.about = notice_of(r);
    d.who = text(r["who"]);
    d.by = word<domain::channel>(r["channel"]);
    d.others = channels(text(r["others"]));
    d.state = word<domain::delivery_state>(r["state"]);
    d.reason = text(r["reason"]);
    d.attempts = r["attempts"].as<std::uint32_t>();
    d.since = time(r["since"]);
    d.due_at = maybe_time(r["due_at"]);
    d.number = bytes(r["phone_hmac"]);
    return d;
}

std::vector<domain::delivery> deliveries_of(pqxx::result const& found, unreadable_deliveries& odd) {
    std::vector<domain::delivery> all;
    for (auto const& r : found) {
        try {
            all.push_back(delivery_of(r));
        } catch (std::bad_optional_access const& e) {
            odd.met(text(r["id"]), e.what());
        }
    }
    return all;
}

} // namespace

void unreadable_deliveries::met(std::string const& id, std::string const& why) {
    constexpr std::size_t most = 10'000;
    std::lock_guard const guard(mutex_);
    if (told_.size() >= most || !told_.insert(id).second) return;
    runtime::log::error(
        "delivery_unreadable",
        {{"id", id},
         {"why", why},
         {"meanwhile", "nobody is told by it; the version that wrote it reads it"}});
}

void prepare_deliveries(pqxx::connection& on) {
    on.prepare("insert_deliveries", insert_sql);
    on.prepare("expand_notice",
               std::string("with opened as (delete from outbox where id = $22::uuid)") +
                   insert_sql);
    on.prepare("take_emergencies", take_sql("level = 1"));
    on.prepare("take_ordinary", take_sql("level > 1"));
    on.prepare("settle_deliveries", settle_sql);
    on.prepare("unlogged_deliveries",
               "select " + std::string(columns_sql) +
                   " from delivery d where not logged and state <> 'queued' and id > $2::uuid"
                   " order by id limit $1::integer");
    on.prepare("mark_logged", "update delivery set logged = true where id = any ($1::uuid[])");
    on.prepare("unsent_deliveries", unsent_sql);
    on.prepare("forget_deliveries", forget_sql);
    on.prepare("keep_degraded", degraded_sql);
}

void expand_notice(pqxx::connection& on, domain::uuid const& notice,
                   std::vector<domain::delivery> const& fresh) {
    auto values = literals_of(fresh);
    values.push_back(to_string(notice));
    pqxx::nontransaction in(on);
    in.exec_prepared("expand_notice", pqxx::prepare::make_dynamic_params(values));
}

std::vector<domain::delivery> take_deliveries(pqxx::connection& on, unreadable_deliveries& odd,
                                              app::delivery_record::lane which, domain::instant now,
                                              domain::duration lease, int limit) {
    pqxx::nontransaction in(on);
    auto const* take =
        which == app::delivery_record::lane::emergency ? "take_emergencies" : "take_ordinary";
    auto taken =
        deliveries_of(in.exec_prepared(take, microseconds(now), lease.count(), limit), odd);
    // The update gives them back in any order.
    std::sort(taken.begin(), taken.end(), [](auto const& a, auto const& b) {
        return std::pair(a.about.level, a.id) < std::pair(b.about.level, b.id);
    });
    return taken;
}

void settle_deliveries(pqxx::connection& on, std::vector<domain::delivery> const& changed,
                       std::vector<domain::delivery> const& fresh) {
    std::array<column, 4> c;
    for (auto const& d : changed) {
        c[0].id(d.id);
        c[1].text(to_text(d.state));
        c[2].text_or_null(d.reason);
        c[3].time(d.due_at);
    }
    pqxx::work in(on);
    in.exec_prepared("settle_deliveries", c[0].literal(), c[1].literal(), c[2].literal(),
                     c[3].literal());
    if (!fresh.empty())
        in.exec_prepared("insert_deliveries",
                         pqxx::prepare::make_dynamic_params(literals_of(fresh)));
    in.commit();
}

// On behind those that can't be read, however many they are.
std::vector<domain::delivery> unlogged_deliveries(pqxx::connection& on, unreadable_deliveries& odd,
                                                  int limit) {
    pqxx::nontransaction in(on);
    auto after = to_string(domain::uuid{});
    for (;;) {
        auto const found = in.exec_prepared("unlogged_deliveries", limit, after);
        auto some = deliveries_of(found, odd);
        bool const is_all = static_cast<int>(found.size()) < limit;
        if (!some.empty() || is_all) return some;
        after = text(found[found.size() - 1]["id"]);
    }
}

void mark_logged(pqxx::connection& on, std::vector<domain::delivery_id> const& ids) {
    column done;
    for (auto const& id : ids)
        done.id(id);
    pqxx::nontransaction in(on);
    in.exec_prepared("mark_logged", done.literal());
}

std::vector<domain::event_id> keep_degraded_deliveries(pqxx::connection& on,
                                                       std::vector<domain::delivery> const& told) {
    std::array<column, 10> c;
    for (auto const& d : told) {
        c[0].id(d.id);
        c[1].id(d.notice);
        c[2].text(d.about.event.value);
        c[3].text(to_text(d.about.to));
        c[4].text_or_null(d.about.site.value);
        c[5].time(d.about.at);
        c[6].text(d.who);
        c[7].text(to_text(d.by));
        c[8].text(to_text(d.state));
        c[9].time(d.since);
    }
    pqxx::nontransaction in(on);
    std::vector<domain::event_id> known;
    for (auto const& r :
         in.exec_prepared("keep_degraded", c[0].literal(), c[1].literal(), c[2].literal(),
                          c[3].literal(), c[4].literal(), c[5].literal(), c[6].literal(),
                          c[7].literal(), c[8].literal(), c[9].literal()))
        known.push_back({text(r["event"])});
    return known;
}

std::size_t forget_deliveries(pqxx::connection& on, domain::instant before, int limit) {
    pqxx::nontransaction in(on);
    auto const first_after = to_string(first_id_of(before));
    return in.exec_prepared("forget_deliveries", first_after, microseconds(before), limit)
        .affected_rows();
}

app::unsent unsent_deliveries(pqxx::connection& on, domain::instant now) {
    pqxx::nontransaction in(on);
    auto const r = in.exec_prepared1("unsent_deliveries", microseconds(now));
    return {r["count"].as<std::size_t>(), maybe_time(r["oldest"])};
}

} // namespace linli::postgres
