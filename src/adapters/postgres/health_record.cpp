#include "adapters/postgres/health_record.hpp"

#include <utility>

#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/health_rows.hpp"

namespace linli::postgres {

namespace {

void prepare_all(pqxx::connection& on) {
    prepare_health(on);
    prepare_maintenance(on);
}

using devices = app::record_result<std::vector<app::supervised_device>>;

class health_on_postgres final : public health_database {
public:
    health_on_postgres(std::string url, key_ring keys)
        : keys_(std::move(keys)), database_(std::move(url), 1, prepare_all) {}

    runtime::task<app::record_result<app::health_frame>> frame() override {
        auto work = [](pqxx::connection& c) { return read_health_frame(c); };
        auto done = co_await database_.ask<app::health_frame>("health", std::move(work));
        co_return done;
    }

    runtime::task<devices> devices_after(domain::device_id const& last, std::size_t most) override {
        auto work = [&last, most](pqxx::connection& c) {
            return read_devices_after(c, last, most);
        };
        auto done = co_await database_.ask<devices::value_type>("health", std::move(work));
        co_return done;
    }

    runtime::task<devices> devices_among(std::vector<domain::device_id> const& ids) override {
        auto work = [&ids](pqxx::connection& c) { return read_devices_among(c, ids); };
        auto done = co_await database_.ask<devices::value_type>("health", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<app::registry_news>> news_since(std::int64_t edit) override {
        auto work = [edit](pqxx::connection& c) { return read_news(c, edit); };
        auto done = co_await database_.ask<app::registry_news>("registry_news", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<void>> keep(app::health_changes const& what) override {
        auto work = [&what](pqxx::connection& c) { write_health(c, what); };
        auto done = co_await database_.tell("keep_health", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::vector<app::mended>>>
    mended_since(domain::instant when) override {
        auto work = [when](pqxx::connection& c) { return read_mended(c, when); };
        auto done = co_await database_.ask<std::vector<app::mended>>("mended", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<app::maintenance_list>> list(int limit) override {
        auto work = [this, limit](pqxx::connection& c) {
            return read_maintenance(c, keys_, limit);
        };
        auto done = co_await database_.ask<app::maintenance_list>("maintenance", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<bool>> mend(app::mended const& what,
                                                 std::string const& who) override {
        auto work = [&what, &who](pqxx::connection& c) { return postgres::mend(c, what, who); };
        auto done = co_await database_.ask<bool>("mend", std::move(work));
        co_return done;
    }

    void stop() override { database_.stop(); }

private:
    key_ring keys_;
    database_threads database_;
};

} // namespace

std::unique_ptr<health_database> open_health(std::string url, key_ring keys) {
    return std::make_unique<health_on_postgres>(std::move(url), std::move(keys));
}

} // namespace linli::postgres
