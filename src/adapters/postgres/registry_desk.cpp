#include "adapters/postgres/registry_desk.hpp"

#include <utility>

#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/registry_import.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/postgres/sheet_change.hpp"
#include "adapters/postgres/sheet_reading.hpp"

namespace linli::postgres {

namespace {

using app::record_result;
using app::registry_desk;
using maybe_record = std::optional<app::registry_record>;
using import_answer = std::variant<app::registry_imported, registry_desk::refusal>;

constexpr std::size_t threads = 2;
constexpr std::chrono::milliseconds bulk_limit{60'000};
// The sessions' plans are made for a press (connection_pool), not for a hundred thousand rows.
constexpr auto take_time = "set local statement_timeout = '50s'; "
                           "set local idle_in_transaction_session_timeout = '50s'; "
                           "set local plan_cache_mode = auto";
// An import may take longer than anybody waits: its job goes on without him (app/import_desk). The
// server reads the files while its transaction is idle.
constexpr std::chrono::milliseconds import_limit{600'000};
// A stop of the server waits for the statement that runs: for less than systemd's TimeoutStopSec.
constexpr auto take_import_time = "set local statement_timeout = '50s'; "
                                  "set local lock_timeout = '50s'; "
                                  "set local idle_in_transaction_session_timeout = '120s'; "
                                  "set local plan_cache_mode = auto; set local enable_seqscan = on";
// Held by an import until its transaction has ended, also when its server is gone.
constexpr auto hold_sql =
    "select pg_advisory_xact_lock(hashtextextended('registry_import ' || $1::text, 0))";
constexpr auto is_held_sql = "select not pg_try_advisory_xact_lock_shared("
                             "hashtextextended('registry_import ' || $1::text, 0))";
constexpr auto keep_trace_sql = "insert into registry_import (id, at, by_who, area)"
                                " values ($1::uuid, instant_of($2::bigint), $3, $4)";
constexpr auto trace_sql =
    "select microseconds_of(at), by_who, area from registry_import where id = $1::uuid";
constexpr int edits_told = 20;

// Its watch wants it no longer. Caught where the import began, after all has been rolled back.
struct given_up {};

void prepare_nothing(pqxx::connection&) {}

class registry_on_postgres final : public registry_database {
public:
    registry_on_postgres(std::string const& url, key_ring keys, app::clock& time,
                         app::registry_form form)
        : keys_(std::move(keys)), form_(std::move(form)), time_(time),
          quick_(url, threads, prepare_nothing), bulk_(url, threads, prepare_nothing, bulk_limit),
          imports_(url, 1, prepare_nothing, import_limit) {}

    runtime::task<record_result<app::registry_page>>
    page(app::account const& who, app::registry_question const& what) override {
        auto work = [this, &who, &what](pqxx::connection& c) {
            pqxx::work in(c);
            auto const viewer = viewer_of(in, who);
            return read_page(in, tools(), viewer, what);
        };
        auto done = co_await quick_.ask<app::registry_page>("registry_page", std::move(work));
        co_return done;
    }

    runtime::task<record_result<maybe_record>> record(app::account const& who, domain::sheet sheet,
                                                      std::string const& key,
                                                      bool in_clear) override {
        auto work = [this, &who, sheet, &key, in_clear](pqxx::connection& c) -> maybe_record {
            pqxx::work in(c);
            auto const viewer = viewer_of(in, who);
            auto const found = find_record(in, tools(), viewer, sheet, key);
            if (!found) return std::nullopt;
            auto record = told(tools(), viewer, sheet, *found, in_clear);
            record.edits = edits_of(in, keys_, sheet, key, edits_told);
            return record;
        };
        auto done = co_await quick_.ask<maybe_record>("registry_record", std::move(work));
        co_return done;
    }

    runtime::task<record_result<app::registry_changed>>
    change(app::account const& who, app::registry_change const& what) override {
        auto work = [this, &who, &what, now = time_.now()](pqxx::connection& c) {
            pqxx::work in(c);
            return change_record(in, tools(), who, what, now);
        };
        auto done = co_await quick_.ask<app::registry_changed>("registry_change", std::move(work));
        co_return done;
    }

    runtime::task<record_result<bool>> has_all(app::account const& who) override {
        auto work = [&who](pqxx::connection& c) {
            pqxx::work in(c);
            return viewer_of(in, who).has_all;
        };
        auto done = co_await quick_.ask<bool>("registry_area", std::move(work));
        co_return done;
    }

    runtime::task<record_result<import_answer>> import(app::account const& who, import_order order,
                                                       app::import_watch& watch) override {
        auto work = [this, &who, &watch, order = std::move(order),
                     now = time_.now()](pqxx::connection& c) -> import_answer {
            auto const given = order.files();
            if (!given) return refusal::not_understood;
            try {
                pqxx::work in(c);
                return loaded(in, who, order, *given, watch, now);
            } catch (given_up const&) {
                return refusal::cancelled;
            }
        };
        auto done = co_await imports_.ask<import_answer>("registry_import", std::move(work));
        co_return done;
    }

    // First whether it runs: what has ended meanwhile is seen by the second statement.
    runtime::task<record_result<app::import_trace>> trace(domain::uuid const& which) override {
        auto work = [id = to_string(which)](pqxx::connection& c) {
            pqxx::work in(c);
            app::import_trace left;
            left.is_running = in.exec_params1(is_held_sql, id)[0].as<bool>();
            if (left.is_running) return left;
            for (auto const& row : in.exec_params(trace_sql, id))
                left.done = app::import_trace::commit{time(row[0]), {text(row[1])}, {text(row[2])}};
            return left;
        };
        auto done = co_await quick_.ask<app::import_trace>("registry_trace", std::move(work));
        co_return done;
    }

    runtime::task<record_result<app::registry_file>>
    file(app::account const& who, domain::sheet sheet, bool in_clear) override {
        auto work = [this, &who, sheet, in_clear](pqxx::connection& c) {
            pqxx::work in(c);
            auto const viewer = viewer_of(in, who);
            in.exec(take_time);
            auto made = form_.write_file(sheet, read_sheet(in, tools(), viewer, sheet, in_clear));
            // Half of its columns are hidden from her: no import may take it for the whole.
            if (viewer.company) made.name = "company-" + made.name;
            return made;
        };
        auto done = co_await bulk_.ask<app::registry_file>("registry_file", std::move(work));
        co_return done;
    }

    void stop() override {
        quick_.stop();
        bulk_.stop();
        imports_.stop();
    }

private:
    registry_tools tools() const { return {keys_, form_}; }

    // A check does all of it, too, and then lets go of it: its counts are what would have happened.
    app::registry_imported loaded(pqxx::work& in, app::account const& who,
                                  import_order const& order,
                                  std::vector<app::registry_file> const& files,
                                  app::import_watch& watch, domain::instant now) const {
        app::import_progress const progress = [&watch](app::import_step const& step) {
            watch.is_at(step);
            if (!watch.is_wanted()) throw given_up();
        };
        auto const id = to_string(order.id);
        in.exec(take_import_time);
        in.exec_params(hold_sql, id);
        lock_registry(in);
        progress({});
        auto read = form_.read_files(files, read_known(in));
        app::registry_imported answer;
        answer.found = {std::move(read.problems), std::move(read.warnings)};
        if (answer.found.mistakes.count > 0) return answer;
        progress({"", 0, read.rows.size()});
        answer.sheets = import_rows(in, keys_, read, now, progress).sheets;
        if (order.what == doing::check) return answer;
        note_import(in, who.user, now, answer.sheets);
        in.exec_params(keep_trace_sql, id, microseconds(now), who.user.value, who.area.value);
        if (!watch.may_commit()) throw given_up();
        in.commit();
        answer.is_done = true;
        return answer;
    }

    key_ring keys_;
    app::registry_form form_;
    app::clock& time_;
    database_threads quick_;
    database_threads bulk_;
    database_threads imports_;
};

} // namespace

std::unique_ptr<registry_database> open_registry(std::string url, key_ring keys, app::clock& time,
                                                 app::registry_form form) {
    return std::make_unique<registry_on_postgres>(url, std::move(keys), time, std::move(form));
}

} // namespace linli::postgres
