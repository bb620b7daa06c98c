#pragma once

#include <vector>

#include <pqxx/pqxx>

#include "app/desk_reading.hpp"

namespace linli::postgres {

void prepare_desk_signals(pqxx::connection& on);

// Of an alert or request, oldest first, at most 1000. One statement.
std::vector<app::signal_seen> read_signals(pqxx::connection& on, domain::uuid const& id);

} // namespace linli::postgres
