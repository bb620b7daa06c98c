#pragma once

#include <optional>

#include <pqxx/pqxx>

#include "adapters/postgres/key_ring.hpp"
#include "app/desk_reading.hpp"

namespace linli::postgres {

void prepare_desk_card(pqxx::connection& on);

// Nothing if there is neither an alert nor a request of that id. At most 16 statements: three for
// the line, five for whom it is about, two for its orders, one for the log, five for what else is
// or was at that home.
std::optional<app::alert_card> read_card(pqxx::transaction_base& in, key_ring const& keys,
                                         domain::uuid const& id, domain::instant now);

} // namespace linli::postgres
