#pragma once

#include <pqxx/pqxx>

#include "adapters/postgres/key_ring.hpp"
#include "app/record.hpp"

namespace linli::postgres {

// Reads what a batch needs: one statement for fresh signals; up to three more for whatever open
// alerts, requests, orders and offers hang together with them. Of one moment if there is no signal
// among what is wanted.
app::view read_picture(pqxx::connection& from, key_ring const& keys, app::wanted const& what);

void prepare_picture(pqxx::connection& on);

} // namespace linli::postgres
