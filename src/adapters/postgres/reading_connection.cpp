#include "adapters/postgres/reading_connection.hpp"

#include <pqxx/pqxx>

#include "adapters/postgres/schema.hpp"

namespace linli::postgres {

std::unique_ptr<pqxx::connection> open_for_reading(std::string const& url) {
    auto on = std::make_unique<pqxx::connection>(url);
    check_version(*on);
    pqxx::nontransaction(*on).exec("set statement_timeout = '60s'; set lock_timeout = '5s'; "
                                   "set timezone = 'UTC'; set jit = off");
    return on;
}

} // namespace linli::postgres
