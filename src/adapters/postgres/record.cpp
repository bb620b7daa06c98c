#include "adapters/postgres/record.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "adapters/postgres/audit_reading.hpp"
#include "adapters/postgres/commit.hpp"
#include "adapters/postgres/connection_pool.hpp"
#include "adapters/postgres/device_picture.hpp"
#include "adapters/postgres/failures.hpp"
#include "adapters/postgres/house_key.hpp"
#include "adapters/postgres/loop_lines.hpp"
#include "adapters/postgres/outbox_rows.hpp"
#include "adapters/postgres/overview_reading.hpp"
#include "adapters/postgres/picture.hpp"
#include "adapters/postgres/registry_reading.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/postgres/schema.hpp"
#include "runtime/log.hpp"

namespace linli::postgres {

namespace {

constexpr auto due_sql = R"(
    select 'alert' as what, id, level, microseconds_of(due_at) as due_at
    from (select id, level, due_at from alert where due_at <= instant_of($1::bigint)
          order by level, due_at limit $2::integer) a
    union all
    select 'order', id, level, microseconds_of(due_at)
    from (select id, level, due_at from service_order where due_at <= instant_of($1::bigint)
          order by level, due_at limit $2::integer) o
    union all
    select 'request', id, level, microseconds_of(due_at)
    from (select id, level, due_at from request where due_at <= instant_of($1::bigint)
          order by level, due_at limit $2::integer) q
    order by level, due_at)";

constexpr auto next_due_sql = R"(
    select microseconds_of(least(
        (select min(due_at) from alert where due_at > instant_of($1::bigint)),
        (select min(due_at) from service_order where due_at > instant_of($1::bigint)),
        (select min(due_at) from request where due_at > instant_of($1::bigint)))) as next)";

constexpr auto numbers_sql = R"(
    insert into order_number (day, last) values (to_date($1::text, 'YYYYMMDD'), $2::integer)
    on conflict (day) do update set last = order_number.last + $2::integer
    returning last - $2::integer + 1 as first)";

constexpr auto keep_latest_sql = R"(
    insert into house_clock (latest) values (instant_of($1::bigint))
    on conflict (one) do update set latest = greatest(house_clock.latest, excluded.latest)
    returning microseconds_of(clock_timestamp()) as wall)";

void prepare_all(pqxx::connection& on) {
    prepare_picture(on);
    prepare_commit(on);
    prepare_outbox(on);
    prepare_overview(on);
    prepare_audit(on);
    on.prepare("due", due_sql);
    on.prepare("next_due", next_due_sql);
    on.prepare("numbers", numbers_sql);
    on.prepare("clock", house_times_sql);
    on.prepare("keep_latest", keep_latest_sql);
    on.prepare("registry_version", "select version from registry_version");
    on.prepare("watch_ids", "select id from device where id ~ '^[0-9]{10,15}$'");
    on.prepare("keep_plan", "insert into plan_snapshot (digest, body) values ($1, $2) "
                            "on conflict (digest) do nothing");
    on.prepare("plan_body", "select body from plan_snapshot where digest = $1");
}

app::due_items due_items_of(pqxx::connection& c, domain::instant now, int limit) {
    pqxx::nontransaction in(c);
    app::due_items due;
    for (auto const& r : in.exec_prepared("due", microseconds(now), limit)) {
        auto const what = text(r["what"]);
        auto const at = time(r["due_at"]);
        due.oldest = due.oldest ? std::min(*due.oldest, at) : at;
        if (what == "alert")
            due.alerts.push_back(record_id<domain::alert_id>(r["id"]));
        else if (what == "order")
            due.orders.push_back(record_id<domain::order_id>(r["id"]));
        else
            due.requests.push_back(record_id<domain::request_id>(r["id"]));
    }
    auto const next = in.exec_prepared1("next_due", microseconds(now));
    due.next = maybe_time(next["next"]);
    return due;
}

// What a few presses bring is read and written on the loop. A large batch is put into words on
// another thread: its wakeups cost a press little, and the loop has the next batch to decide.
constexpr std::size_t few = 16;

