#include "adapters/postgres/answer_limit.hpp"

#include <sys/socket.h>

#include "runtime/log.hpp"

namespace linli::postgres {

using std::chrono::steady_clock;

answer_limit::answer_limit(std::chrono::milliseconds most)
    : most_(most), thread_([this] { run(); }) {}

answer_limit::~answer_limit() {
    {
        std::lock_guard const lock(mutex_);
        stopped_ = true;
    }
    stops_.notify_one();
    thread_.join();
}

void answer_limit::run() {
    std::unique_lock lock(mutex_);
    while (!stops_.wait_for(lock, most_, [this] { return stopped_; }))
        cut_those_late();
}

void answer_limit::cut_those_late() {
    auto const now = steady_clock::now();
    for (auto const& [socket, since] : watched_) {
        if (now - since < most_) return;
        ::shutdown(socket, SHUT_RDWR);
        runtime::log::warning("database_hangs",
                              {{"limit_ms", most_.count()}, {"meanwhile", "a new connection"}});
    }
}

answer_limit::watch::watch(answer_limit& by, int socket) : by_(by) {
    std::lock_guard const lock(by_.mutex_);
    mine_ = by_.watched_.emplace(by_.watched_.end(), socket, steady_clock::now());
}

answer_limit::watch::~watch() {
    std::lock_guard const lock(by_.mutex_);
    by_.watched_.erase(mine_);
}

} // namespace linli::postgres
