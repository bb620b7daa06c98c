#pragma once

#include <optional>
#include <string>

#include "app/reports.hpp"

namespace linli::postgres {

// The report of an area's service, by one transaction of a handful of statements on a connection of
// its own. What was opened in the period counts, with all that came of it until now; residents and
// devices are those of now. Nothing: there is no such area. Throws schema_error, and pqxx's errors
// for an outage.
std::optional<app::service_report> read_service(std::string const& url, domain::area_id const& of,
                                                app::report_period const& during,
                                                domain::instant now);

} // namespace linli::postgres
