#include "adapters/postgres/health_record.hpp"

#include <utility>

#include "adapters/postgres/connection_pool.hpp"
#include "adapters/postgres/failures.hpp"
#include "adapters/postgres/health_rows.hpp"
#include "runtime/blocking_pool.hpp"

namespace linli::postgres {

namespace {

void prepare_all(pqxx::connection& on) {
    prepare_health(on);
    prepare_maintenance(on);
}

class health_on_postgres final : public health_database {
public:
    health_on_postgres(std::string url, key_ring keys)
        : keys_(std::move(keys)), connection_(std::move(url), 1, prepare_all), thread_(1) {}

    runtime::task<app::record_result<app::health_picture>> load() override {
        auto work = [](pqxx::connection& c) { return read_health(c); };
        auto done = co_await on_connection<app::health_picture>("health", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<void>> keep(app::health_changes const& what) override {
        auto work = [&what](pqxx::connection& c) {
            write_health(c, what);
            return true;
        };
        auto done = co_await on_connection<bool>("keep_health", std::move(work));
        if (!done) co_return done.error();
        co_return app::record_result<void>();
    }

    runtime::task<app::record_result<std::vector<app::mended>>>
    mended_since(domain::instant when) override {
        auto work = [when](pqxx::connection& c) { return read_mended(c, when); };
        auto done = co_await on_connection<std::vector<app::mended>>("mended", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::int64_t>> registry_version() override {
        auto work = [](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            return in.exec_prepared1("health_registry_version")["version"].as<std::int64_t>();
        };
        auto done = co_await on_connection<std::int64_t>("registry_version", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<app::maintenance_list>> list(int limit) override {
        auto work = [this, limit](pqxx::connection& c) {
            return read_maintenance(c, keys_, limit);
        };
        auto done = co_await on_connection<app::maintenance_list>("maintenance", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<bool>> mend(app::mended const& what,
                                                 std::string const& who) override {
        auto work = [&what, &who](pqxx::connection& c) { return postgres::mend(c, what, who); };
        auto done = co_await on_connection<bool>("mend", std::move(work));
        co_return done;
    }

    void stop() override { thread_.stop(); }

private:
    template <class T, class F>
    runtime::task<app::record_result<T>> on_connection(char const* what, F work) {
        auto job = [this, what, work = std::move(work)] {
            return answer_of<T>(what, [&] { return connection_.with(work); });
        };
        auto done = co_await thread_.run(std::move(job));
        co_return done;
    }

    key_ring keys_;
    connection_pool connection_;
    runtime::blocking_pool thread_;
};

} // namespace

std::unique_ptr<health_database> open_health(std::string url, key_ring keys) {
    return std::make_unique<health_on_postgres>(std::move(url), std::move(keys));
}

} // namespace linli::postgres
