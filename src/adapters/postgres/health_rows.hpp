#pragma once

#include <pqxx/pqxx>

#include "adapters/postgres/key_ring.hpp"
#include "app/health_record.hpp"

namespace linli::postgres {

void prepare_health(pqxx::connection& on);

app::health_picture read_health(pqxx::connection& from);
void write_health(pqxx::connection& to, app::health_changes const& what);
std::vector<app::mended> read_mended(pqxx::connection& from, domain::instant since);
bool mend(pqxx::connection& on, app::mended const& what, std::string const& who);

void prepare_maintenance(pqxx::connection& on);
app::maintenance_list read_maintenance(pqxx::connection& from, key_ring const& keys, int limit);

} // namespace linli::postgres
