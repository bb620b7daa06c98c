#include "adapters/postgres/erasure_record.hpp"

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

#define LINLI_ERASURE                                                                              \
    "select resident, reason, asked_by, microseconds_of(asked_at) as asked_at, confirmed_by, "     \
    "microseconds_of(erased_at) as erased_at, microseconds_of(cleared_at) as cleared_at "          \
    "from erasure "

constexpr auto find_sql = LINLI_ERASURE "where resident = $1";
constexpr auto list_sql = LINLI_ERASURE "order by asked_at, resident";
constexpr auto uncleared_sql = "select resident from erasure where erased_at is not null and "
                               "cleared_at is null order by erased_at, resident";

// His home, and whether it goes with him.
constexpr auto resident_sql = R"(
    select r.home, not exists (select from resident o where o.home = r.home and o.id <> r.id
                               and o.erased_at is null) as alone
    from resident r where r.id = $1)";

// $1 is he; $2 his home, if nobody else lives there.
constexpr auto obstacles_sql = R"(
    select 'alert' as what, a.id::text as which from alert a
    where a.state <> 'closed'
      and (a.subject in ('resident:' || $1, 'home:' || nullif($2, '')) or a.resident = $1)
    union all
    select 'request', q.id::text from request q
    where q.state <> 'closed' and q.subject in ('resident:' || $1, 'home:' || nullif($2, ''))
    union all
    select 'order', o.number from service_order o left join booking b on b.order_id = o.id
        left join alert a on a.id = o.alert
    where o.due_at is not null
      and (o.subject in ('resident:' || $1, 'home:' || nullif($2, '')) or b.resident = $1
           or a.resident = $1)
    union all
    select 'complaint', c.id::text from complaint c where c.due_at is not null and c.resident = $1
    union all
    select 'device', d.id from device d where d.resident = $1 or d.home = nullif($2, '')
    union all
    select distinct 'notice', d.channel from delivery d
    where d.due_at is not null and d.resident = $1
    order by 1, 2 limit 50)";

constexpr auto ask_sql = R"(
    insert into erasure (resident, reason, asked_by, asked_at)
    select r.id, $2, $3, instant_of($4::bigint) from resident r
    where r.id = $1 and r.erased_at is null
    on conflict (resident) do nothing)";
constexpr auto withdraw_sql = "delete from erasure where resident = $1 and erased_at is null";
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
    what.asked_by = {text(r["asked_by"])};
    what.asked_at = time(r["asked_at"]);
    what.confirmed_by = {text(r["confirmed_by"])};
    what.erased_at = maybe_time(r["erased_at"]);
    what.cleared_at = maybe_time(r["cleared_at"]);
    return what;
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
    if (now.asked && now.asked->erased_at) return now;
    for (auto const& r : in.exec_prepared("erasure_obstacles", who, home_that_goes(resident[0])))
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
    auto const gone = clear_rows(in, {who}, limit);
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
                                      microseconds(what.asked_at)));
            tell(in, what.asked_at, what.asked_by.value, "erasure_asked", what.resident.value, why);
            in.commit();
        };
        auto done = co_await database_.tell("erasure_ask", std::move(work));
        co_return done;
    }

    runtime::task<record_result<void>> withdraw(domain::resident_id const& who,
                                                domain::operator_id const& by,
                                                domain::instant now) override {
        auto work = [&who, &by, now](pqxx::connection& c) {
            pqxx::work in(c);
            must_hit(in.exec_prepared("erasure_withdraw", who.value));
            tell(in, now, by.value, "erasure_withdrawn", who.value, "");
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

    runtime::task<record_result<std::vector<erasure>>> list() override {
        auto work = [](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            std::vector<erasure> all;
            for (auto const& r : in.exec_prepared("erasure_list"))
                all.push_back(erasure_of(r));
            return all;
        };
        auto done = co_await database_.ask<std::vector<erasure>>("erasures", std::move(work));
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
