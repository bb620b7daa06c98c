#pragma once

#include <vector>

#include <pqxx/pqxx>

#include "adapters/postgres/key_ring.hpp"
#include "app/record.hpp"

namespace linli::postgres {

// How a message lies in the outbox: it may hold a name and a door.
inline constexpr purpose outbox_payload{"outbox"};

// Rows whose time has come, oldest first, taken for `lease`: nobody else gets them meanwhile.
std::vector<app::outbox_row> take_outbox_rows(pqxx::connection& from, key_ring const& keys,
                                              domain::instant now, domain::duration lease,
                                              int limit);

void bring_outbox_forward(pqxx::connection& in, domain::instant now, domain::instant later);

void forget_outbox_rows(pqxx::connection& in, std::vector<domain::uuid> const& ids);

void prepare_outbox(pqxx::connection& on);

} // namespace linli::postgres
