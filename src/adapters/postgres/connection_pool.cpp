#include "adapters/postgres/connection_pool.hpp"

#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "adapters/postgres/session.hpp"

namespace linli::postgres {

connection_pool::connection_pool(std::string url, std::size_t most, preparation prepare,
                                 std::chrono::milliseconds answers_within)
    : url_(session_url(std::move(url))), prepare_(std::move(prepare)), may_open_(most),
      limit_(answers_within) {}

connection_pool::line::line(std::string const& url)
    : connection(url), socket(::fcntl(connection.sock(), F_DUPFD_CLOEXEC, 0)) {
#if PQXX_VERSION_MAJOR < 7
    // libpqxx 6 would reconnect by itself and hide an outage in the middle of a batch.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection.inhibit_reactivation(true);
#pragma GCC diagnostic pop
#endif
}

connection_pool::line::~line() {
    if (socket >= 0) ::close(socket);
}

connection_pool::loan connection_pool::borrow() {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [this] { return !idle_.empty() || may_open_ > 0; });
    if (!idle_.empty()) {
        auto one = std::move(idle_.back());
        idle_.pop_back();
        return {*this, std::move(one)};
    }
    --may_open_;
    lock.unlock();
    try {
        return {*this, open()};
    } catch (...) {
        give_back(nullptr);
        throw;
    }
}

std::unique_ptr<connection_pool::line> connection_pool::open() {
    auto fresh = std::make_unique<line>(url_);
    answer_limit::watch const watched(limit_, fresh->socket);
    pqxx::nontransaction setting(fresh->connection);
    setting.exec(session_settings);
    setting.commit();
    prepare_(fresh->connection);
    return fresh;
}

void connection_pool::give_back(std::unique_ptr<line> one) {
    std::lock_guard const lock(mutex_);
    if (one)
        idle_.push_back(std::move(one));
    else
        ++may_open_;
    returned_.notify_one();
}

} // namespace linli::postgres
