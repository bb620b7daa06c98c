#include "adapters/postgres/house_key.hpp"

#include <pqxx/pqxx>

namespace linli::postgres {

void make_house_key(std::string const& connection_string, key_ring const& keys) {
    pqxx::connection on(connection_string);
    pqxx::nontransaction in(on);
    in.exec_params(
        "insert into house_key (data_key) values ($1::bytea) on conflict (one) do nothing",
        pqxx::binarystring(keys.make_data_key()));
}

} // namespace linli::postgres
