#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <pqxx/pqxx>

#include "adapters/postgres/answer_limit.hpp"

namespace linli::postgres {

// A fixed number of connections, opened when first needed and again after they broke. Blocking:
// used from runtime::blocking_pool's threads, of which there are no more than connections. Work
// that gets no answer within the limit ends as on a broken connection.
class connection_pool {
public:
    using preparation = std::function<void(pqxx::connection&)>;

    // Twice what the database itself allows a statement.
    static constexpr std::chrono::milliseconds usual_limit{20'000};

    // `prepare` runs on each fresh connection.
    connection_pool(std::string url, std::size_t most, preparation prepare,
                    std::chrono::milliseconds answers_within = usual_limit);

    // Runs `work` on a connection; one that breaks is thrown away. Exceptions go through.
    template <class F>
    auto with(F&& work) {
        auto held = borrow();
        try {
            answer_limit::watch const watched(limit_, held.its->socket);
            return work(held.its->connection);
        } catch (pqxx::broken_connection const&) {
            held.its.reset();
            throw;
        } catch (pqxx::in_doubt_error const&) {
            held.its.reset();
            throw;
        }
    }

private:
    // The socket is a descriptor of our own for libpq's, which may close that at any time.
    struct line {
        pqxx::connection connection;
        int socket;

        explicit line(std::string const& url);
        line(line const&) = delete;
        line& operator=(line const&) = delete;
        ~line();
    };

    struct loan {
        connection_pool& from;
        std::unique_ptr<line> its;

        loan(connection_pool& pool, std::unique_ptr<line> l) : from(pool), its(std::move(l)) {}
        loan(loan const&) = delete;
        loan& operator=(loan const&) = delete;
        ~loan() { from.give_back(std::move(its)); }
    };

    loan borrow();
    std::unique_ptr<line> open();
    void give_back(std::unique_ptr<line> one);

    std::string url_;
    preparation prepare_;
    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<line>> idle_;
    std::size_t may_open_;
    answer_limit limit_;
};

} // namespace linli::postgres
