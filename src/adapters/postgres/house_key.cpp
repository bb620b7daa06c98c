#include "adapters/postgres/house_key.hpp"

#include <pqxx/pqxx>

#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

void make_house_key(std::string const& connection_string, key_ring const& keys) {
    pqxx::connection on(connection_string);
    pqxx::nontransaction in(on);
    in.exec_params(
        "insert into house_key (data_key) values ($1::bytea) on conflict (one) do nothing",
        pqxx::binarystring(keys.make_data_key()));
}

bool opens_house_key(pqxx::connection& on, key_ring const& keys) {
    pqxx::nontransaction in(on);
    auto const found = in.exec("select data_key from house_key");
    return found.empty() || keys.opens(bytes(found[0][0]));
}

bool opens_house_key(std::string const& connection_string, key_ring const& keys) {
    pqxx::connection on(connection_string);
    return opens_house_key(on, keys);
}

} // namespace linli::postgres
