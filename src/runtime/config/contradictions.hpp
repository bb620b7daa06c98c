#pragma once

#include <string>
#include <vector>

#include "runtime/config.hpp"

namespace linli::runtime::config_file {

// What no key can see by itself: keys that want one another, or exclude one another. A sentence
// each, with the remedy.
std::vector<std::string> contradictions(config const& c);

} // namespace linli::runtime::config_file
