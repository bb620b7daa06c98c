#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <pqxx/pqxx>

#include "adapters/postgres/key_ring.hpp"
#include "app/health_record.hpp"

namespace linli::postgres {

void prepare_health(pqxx::connection& on);

app::health_frame read_health_frame(pqxx::connection& from);
std::vector<app::supervised_device>
read_devices_after(pqxx::connection& from, domain::device_id const& last, std::size_t most);
std::vector<app::supervised_device> read_devices_among(pqxx::connection& from,
                                                       std::vector<domain::device_id> const& ids);
app::registry_news read_news(pqxx::connection& from, std::int64_t edit);
void write_health(pqxx::connection& to, app::health_changes const& what);
std::vector<app::mended> read_mended(pqxx::connection& from, domain::instant since);
bool mend(pqxx::connection& on, app::mended const& what, std::string const& who);

void prepare_maintenance(pqxx::connection& on);
app::maintenance_list read_maintenance(pqxx::connection& from, key_ring const& keys, int limit);

} // namespace linli::postgres
