#pragma once

#include <pqxx/pqxx>

#include "app/overview.hpp"

namespace linli::postgres {

app::overview read_overview(pqxx::connection& from, domain::instant now, domain::instant day_began,
                            int limit);

void prepare_overview(pqxx::connection& on);

} // namespace linli::postgres
