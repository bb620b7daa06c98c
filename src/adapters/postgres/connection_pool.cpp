#include "adapters/postgres/connection_pool.hpp"

#include <utility>

namespace linli::postgres {

namespace {

// A statement that takes longer counts as "the database is away". The server cancels it, and the
// batch is tried again.
//
// Every statement is prepared and finds its rows by key. Without force_generic_plan the picture was
// planned anew for each batch, which took five times as long as reading it. A plan that is kept
// must not have been made for tables that were small then: never a sequential scan where an index
// serves, and no compiler for plans that only look dear.
constexpr auto session_settings = "set statement_timeout = '10s'; set lock_timeout = '5s'; "
                                  "set idle_in_transaction_session_timeout = '10s'; "
                                  "set timezone = 'UTC'; set plan_cache_mode = force_generic_plan; "
                                  "set enable_seqscan = off; set jit = off";

} // namespace

connection_pool::connection_pool(std::string url, std::size_t most, preparation prepare)
    : url_(std::move(url)), prepare_(std::move(prepare)), may_open_(most) {}

connection_pool::loan connection_pool::borrow() {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [this] { return !idle_.empty() || may_open_ > 0; });
    if (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        return {*this, std::move(connection)};
    }
    --may_open_;
    lock.unlock();
    try {
        return {*this, open_connection()};
    } catch (...) {
        give_back(nullptr);
        throw;
    }
}

std::unique_ptr<pqxx::connection> connection_pool::open_connection() {
    auto connection = std::make_unique<pqxx::connection>(url_);
#if PQXX_VERSION_MAJOR < 7
    // libpqxx 6 would reconnect by itself and hide an outage in the middle of a batch.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection->inhibit_reactivation(true);
#pragma GCC diagnostic pop
#endif
    pqxx::nontransaction setting(*connection);
    setting.exec(session_settings);
    setting.commit();
    prepare_(*connection);
    return connection;
}

void connection_pool::give_back(std::unique_ptr<pqxx::connection> connection) {
    std::lock_guard const lock(mutex_);
    if (connection)
        idle_.push_back(std::move(connection));
    else
        ++may_open_;
    returned_.notify_one();
}

} // namespace linli::postgres
