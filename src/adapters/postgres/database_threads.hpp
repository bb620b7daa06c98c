#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

#include "adapters/postgres/connection_pool.hpp"
#include "adapters/postgres/failures.hpp"
#include "runtime/blocking_pool.hpp"

namespace linli::postgres {

// Connections with a thread each, for somebody who shall take none from others.
class database_threads {
public:
    database_threads(std::string url, std::size_t count, connection_pool::preparation prepare,
                     std::chrono::milliseconds answers_within = connection_pool::usual_limit)
        : connections_(std::move(url), count, std::move(prepare), answers_within), threads_(count) {
    }

    // What `work` answers on a connection, or why there is no answer. `what`: for the log.
    template <class T, class F>
    runtime::task<app::record_result<T>> ask(char const* what, F work) {
        auto job = [this, what, work = std::move(work)] {
            return answer_of<T>(what,
                                [&]() -> app::record_result<T> { return connections_.with(work); });
        };
        auto done = co_await threads_.run(std::move(job));
        co_return done;
    }

    template <class F>
    runtime::task<app::record_result<void>> tell(char const* what, F work) {
        auto saying_so = [work = std::move(work)](pqxx::connection& c) {
            work(c);
            return true;
        };
        auto done = co_await ask<bool>(what, std::move(saying_so));
        if (!done) co_return done.error();
        co_return app::record_result<void>();
    }

    // Waits for what is running.
    void stop() { threads_.stop(); }

private:
    connection_pool connections_;
    runtime::blocking_pool threads_;
};

} // namespace linli::postgres
