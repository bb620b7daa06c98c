#include "adapters/postgres/keeping_record.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <utility>

#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/log_words.hpp"
#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

using app::record_result;
using domain::kept;

// Of signals that were received between $1 and $2, $3 at most; what hangs on something open stays.
constexpr auto places_sql = R"(
    update signal set latitude = null, longitude = null, accuracy_m = null, battery = null,
                      said = null, raw = null
    where event in (
        select s.event from signal s
        where (s.latitude is not null or s.said is not null or s.raw is not null)
          and s.received_at >= instant_of($1::bigint) and s.received_at < instant_of($2::bigint)
          and not exists (select from alert a where a.id = s.alert and a.state <> 'closed')
          and not exists (select from request q where q.id = s.request and q.state <> 'closed')
        limit $3::integer))";
// A little before where the last round came to, for what a server brought late.
constexpr auto places_from_sql = R"(
    select microseconds_of(coalesce(
        p.reached - interval '30 days',
        (select min(s.received_at) from signal s where s.received_at < instant_of($1::bigint))))
        as start
    from places_sweep p)";
// What hangs on something open holds it there.
constexpr auto places_reached_sql = R"(
    update places_sweep set reached = least(instant_of($2::bigint), (
        select min(s.received_at) from signal s
        where (s.latitude is not null or s.said is not null or s.raw is not null)
          and s.received_at >= instant_of($1::bigint)
          and s.received_at < instant_of($2::bigint))))";

// What is complained of is judged by what was said and seen there: all of that alert, with its
// orders, or of that order, with what it came from, stays until the complaint is settled.
#define LINLI_DISPUTED                                                                             \
    "with complained as (select c.alert, c.order_id from complaint c where c.due_at is not "       \
    "null), "                                                                                      \
    "disputed as materialized ("                                                                   \
    "    select k.alert as id from complained k union select k.order_id from complained k "        \
    "    union select o.id from complained k join service_order o on o.alert = k.alert "           \
    "    union select came.from_it from complained k join service_order o on o.id = k.order_id "   \
    "          cross join lateral (values (o.alert), (o.request)) as came (from_it)) "

// Each takes the oldest $2 of what is older than $1. Whatever hangs on something open stays.
constexpr auto words_sql = LINLI_DISPUTED R"(
    select l.chain, l.seq, l.personal from log l
    where l.personal is not null and l.at < instant_of($1::bigint)
      and not exists (select from alert a where a.id = l.chain and a.due_at is not null)
      and not exists (select from request q where q.id = l.chain and q.due_at is not null)
      and not exists (select from service_order o where o.id = l.chain and o.due_at is not null)
      and not exists (select from complaint c where c.id = l.chain and c.due_at is not null)
      and not exists (select from disputed d where d.id = l.chain)
    order by l.at limit $2::integer)";

// The digest stays, as it does in the order's log.
constexpr auto pictures_sql = LINLI_DISPUTED R"(
    update visit_proof set latitude = null, longitude = null, accuracy_m = null,
                           picture = case when picture is not null then ''::bytea end
    where id in (
        select p.id from visit_proof p
        where (length(p.picture) > 0 or p.latitude is not null)
          and p.came_at < instant_of($1::bigint) and p.logged
          and not exists (select from service_order o
                          where o.id = p.order_id and o.due_at is not null)
          and not exists (select from disputed d where d.id = p.order_id)
        order by p.came_at limit $2::integer))";

// With them what their seats did meanwhile. A call that nobody has looked into yet stays.
constexpr auto calls_sql = LINLI_DISPUTED R"(
    , seats as (delete from seat_stretch where ctid = any (array(
        select s.ctid from seat_stretch s where s.since < instant_of($1::bigint)
        order by s.since limit $2::integer)))
    delete from call where id in (
        select c.id from call c
        where c.first_heard < instant_of($1::bigint) and c.outcome is not null
          and not exists (select from alert a where a.id = c.alert and a.state <> 'closed')
          and not exists (select from request q where q.id = c.request and q.state <> 'closed')
          and not exists (select from wait_check k where k.call = c.id and k.closed_at is null)
          and not exists (select from recording r where r.call = c.id and r.state <> 'gone')
          and not exists (select from disputed d where d.id in (c.alert, c.request))
        order by c.first_heard limit $2::integer))";

// Without its key the file is nothing; whoever has it takes it away.
constexpr auto recordings_sql = LINLI_DISPUTED R"(
    update recording set state = 'gone', sealed_key = null where id in (
        select r.id from recording r left join call c on c.id = r.call
            left join placed_call p on p.id = r.placed left join call b on b.id = p.about
        where r.state <> 'gone' and r.begun_at < instant_of($1::bigint)
          and not exists (select from alert a where a.state <> 'closed'
                          and a.id = coalesce(c.alert, b.alert, p.about))
          and not exists (select from request q where q.state <> 'closed'
                          and q.id = coalesce(c.request, b.request, p.about))
          and not exists (select from disputed d
                          where d.id in (coalesce(c.alert, b.alert, p.about),
                                         coalesce(c.request, b.request, p.about)))
        order by r.begun_at limit $2::integer))";

