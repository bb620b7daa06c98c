#pragma once

#include <pqxx/pqxx>

#include "adapters/postgres/key_ring.hpp"
#include "app/record.hpp"

namespace linli::postgres {

// Writes everything in one statement, which is one transaction of its own: one round trip, and
// nothing of it holds unless all of it does. Throws pqxx's exceptions; sqlstate 40001 or a unique
// violation say that a race was lost.
void commit_changes(pqxx::connection& to, key_ring const& keys, app::changes const& what);

void prepare_commit(pqxx::connection& on);

} // namespace linli::postgres
