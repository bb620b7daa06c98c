#pragma once

#include <pqxx/connection>

#include "adapters/postgres/key_ring.hpp"
#include "support/city.hpp"
#include "support/memory_deliveries.hpp"

namespace linli::tests {

// Writes the town into an empty database, as an import would.
void write_registry(pqxx::connection& to, postgres::key_ring const& keys, city const& town);

// Whom to tell, in place of whoever was known before. Sites that nobody names lose their numbers.
void write_people(pqxx::connection& to, postgres::key_ring const& keys,
                  std::vector<known_contact> const& contacts, std::vector<known_site> const& sites);

} // namespace linli::tests
