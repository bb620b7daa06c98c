#pragma once

#include <pqxx/pqxx>

#include "app/overview.hpp"

namespace linli::postgres {

app::overview read_overview(pqxx::connection& from, domain::instant now, domain::instant day_began,
                            int limit);

std::vector<app::offer_line> read_offers(pqxx::connection& from, domain::order_id const& of);

void prepare_overview(pqxx::connection& on);

} // namespace linli::postgres
