#pragma once

#include <pqxx/pqxx>

#include "app/record.hpp"

namespace linli::postgres {

// The registry as routing needs it, with each worker's load and visit as they are now.
app::registry read_registry(pqxx::connection& from);

} // namespace linli::postgres
