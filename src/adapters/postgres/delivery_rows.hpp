#pragma once

#include <vector>

#include <pqxx/pqxx>

#include "app/delivery_record.hpp"

namespace linli::postgres {

void prepare_deliveries(pqxx::connection& on);

void expand_notice(pqxx::connection& on, domain::uuid const& notice,
                   std::vector<domain::delivery> const& fresh);
std::vector<domain::delivery> take_deliveries(pqxx::connection& on,
                                              app::delivery_record::lane which, domain::instant now,
                                              domain::duration lease, int limit);
void settle_deliveries(pqxx::connection& on, std::vector<domain::delivery> const& changed,
                       std::vector<domain::delivery> const& fresh);
std::vector<domain::delivery> unlogged_deliveries(pqxx::connection& on, int limit);
void mark_logged(pqxx::connection& on, std::vector<domain::delivery_id> const& ids);
std::vector<domain::event_id> keep_degraded_deliveries(pqxx::connection& on,
                                                       std::vector<domain::delivery> const& told);
std::size_t forget_deliveries(pqxx::connection& on, domain::instant before, int limit);
app::unsent unsent_deliveries(pqxx::connection& on, domain::instant now);

} // namespace linli::postgres
