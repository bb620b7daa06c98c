#pragma once

#include "adapters/postgres/house_times.hpp"

namespace linli::cli {

// What the house clock would say that begins now on this machine: for a command that writes one
// time.
domain::instant house_now(postgres::house_times const& told);
domain::instant house_now(std::string const& database_url);

} // namespace linli::cli
