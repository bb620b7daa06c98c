#include "adapters/postgres/wait_check_record.hpp"

#include <utility>

#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/rows.hpp"
#include "domain/hotline.hpp"

namespace linli::postgres {

namespace {

// Those that wait now, and by an index of their own all that have waited: a call may have been
// written down long after its end.
constexpr auto open_due_sql = R"(
    insert into wait_check (call, opened_at)
    select c.id, instant_of($1::bigint) from call c
    where c.source = 'hotline' and c.ended_at is null and c.answered_at is null
      and c.rang_at < instant_of($2::bigint) and c.rang_at > instant_of($3::bigint)
    union
    select c.id, instant_of($1::bigint) from call c
    where c.source = 'hotline'
      and coalesce(c.answered_at, c.ended_at) - c.rang_at > interval '180 seconds'
      and not exists (select from wait_check k where k.call = c.id)
    on conflict (call) do nothing)";
static_assert(domain::answered_late_within == domain::seconds(180)); // as its index says

#define LINLI_CHECKS_MEANT                                                                         \
    "from wait_check k join call c on c.id = k.call left join area ar on ar.code = c.area "        \
    "where (c.area = $1 or ar.path <@ (select path from area where code = $1)) "                   \
    "and (k.closed_at is null) = $2::boolean "
constexpr auto count_sql = "select count(*) " LINLI_CHECKS_MEANT;
constexpr auto list_sql =
    "select k.call, c.called, c.area, ar.name as area_name, microseconds_of(c.rang_at) as rang_at, "
    "microseconds_of(c.answered_at) as answered_at, microseconds_of(c.ended_at) as ended_at, "
    "c.seat, microseconds_of(k.opened_at) as opened_at, microseconds_of(k.closed_at) as closed_at, "
    "k.closed_by, k.personal " LINLI_CHECKS_MEANT
    "order by k.closed_at desc nulls first, k.opened_at, k.call limit $3::integer "
    "offset $4::integer";

constexpr auto close_sql = R"(
    update wait_check set closed_at = instant_of($2::bigint), closed_by = $3, personal = $4::bytea
    where call = $1::uuid and closed_at is null)";
constexpr auto is_known_sql = "select from wait_check where call = $1::uuid";

void prepare_all(pqxx::connection& on) {
    on.prepare("open_due_checks", open_due_sql);
    on.prepare("checks_counted", count_sql);
    on.prepare("checks", list_sql);
    on.prepare("close_check", close_sql);
    on.prepare("is_check", is_known_sql);
}

app::wait_check check_of(pqxx::row const& r, key_ring const& keys) {
    app::wait_check one;
    one.call = record_id<domain::call_id>(r["call"]);
    one.called = text(r["called"]);
    one.area = {text(r["area"])};
    one.area_name = text(r["area_name"]);
    one.came_at = time(r["rang_at"]);
    one.answered_at = maybe_time(r["answered_at"]);
    one.ended_at = maybe_time(r["ended_at"]);
    one.seat = text(r["seat"]);
    one.opened_at = time(r["opened_at"]);
    one.closed_at = maybe_time(r["closed_at"]);
    one.closed_by = {text(r["closed_by"])};
    if (!r["personal"].is_null())
        one.words = keys.open(check_sealed_for, bytes(r["personal"])).value_or("");
    return one;
}

app::wait_check_page read_page(pqxx::connection& on, key_ring const& keys,
                               app::wait_check_question const& q) {
    pqxx::nontransaction in(on);
    app::wait_check_page page;
    page.total =
        in.exec_prepared1("checks_counted", q.area.value, q.is_open)[0].as<std::uint32_t>();
    for (auto const& r :
         in.exec_prepared("checks", q.area.value, q.is_open, q.per_page, (q.page - 1) * q.per_page))
        page.lines.push_back(check_of(r, keys));
    return page;
}

class wait_checks_on_postgres final : public wait_check_database {
public:
    wait_checks_on_postgres(std::string url, key_ring keys)
        : keys_(std::move(keys)), database_(std::move(url), 1, prepare_all) {}

    runtime::task<app::record_result<int>> open_due(domain::instant now) override {
        auto work = [now](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            auto const done = in.exec_prepared("open_due_checks", microseconds(now),
                                               microseconds(now - domain::answered_late_within),
                                               microseconds(now - domain::longest_call));
            return static_cast<int>(done.affected_rows());
        };
        auto done = co_await database_.ask<int>("open_due_checks", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<app::wait_check_page>>
    list(app::wait_check_question const& what) override {
        auto work = [this, &what](pqxx::connection& c) { return read_page(c, keys_, what); };
        auto done = co_await database_.ask<app::wait_check_page>("checks", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<app::check_closing>> close(domain::call_id id,
                                                                domain::operator_id by,
                                                                std::string words,
                                                                domain::instant at) override {
        auto work = [&](pqxx::connection& c) {
            column sealed;
            sealed.alone();
            sealed.bytes(keys_.seal(check_sealed_for, words));
            pqxx::nontransaction in(c);
            auto const done = in.exec_prepared("close_check", to_string(id), microseconds(at),
                                               by.value, sealed.parameter());
            if (done.affected_rows() == 1) return app::check_closing::closed;
            return in.exec_prepared("is_check", to_string(id)).empty()
                       ? app::check_closing::unknown
                       : app::check_closing::closed_before;
        };
        auto done = co_await database_.ask<app::check_closing>("close_check", std::move(work));
        co_return done;
    }

    void stop() override { database_.stop(); }

private:
    key_ring keys_;
    database_threads database_;
};

} // namespace

std::unique_ptr<wait_check_database> open_wait_checks(std::string url, key_ring keys) {
    return std::make_unique<wait_checks_on_postgres>(std::move(url), std::move(keys));
}

} // namespace linli::postgres