// Ids begin with the time of their making: by them the index knows which are old.
constexpr auto wishes_sql = LINLI_DISPUTED R"(
    update booking set words = null where order_id in (
        select b.order_id from booking b join service_order o on o.id = b.order_id
        where b.words is not null and o.due_at is null and o.opened_at < instant_of($1::bigint)
          and b.order_id <= (lpad(to_hex($1::bigint / 1000), 12, '0') || repeat('f', 20))::uuid
          and not exists (select from disputed d where d.id = b.order_id)
        order by b.order_id limit $2::integer))";

constexpr auto commands_sql = R"(
    delete from device_command where id in (
        select c.id from device_command c
        where c.ended_at is not null and c.ended_at < instant_of($1::bigint)
        order by c.ended_at limit $2::integer))";

constexpr auto searches_sql = R"(
    delete from search where ctid = any (array(
        select s.ctid from search s
        where s.at < instant_of($1::bigint)
          and not exists (select from service_order o
                          where o.id = s.order_id and o.due_at is not null)
        order by s.at limit $2::integer)))";

constexpr auto maintenance_sql = R"(
    delete from maintenance where ctid = any (array(
        select m.ctid from maintenance m where m.ended_at < instant_of($1::bigint)
        order by m.ended_at limit $2::integer)))";

constexpr auto imports_sql = R"(
    delete from registry_import where id in (
        select i.id from registry_import i where i.at < instant_of($1::bigint)
        order by i.at limit $2::integer))";

// Numbered as they came: the first few tell whether any is old.
constexpr auto edits_sql = R"(
    delete from registry_edit where id in (
        select f.id from (select e.id, e.at from registry_edit e order by e.id limit $2::integer) f
        where f.at < instant_of($1::bigint)))";

constexpr auto looks_sql = R"(
    delete from access_log where id in (
        select l.id from access_log l where l.at < instant_of($1::bigint)
        order by l.at limit $2::integer))";

struct statement_of {
    kept what;
    char const* name;
    char const* sql;
};
constexpr std::array statements{
    statement_of{kept::words, "let_go_words", words_sql},
    statement_of{kept::pictures, "let_go_pictures", pictures_sql},
    statement_of{kept::calls, "let_go_calls", calls_sql},
    statement_of{kept::recordings, "let_go_recordings", recordings_sql},
    statement_of{kept::wishes, "let_go_wishes", wishes_sql},
    statement_of{kept::commands, "let_go_commands", commands_sql},
    statement_of{kept::searches, "let_go_searches", searches_sql},
    statement_of{kept::maintenance, "let_go_maintenance", maintenance_sql},
    statement_of{kept::imports, "let_go_imports", imports_sql},
    statement_of{kept::edits, "let_go_edits", edits_sql},
    statement_of{kept::looks, "let_go_looks", looks_sql},
};
static_assert(statements.size() + 1 == domain::names<kept>::table.size()); // and places

void prepare_all(pqxx::connection& on) {
    on.prepare("let_go_places", places_sql);
    on.prepare("places_from", places_from_sql);
    on.prepare("places_reached", places_reached_sql);
    for (auto const& each : statements)
        on.prepare(each.name, each.sql);
}

// Stretch by stretch from where the last one came to: signals have no index of what still has a
// place, since each press would have to write it.
std::size_t let_go_of_places(pqxx::work& in, domain::instant before, int limit) {
    constexpr std::chrono::days stretch{10};
    auto const start = maybe_time(in.exec_prepared1("places_from", microseconds(before))["start"]);
    if (!start) return 0;
    int gone = 0;
    auto at = *start;
    while (at < before && gone < limit) {
        auto const until = std::min<domain::instant>(at + stretch, before);
        gone += static_cast<int>(
            in.exec_prepared("let_go_places", microseconds(at), microseconds(until), limit - gone)
                .affected_rows());
        at = until;
    }
    in.exec_prepared("places_reached", microseconds(*start), microseconds(at));
    return static_cast<std::size_t>(gone);
}

std::size_t let_go_of(pqxx::work& in, kept what, domain::instant before, int limit) {
    if (what == kept::places) return let_go_of_places(in, before, limit);
    auto const& statement = *std::ranges::find(statements, what, &statement_of::what);
    auto const done = in.exec_prepared(statement.name, microseconds(before), limit);
    return what == kept::words ? let_go_of_words(in, done)
                               : static_cast<std::size_t>(done.affected_rows());
}

std::size_t let_go_of(pqxx::connection& on, kept what, domain::instant before, int limit) {
    pqxx::work in(on);
    auto const gone = let_go_of(in, what, before, limit);
    in.commit();
    return gone;
}

class keeping_on_postgres final : public keeping_database {
public:
    explicit keeping_on_postgres(std::string url) : database_(std::move(url), 1, prepare_all) {}

    runtime::task<record_result<std::size_t>> let_go(kept what, domain::instant before,
                                                     int limit) override {
        auto work = [what, before, limit](pqxx::connection& c) {
            return let_go_of(c, what, before, limit);
        };
        auto done = co_await database_.ask<std::size_t>("let_go", std::move(work));
        co_return done;
    }

    void stop() override { database_.stop(); }

private:
    database_threads database_;
};

} // namespace

std::unique_ptr<keeping_database> open_keeping(std::string url) {
    return std::make_unique<keeping_on_postgres>(std::move(url));
}

} // namespace linli::postgres
