#pragma once

#include <pqxx/pqxx>

#include "adapters/postgres/key_ring.hpp"
#include "app/record.hpp"

namespace linli::postgres {

// Reads what a batch needs: one statement for fresh signals; up to three more for whatever open
// alerts, requests, orders and offers hang together with them.
app::view read_picture(pqxx::connection& from, key_ring const& keys, app::wanted const& what);

// Where there has been violence, nobody goes alone (field-rules 16).
app::home_facts home_of(domain::area_id const& area, pqxx::row const& r);

void prepare_picture(pqxx::connection& on);

} // namespace linli::postgres
