#include "adapters/postgres/erasure_record.hpp"

#include <algorithm>
#include <utility>

#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/erasure_rows.hpp"
#include "adapters/postgres/registry_import.hpp"
#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

using app::record_result;
using domain::erasure;
using domain::erasure_obstacle;
using domain::erasure_standing;

// A day is its number since 1970.
#define LINLI_ERASURE                                                                              \
    "resident, reason, wished_on - date '1970-01-01' as wished_on, asked_by, "                     \
    "microseconds_of(asked_at) as asked_at, confirmed_by, "                                        \
    "microseconds_of(erased_at) as erased_at, microseconds_of(cleared_at) as cleared_at "

constexpr auto find_sql =
    "select " LINLI_ERASURE ", home is not null as home_went from erasure where resident = $1";
// $1 is an area, $2 a resident, $3 a state; empty: whatever it is. The rows are few, for ever.
constexpr auto list_sql = R"(
    with mine as (select path from area where code = $1),
    every as (
        select e.*, null as withdrawn_by, null::timestamptz as withdrawn_at, null as withdrawn_why,
               case when cleared_at is not null then 'cleared'
                    when erased_at is not null then 'erased' else 'asked' end as state
        from erasure e
        union all
        select w.resident, w.reason, w.asked_by, w.asked_at, null, null, null, null, w.wished_on,
               w.by_who, w.at, w.why, 'withdrawn' from erasure_withdrawn w),
    found as (
        select e.* from every e
            left join resident r on r.id = e.resident left join home h on h.id = r.home
            left join area a on a.code = h.area
        where ($1 = '' or a.path <@ (select path from mine)) and ($2 = '' or e.resident = $2)
          and ($3 = '' or e.state = $3))
    select )" LINLI_ERASURE R"(, withdrawn_by, microseconds_of(withdrawn_at) as withdrawn_at,
        withdrawn_why, count(*) over () as total
    from found
    order by state <> 'asked', case when state = 'asked' then asked_at end, asked_at desc, resident
    limit $4::integer offset $5::bigint)";
constexpr auto uncleared_sql = "select resident from erasure where erased_at is not null and "
                               "cleared_at is null order by erased_at, resident";

// His home, and whether it goes with him: also if somebody is still registered there who has gone.
constexpr auto resident_sql = R"(
    select r.home, not exists (select from resident o where o.home = r.home and o.id <> r.id
                               and o.home_until is null and o.erased_at is null) as alone
    from resident r where r.id = $1)";

#define LINLI_WHERE_HE_LIVED(SUBJECT, OPENED)                                                      \
    "exists (select from former_home f where f.resident = $1 and " SUBJECT " = 'home:' || f.home " \
    "        and " OPENED " < f.until and " OPENED " >= coalesce(f.since, '-infinity'))"
// $1 is he; $2 his home, if nobody else lives there.
constexpr auto obstacles_sql = R"(
    select 'alert' as what, a.id::text as which from alert a
    where a.state <> 'closed'
      and (a.subject in ('resident:' || $1, 'home:' || nullif($2, '')) or a.resident = $1
           or )" LINLI_WHERE_HE_LIVED("a.subject", "a.opened_at") R"()
    union all
    select 'request', q.id::text from request q
    where q.state <> 'closed'
      and (q.subject in ('resident:' || $1, 'home:' || nullif($2, ''))
           or )" LINLI_WHERE_HE_LIVED("q.subject", "q.opened_at") R"()
    union all
    select 'order', o.number from service_order o left join booking b on b.order_id = o.id
        left join alert a on a.id = o.alert
    where o.due_at is not null
      and (o.subject in ('resident:' || $1, 'home:' || nullif($2, '')) or b.resident = $1
           or a.resident = $1 or )" LINLI_WHERE_HE_LIVED("o.subject", "o.opened_at") R"()
    union all
    select 'complaint', c.id::text from complaint c where c.due_at is not null and c.resident = $1
    union all
    select 'device', d.id from device d where d.resident = $1 or d.home = nullif($2, '')
    union all
    select distinct 'notice', d.channel from delivery d
    where d.due_at is not null and d.resident = $1
    order by 1, 2 limit 50)";

constexpr auto ask_sql = R"(
    insert into erasure (resident, reason, asked_by, asked_at, wished_on)
    select r.id, $2, $3, instant_of($4::bigint), date '1970-01-01' + nullif($5, '')::integer
    from resident r
    where r.id = $1 and r.erased_at is null
    on conflict (resident) do nothing)";
constexpr auto withdraw_sql = R"(
    with gone as (delete from erasure where resident = $1 and erased_at is null returning *)
    insert into erasure_withdrawn (resident, reason, wished_on, asked_by, asked_at, by_who, at, why)
    select resident, reason, wished_on, asked_by, asked_at, $2, instant_of($3::bigint), $4
    from gone)";
