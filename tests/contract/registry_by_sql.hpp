#pragma once

#include <pqxx/connection>

#include "adapters/postgres/key_ring.hpp"
#include "support/city.hpp"

namespace linli::tests {

// Writes the town into an empty database, as an import would.
void write_registry(pqxx::connection& to, postgres::key_ring const& keys, city const& town);

} // namespace linli::tests
