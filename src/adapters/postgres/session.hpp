#pragma once

#include <string>

namespace linli::postgres {

// How every connection to the database that serves the record is opened, whichever library holds
// it.

// With libpq's options for what comes before a statement, and for a line that was cut without a
// word.
std::string session_url(std::string url);

// SQL, to be run first on a fresh connection.
extern char const* const session_settings;

} // namespace linli::postgres
