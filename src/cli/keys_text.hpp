#pragma once

#include <string>
#include <vector>

#include "adapters/postgres/key_file.hpp"
#include "adapters/postgres/key_rotation.hpp"

namespace linli::cli {

// What still needs a key; empty: nothing.
std::string needs_text(std::vector<postgres::key_need> const& all, std::string const& key);

// Each key of the file, and those that are needed and not there.
std::string keys_text(postgres::key_names const& names,
                      std::vector<postgres::key_need> const& needs);

} // namespace linli::cli
