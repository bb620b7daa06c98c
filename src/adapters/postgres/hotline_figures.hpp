#pragma once

#include <optional>
#include <string>

#include "app/reports.hpp"

namespace linli::postgres {

// The report of our own hotline, by one transaction of a handful of statements on a connection of
// its own; each reads the period's calls by their index, the worst day besides those of the 24
// hours before. Nothing: there is no such area. Throws schema_error, and pqxx's errors for an
// outage.
std::optional<app::hotline_report> read_hotline(std::string const& url, domain::area_id const& of,
                                                app::report_period const& during,
                                                domain::instant now);

} // namespace linli::postgres
