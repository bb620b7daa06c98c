#pragma once

#include <string>
#include <string_view>

namespace linli::postgres {

// libpq's connection string, "key=value key=value" or a URI, with these options (the first form,
// without blanks in a value) behind its own: what comes later counts.
std::string with_options(std::string url, std::string_view options);

} // namespace linli::postgres
