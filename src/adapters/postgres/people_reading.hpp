#pragma once

#include <vector>

#include <pqxx/pqxx>

#include "adapters/postgres/delivery_record.hpp"
#include "adapters/postgres/key_ring.hpp"

namespace linli::postgres {

void prepare_people(pqxx::connection& on);

std::vector<app::person> read_people(pqxx::connection& on, key_ring const& keys,
                                     domain::notice const& about);
app::address_card read_card(pqxx::connection& on, key_ring const& keys, domain::delivery const& of);
std::vector<delivery_database::contact_address>
read_contacts(pqxx::connection& on, key_ring const& keys, domain::resident_id const& resident);
void keep_contact_trial(pqxx::connection& on, delivery_database::trial const& what);

} // namespace linli::postgres
