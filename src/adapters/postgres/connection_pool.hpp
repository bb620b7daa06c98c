#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <pqxx/pqxx>

namespace linli::postgres {

// A fixed number of connections, opened when first needed and again after they broke. Blocking:
// used from runtime::blocking_pool's threads, of which there are no more than connections.
class connection_pool {
public:
    using preparation = std::function<void(pqxx::connection&)>;

    // `prepare` runs on each fresh connection.
    connection_pool(std::string url, std::size_t most, preparation prepare);

    // Runs `work` on a connection; one that breaks is thrown away. Exceptions go through.
    template <class F>
    auto with(F&& work) {
        auto held = borrow();
        try {
            return work(*held.connection);
        } catch (pqxx::broken_connection const&) {
            held.connection.reset();
            throw;
        } catch (pqxx::in_doubt_error const&) {
            held.connection.reset();
            throw;
        }
    }

private:
    struct loan {
        connection_pool& from;
        std::unique_ptr<pqxx::connection> connection;

        loan(connection_pool& pool, std::unique_ptr<pqxx::connection> c)
            : from(pool), connection(std::move(c)) {}
        loan(loan const&) = delete;
        loan& operator=(loan const&) = delete;
        ~loan() { from.give_back(std::move(connection)); }
    };

    loan borrow();
    std::unique_ptr<pqxx::connection> open_connection();
    void give_back(std::unique_ptr<pqxx::connection> connection);

    std::string url_;
    preparation prepare_;
    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<pqxx::connection>> idle_;
    std::size_t may_open_;
};

} // namespace linli::postgres
