#pragma once

#include <vector>

#include <pqxx/pqxx>

#include "adapters/postgres/key_ring.hpp"
#include "app/desk_reading.hpp"

namespace linli::postgres {

void prepare_desk_calls(pqxx::connection& on);

// Those of `ids` that are calls, as lines, behind what is there already.
void add_calls(pqxx::transaction_base& in, key_ring const& keys,
               std::vector<domain::uuid> const& ids, domain::instant now,
               std::vector<app::work_line>& to);

} // namespace linli::postgres
