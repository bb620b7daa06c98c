#include "adapters/postgres/registry_desk.hpp"

#include <utility>

#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/registry_import.hpp"
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
constexpr int edits_told = 20;

void prepare_nothing(pqxx::connection&) {}

class registry_on_postgres final : public registry_database {
public:
    registry_on_postgres(std::string const& url, key_ring keys, app::clock& time,
                         app::registry_form form)
        : keys_(std::move(keys)), form_(std::move(form)), time_(time),
          quick_(url, threads, prepare_nothing), bulk_(url, threads, prepare_nothing, bulk_limit) {}

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

    runtime::task<record_result<import_answer>> import(app::account const& who, doing what,
                                                       file_source files) override {
        auto work = [this, &who, what, files = std::move(files),
                     now = time_.now()](pqxx::connection& c) -> import_answer {
            pqxx::work in(c);
            if (!viewer_of(in, who).has_all) return refusal::not_everything;
            auto const given = files();
            if (!given) return refusal::not_understood;
            in.exec(take_time);
            return loaded(in, who, what, *given, now);
        };
        auto done = co_await bulk_.ask<import_answer>("registry_import", std::move(work));
        co_return done;
    }

    runtime::task<record_result<app::registry_file>>
    file(app::account const& who, domain::sheet sheet, bool in_clear) override {
        auto work = [this, &who, sheet, in_clear](pqxx::connection& c) {
            pqxx::work in(c);
            auto const viewer = viewer_of(in, who);
            in.exec(take_time);
            return form_.write_file(sheet, read_sheet(in, tools(), viewer, sheet, in_clear));
        };
        auto done = co_await bulk_.ask<app::registry_file>("registry_file", std::move(work));
        co_return done;
    }

    void stop() override {
        quick_.stop();
        bulk_.stop();
    }

private:
    registry_tools tools() const { return {keys_, form_}; }

    // A check does all of it, too, and then lets go of it: its counts are what would have happened.
    app::registry_imported loaded(pqxx::work& in, app::account const& who, doing what,
                                  std::vector<app::registry_file> const& files,
                                  domain::instant now) const {
        lock_registry(in);
        auto read = form_.read_files(files, read_known(in));
        app::registry_imported answer;
        answer.found = {std::move(read.problems), std::move(read.warnings)};
        if (answer.found.mistakes.count > 0) return answer;
        answer.sheets = import_rows(in, keys_, read.rows, now).sheets;
        if (what == doing::check) return answer;
        note_import(in, who.user, now, answer.sheets);
        in.commit();
        answer.is_done = true;
        return answer;
    }

    key_ring keys_;
    app::registry_form form_;
    app::clock& time_;
    database_threads quick_;
    database_threads bulk_;
};

} // namespace

std::unique_ptr<registry_database> open_registry(std::string url, key_ring keys, app::clock& time,
                                                 app::registry_form form) {
    return std::make_unique<registry_on_postgres>(url, std::move(keys), time, std::move(form));
}

} // namespace linli::postgres
