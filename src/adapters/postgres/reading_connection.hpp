#pragma once

#include <memory>
#include <string>

#include <pqxx/connection>

namespace linli::postgres {

// For one report over everything: a connection of its own, whose planner may scan, and which is cut
// off after a minute. Throws schema_error, and pqxx's errors for an outage.
std::unique_ptr<pqxx::connection> open_for_reading(std::string const& url);

} // namespace linli::postgres
