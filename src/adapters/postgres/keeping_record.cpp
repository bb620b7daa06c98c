#include "adapters/postgres/keeping_record.hpp"

#include <array>
#include <string>
#include <utility>

#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/log_words.hpp"
#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

using app::record_result;
using domain::kept;

// Each takes the oldest $2 of what is older than $1. Whatever hangs on something open stays.
constexpr auto places_sql = R"(
    update signal set latitude = null, longitude = null, accuracy_m = null, battery = null,
                      said = null, raw = null
    where event in (
        select s.event from signal s
        where (s.latitude is not null or s.said is not null or s.raw is not null)
          and s.received_at < instant_of($1::bigint)
          and not exists (select from alert a where a.id = s.alert and a.state <> 'closed')
          and not exists (select from request q where q.id = s.request and q.state <> 'closed')
        order by s.received_at limit $2::integer))";

constexpr auto words_sql = R"(
    select l.chain, l.seq, l.personal from log l
    where l.personal is not null and l.at < instant_of($1::bigint)
      and not exists (select from alert a where a.id = l.chain and a.due_at is not null)
      and not exists (select from request q where q.id = l.chain and q.due_at is not null)
      and not exists (select from service_order o where o.id = l.chain and o.due_at is not null)
      and not exists (select from complaint c where c.id = l.chain and c.due_at is not null)
    order by l.at limit $2::integer)";

// The digest stays, as it does in the order's log.
constexpr auto pictures_sql = R"(
    update visit_proof set latitude = null, longitude = null, accuracy_m = null,
                           picture = case when picture is not null then ''::bytea end
    where id in (
        select p.id from visit_proof p
        where (length(p.picture) > 0 or p.latitude is not null)
          and p.came_at < instant_of($1::bigint) and p.logged
          and not exists (select from service_order o
                          where o.id = p.order_id and o.due_at is not null)
        order by p.came_at limit $2::integer))";

constexpr auto calls_sql = R"(
    delete from call where id in (
        select c.id from call c
        where c.first_heard < instant_of($1::bigint) and c.outcome is not null
          and not exists (select from alert a where a.id = c.alert and a.state <> 'closed')
          and not exists (select from request q where q.id = c.request and q.state <> 'closed')
        order by c.first_heard limit $2::integer))";

constexpr auto wishes_sql = R"(
    update booking set words = null where order_id in (
        select b.order_id from booking b join service_order o on o.id = b.order_id
        where b.words is not null and o.due_at is null and o.opened_at < instant_of($1::bigint)
        order by o.opened_at limit $2::integer))";

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
    statement_of{kept::places, "let_go_places", places_sql},
    statement_of{kept::words, "let_go_words", words_sql},
    statement_of{kept::pictures, "let_go_pictures", pictures_sql},
    statement_of{kept::calls, "let_go_calls", calls_sql},
    statement_of{kept::wishes, "let_go_wishes", wishes_sql},
    statement_of{kept::commands, "let_go_commands", commands_sql},
    statement_of{kept::searches, "let_go_searches", searches_sql},
    statement_of{kept::maintenance, "let_go_maintenance", maintenance_sql},
    statement_of{kept::imports, "let_go_imports", imports_sql},
    statement_of{kept::edits, "let_go_edits", edits_sql},
    statement_of{kept::looks, "let_go_looks", looks_sql},
};
static_assert(statements.size() == domain::names<kept>::table.size());

void prepare_all(pqxx::connection& on) {
    for (auto const& each : statements)
        on.prepare(each.name, each.sql);
}

std::size_t let_go_of(pqxx::connection& on, kept what, domain::instant before, int limit) {
    auto const& statement = statements.at(static_cast<std::size_t>(what));
    pqxx::work in(on);
    auto const done = in.exec_prepared(statement.name, microseconds(before), limit);
    auto const gone = what == kept::words ? let_go_of_words(in, done)
                                          : static_cast<std::size_t>(done.affected_rows());
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