constexpr auto confirm_sql = R"(
    update erasure set confirmed_by = $2, erased_at = instant_of($3::bigint), home = nullif($4, '')
    where resident = $1 and erased_at is null and asked_by <> $2)";
constexpr auto cleared_sql = R"(
    update erasure set cleared_at = instant_of($2::bigint)
    where resident = $1 and erased_at is not null and cleared_at is null)";
// Before his home forgets its area.
constexpr auto told_sql = R"(
    insert into access_log (at, who, what, subject, why, area)
    select instant_of($1::bigint), $2, $3, f.subject, $5, area_of_subject(f.subject)
    from (select 'resident:' || $4::text as subject) f)";
constexpr auto registry_moved_sql = "update registry_version set version = version + 1";

// Seldom, and over all that there is: the planner may look through a table, and take its time.
void prepare_all(pqxx::connection& on) {
    pqxx::nontransaction(on).exec("set enable_seqscan = on; set plan_cache_mode = auto; "
                                  "set statement_timeout = '60s'");
    on.prepare("erasure_find", find_sql);
    on.prepare("erasure_list", list_sql);
    on.prepare("erasure_uncleared", uncleared_sql);
    on.prepare("erasure_resident", resident_sql);
    on.prepare("erasure_obstacles", obstacles_sql);
    on.prepare("erasure_ask", ask_sql);
    on.prepare("erasure_withdraw", withdraw_sql);
    on.prepare("erasure_confirm", confirm_sql);
    on.prepare("erasure_cleared", cleared_sql);
    on.prepare("erasure_told", told_sql);
    on.prepare("erasure_registry", registry_moved_sql);
    prepare_erasing(on);
}

erasure erasure_of(pqxx::row const& r) {
    erasure what;
    what.resident = {text(r["resident"])};
    what.why = word<domain::erasure_reason>(r["reason"]);
    if (!r["wished_on"].is_null())
        what.wished_on = std::chrono::sys_days(std::chrono::days(r["wished_on"].as<int>()));
    what.asked_by = {text(r["asked_by"])};
    what.asked_at = time(r["asked_at"]);
    what.confirmed_by = {text(r["confirmed_by"])};
    what.erased_at = maybe_time(r["erased_at"]);
    what.cleared_at = maybe_time(r["cleared_at"]);
    return what;
}

erasure listed(pqxx::row const& r) {
    auto what = erasure_of(r);
    if (auto const at = maybe_time(r["withdrawn_at"]))
        what.withdrawn = {
            word<domain::erasure_withdrawal>(r["withdrawn_why"]), {text(r["withdrawn_by"])}, *at};
    return what;
}

app::erasure_page read_page(pqxx::connection& on, app::erasure_question const& q) {
    pqxx::nontransaction in(on);
    auto const skipped = std::int64_t{q.per_page} * (std::max(q.page, 1U) - 1);
    app::erasure_page page;
    for (auto const& r :
         in.exec_prepared("erasure_list", q.within ? q.within->value : "", q.of ? q.of->value : "",
                          std::string(q.state ? to_text(*q.state) : ""), q.per_page, skipped)) {
        page.total = r["total"].as<std::uint32_t>();
        page.all.push_back(listed(r));
    }
    return page;
}

// As the number of days that date '1970-01-01' needs; empty: none.
std::string day_number(std::optional<std::chrono::sys_days> const& day) {
    return day ? std::to_string(day->time_since_epoch().count()) : std::string();
}

// Empty: somebody else lives there, too.
std::string home_that_goes(pqxx::row const& resident) {
    return resident["alone"].as<bool>() ? text(resident["home"]) : std::string();
}

erasure_standing read_standing(pqxx::transaction_base& in, std::string const& who) {
    erasure_standing now;
    auto const resident = in.exec_prepared("erasure_resident", who);
    now.is_known = !resident.empty();
    if (!now.is_known) return now;
    auto const asked = in.exec_prepared("erasure_find", who);
    if (!asked.empty()) now.asked = erasure_of(asked[0]);
    if (now.asked && now.asked->erased_at) {
        now.home_goes = asked[0]["home_went"].as<bool>();
        return now;
    }
    auto const home = home_that_goes(resident[0]);
    now.home_goes = !home.empty();
    for (auto const& r : in.exec_prepared("erasure_obstacles", who, home))
        now.obstacles.push_back({word<erasure_obstacle>(r["what"]), text(r["which"])});
    return now;
}

void must_hit(pqxx::result const& done) {
    if (done.affected_rows() != 1) throw pqxx::transaction_rollback("the erasure stands otherwise");
}

// As a line of the access log, with what it tells of.
void tell(pqxx::work& in, domain::instant now, std::string const& by, char const* what,
          std::string const& who, std::string const& why) {
    in.exec_prepared("erasure_told", microseconds(now), by, what, who, why);
}