bool is_few_signals(app::wanted const& what) {
    return !what.signals.empty() && what.signals.size() <= few && what.alerts.empty() &&
           what.requests.empty() && what.orders.empty() && what.offers.empty() &&
           what.accepts.empty() && what.workers.empty() && what.drills.empty() &&
           what.installations.empty() && what.callers.empty() && !what.operators_since &&
           what.false_alarms_of.empty();
}

bool is_small(app::changes const& what) {
    return what.signals.size() <= few && what.alerts.size() <= few && what.orders.size() <= few &&
           !needs_data_keys(what);
}

std::vector<statement> statements_on_loop() {
    auto all = commit_statements();
    all.push_back({"picture_device", device_sql});
    return all;
}

class record_on_postgres final : public database_record {
public:
    record_on_postgres(record_options options, key_ring keys)
        : keys_(std::move(keys)),
          connections_(options.url, options.connections, prepare_all, options.answers_within),
          lines_(options.url, options.loop_lines, statements_on_loop(), options.answers_within),
          threads_(options.connections) {}

    runtime::task<app::record_result<app::view>> read(app::wanted const& what) override {
        if (is_few_signals(what)) {
            auto seen = co_await read_fresh(what);
            if (seen) co_return std::move(*seen);
        }
        auto work = [this, &what](pqxx::connection& c) { return read_picture(c, keys_, what); };
        auto done = co_await on_connection<app::view>("read", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<void>> commit(app::changes const& what) override {
        static std::vector<app::presumed_device> const nothing;
        auto done = co_await commit_if(what, nothing);
        co_return done;
    }

    runtime::task<app::record_result<void>>
    commit_if(app::changes const& what,
              std::vector<app::presumed_device> const& presumed) override {
        if (is_small(what)) {
            auto call = commit_of(keys_, {}, what, presumed);
            auto const done =
                co_await lines_.ask(threads_, std::move(call.name), std::move(call.values));
            if (done) co_return without_value(*done);
        }
        auto work = [this, &what, &presumed](pqxx::connection& c) {
            commit_changes(c, keys_, what, presumed);
            return true;
        };
        auto done = co_await on_connection<bool>("commit", std::move(work));
        co_return without_value(done);
    }

    runtime::task<app::record_result<app::due_items>> due(domain::instant now, int limit) override {
        auto work = [now, limit](pqxx::connection& c) { return due_items_of(c, now, limit); };
        auto done = co_await on_connection<app::due_items>("due", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<int>> reserve_numbers(int day, int count) override {
        auto work = [day, count](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            return in.exec_prepared1("numbers", std::to_string(day), count)["first"].as<int>();
        };
        auto done = co_await on_connection<int>("numbers", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::int64_t>> registry_version() override {
        auto work = [](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            return in.exec_prepared1("registry_version")["version"].as<std::int64_t>();
        };
        auto done = co_await on_connection<std::int64_t>("registry_version", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<app::registry>> load_registry() override {
        auto work = [](pqxx::connection& c) { return read_registry(c); };
        auto done = co_await on_connection<app::registry>("registry", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::vector<app::outbox_row>>>
    take_outbox(domain::instant now, domain::duration lease, int limit) override {
        auto work = [this, now, lease, limit](pqxx::connection& c) {
            return take_outbox_rows(c, keys_, now, lease, limit);
        };
        auto done =
            co_await on_connection<std::vector<app::outbox_row>>("take_outbox", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<void>>
    outbox_sent(std::vector<domain::uuid> const& ids) override {
        auto work = [&ids](pqxx::connection& c) {
            forget_outbox_rows(c, ids);
            return true;
        };
        auto done = co_await on_connection<bool>("outbox_sent", std::move(work));
        co_return without_value(done);
    }

    runtime::task<app::record_result<void>> outbox_forward(domain::instant now,
                                                           domain::instant later) override {
        auto work = [now, later](pqxx::connection& c) {
            bring_outbox_forward(c, now, later);
            return true;
        };
        auto done = co_await on_connection<bool>("outbox_forward", std::move(work));
        co_return without_value(done);
    }

    runtime::task<app::record_result<void>>
    keep_plans(std::vector<std::pair<std::string, std::string>> const& pages) override {
        auto work = [&pages](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            for (auto const& [digest, body] : pages)
                in.exec_prepared("keep_plan", digest, body);
            return true;
        };
        auto done = co_await on_connection<bool>("keep_plans", std::move(work));
        co_return without_value(done);
    }

    runtime::task<app::record_result<std::string>> plan_body(std::string const& digest) override {
        auto work = [digest](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            return text(in.exec_prepared1("plan_body", digest)["body"]);
        };
        auto done = co_await on_connection<std::string>("plan_body", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<app::overview>>
    look(domain::instant now, domain::instant day_began, int limit) override {
        auto work = [now, day_began, limit](pqxx::connection& c) {
            return read_overview(c, now, day_began, limit);
        };
        auto done = co_await on_connection<app::overview>("overview", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::vector<app::offer_line>>>
    offers_of(domain::order_id const& id) override {
        auto work = [id](pqxx::connection& c) { return read_offers(c, id); };
        auto done = co_await on_connection<std::vector<app::offer_line>>("offers", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::vector<app::finding>>>
    audit(domain::instant now, app::audit_limits const& allowed) override {
        auto work = [now, allowed](pqxx::connection& c) { return read_findings(c, now, allowed); };
        auto done = co_await on_connection<std::vector<app::finding>>("audit", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::string>> schema_problem() override {
        auto work = [this](pqxx::connection& c) -> std::string {
            try {
                check_version(c);
            } catch (schema_error const& e) {
                return e.what();
            }
            if (!opens_house_key(c, keys_))
                runtime::log::error("key_file_unfit", {{"why", keys_remedy}});
            return {};
        };
        auto done = co_await on_connection<std::string>("schema", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<times>> clock_times() override {
        auto work = [](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            return house_times_of(in.exec_prepared1("clock"));
        };
        auto done = co_await on_connection<times>("clock", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<domain::instant>>
    keep_latest_time(domain::instant latest) override {
        auto work = [latest](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            return time(in.exec_prepared1("keep_latest", microseconds(latest))["wall"]);
        };
        auto done = co_await on_connection<domain::instant>("keep_latest", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::vector<std::string>>> watch_ids() override {
        auto work = [](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            std::vector<std::string> ids;
            for (auto const& r : in.exec_prepared("watch_ids"))
                ids.push_back(text(r["id"]));
            std::ranges::sort(ids);
            return ids;
        };
        auto done = co_await on_connection<std::vector<std::string>>("watch_ids", std::move(work));
        co_return done;
    }

    void stop() override { threads_.stop(); }

private:
    // Nothing if no line is free, or if more has to be read than the registry.
    runtime::task<std::optional<app::record_result<app::view>>>
    read_fresh(app::wanted const& what) {
        auto [events, devices, subjects] = device_parameters(what);
        statement_values values{std::move(events), std::move(devices), std::move(subjects)};
        auto const rows = co_await lines_.ask(threads_, "picture_device", std::move(values));
        if (!rows) co_return std::nullopt;
        if (!*rows) co_return rows->error();
        app::view seen;
        auto const open = see_devices(**rows, seen);
        if (!open.empty()) co_return std::nullopt;
        co_return seen;
    }

    template <class T>
    static app::record_result<void> without_value(app::record_result<T> const& done) {
        if (!done) return done.error();
        return {};
    }

    // `work` on a thread that may wait.
    template <class T, class F>
    runtime::task<app::record_result<T>> on_connection(char const* what, F work) {
        auto job = [this, what, work = std::move(work)] {
            return answer_of<T>(what, [&] { return connections_.with(work); });
        };
        auto done = co_await threads_.run(std::move(job));
        co_return done;
    }

    key_ring keys_;
    connection_pool connections_;
    loop_lines lines_;
    runtime::blocking_pool threads_;
};

} // namespace

std::unique_ptr<database_record> open_record(record_options options, key_ring keys) {
    return std::make_unique<record_on_postgres>(std::move(options), std::move(keys));
}

} // namespace linli::postgres
