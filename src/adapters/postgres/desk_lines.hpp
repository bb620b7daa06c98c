#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <pqxx/pqxx>

#include "adapters/postgres/key_ring.hpp"
#include "app/desk_reading.hpp"

namespace linli::postgres {

void prepare_desk_lines(pqxx::connection& on);

// One statement.
std::unordered_map<std::string, app::line_mark> read_open_marks(pqxx::connection& on,
                                                                domain::instant now);
// Three statements, however many there are, on one picture of the tables.
std::vector<app::work_line> read_lines(pqxx::transaction_base& in, key_ring const& keys,
                                       std::vector<domain::uuid> const& ids, domain::instant now);
std::vector<domain::uuid> read_held(pqxx::connection& on, domain::operator_id const& who);
app::follow_ups read_follow_ups(pqxx::connection& on, domain::area_id const& within, int limit);
app::unfinished read_unfinished(pqxx::connection& on, domain::area_id const& within, int limit);
std::optional<domain::uuid> read_owner(pqxx::connection& on, domain::order_id const& id);

} // namespace linli::postgres