// Imports and pages wait behind the registry's lock, so that nothing of his comes back meanwhile.
void erase_one(pqxx::connection& on, std::string const& who, std::string const& by,
               domain::instant now) {
    pqxx::work in(on);
    lock_registry(in);
    auto const standing = read_standing(in, who);
    if (!standing.asked || !standing.obstacles.empty())
        throw pqxx::transaction_rollback("somebody needs it");
    auto const home = home_that_goes(in.exec_prepared1("erasure_resident", who));
    must_hit(in.exec_prepared("erasure_confirm", who, by, microseconds(now), home));
    tell(in, now, by, "erased", who, std::string(to_text(standing.asked->why)));
    erase_registry_rows(in, {who}, home, now);
    in.exec_prepared("erasure_registry");
    in.commit();
}

std::size_t clear_one(pqxx::connection& on, std::string const& who, domain::instant now,
                      int limit) {
    pqxx::work in(on);
    auto const asked = in.exec_prepared("erasure_find", who);
    if (asked.empty() || asked[0]["erased_at"].is_null()) return 0;
    auto const gone = clear_rows(in, {who}, static_cast<std::size_t>(limit));
    if (gone == 0) in.exec_prepared("erasure_cleared", who, microseconds(now));
    in.commit();
    return gone;
}

class erasures_on_postgres final : public erasure_database {
public:
    explicit erasures_on_postgres(std::string url)
        : database_(std::move(url), 1, prepare_all, std::chrono::minutes(2)) {}

    runtime::task<record_result<erasure_standing>>
    standing_of(domain::resident_id const& who) override {
        auto work = [&who](pqxx::connection& c) {
            pqxx::work in(c);
            return read_standing(in, who.value);
        };
        auto done = co_await database_.ask<erasure_standing>("erasure_standing", std::move(work));
        co_return done;
    }

    runtime::task<record_result<void>> ask(erasure const& what) override {
        auto work = [&what](pqxx::connection& c) {
            std::string const why(to_text(what.why));
            pqxx::work in(c);
            must_hit(in.exec_prepared("erasure_ask", what.resident.value, why, what.asked_by.value,
                                      microseconds(what.asked_at), day_number(what.wished_on)));
            tell(in, what.asked_at, what.asked_by.value, "erasure_asked", what.resident.value, why);
            in.commit();
        };
        auto done = co_await database_.tell("erasure_ask", std::move(work));
        co_return done;
    }

    runtime::task<record_result<void>> withdraw(domain::resident_id const& who,
                                                domain::withdrawn_erasure const& how) override {
        auto work = [&who, &how](pqxx::connection& c) {
            std::string const why(to_text(how.why));
            pqxx::work in(c);
            must_hit(in.exec_prepared("erasure_withdraw", who.value, how.by.value,
                                      microseconds(how.at), why));
            tell(in, how.at, how.by.value, "erasure_withdrawn", who.value, why);
            in.commit();
        };
        auto done = co_await database_.tell("erasure_withdraw", std::move(work));
        co_return done;
    }

    runtime::task<record_result<void>> erase(domain::resident_id const& who,
                                             domain::operator_id const& confirmed_by,
                                             domain::instant now) override {
        auto work = [&who, &confirmed_by, now](pqxx::connection& c) {
            erase_one(c, who.value, confirmed_by.value, now);
        };
        auto done = co_await database_.tell("erase", std::move(work));
        co_return done;
    }

    runtime::task<record_result<std::size_t>> clear(domain::resident_id const& who,
                                                    domain::instant now, int limit) override {
        auto work = [&who, now, limit](pqxx::connection& c) {
            return clear_one(c, who.value, now, limit);
        };
        auto done = co_await database_.ask<std::size_t>("erasure_clear", std::move(work));
        co_return done;
    }

    runtime::task<record_result<app::erasure_page>>
    list(app::erasure_question const& what) override {
        auto work = [&what](pqxx::connection& c) { return read_page(c, what); };
        auto done = co_await database_.ask<app::erasure_page>("erasures", std::move(work));
        co_return done;
    }

    runtime::task<record_result<std::vector<domain::resident_id>>> uncleared() override {
        auto work = [](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            std::vector<domain::resident_id> all;
            for (auto const& r : in.exec_prepared("erasure_uncleared"))
                all.push_back({text(r["resident"])});
            return all;
        };
        auto done = co_await database_.ask<std::vector<domain::resident_id>>("erasures_uncleared",
                                                                             std::move(work));
        co_return done;
    }

    void stop() override { database_.stop(); }

private:
    database_threads database_;
};

} // namespace

std::unique_ptr<erasure_database> open_erasures(std::string url) {
    return std::make_unique<erasures_on_postgres>(std::move(url));
}

} // namespace linli::postgres
