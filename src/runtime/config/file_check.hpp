#pragma once

#include <string>
#include <vector>

#include <toml++/toml.h>

#include "runtime/config.hpp"

namespace linli::runtime::config_file {

// Takes over what is right, and says of the rest what it must be ("FILE:LINE: …"), by line.
std::vector<std::string> check_keys(toml::table const& root, std::string file, config& into);

} // namespace linli::runtime::config_file
