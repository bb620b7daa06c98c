#pragma once

#include <vector>

#include "runtime/config/key.hpp"

namespace linli::runtime::config_file {

// Every key that a configuration may have, section by section.
std::vector<key> const& all_keys();

// Of [notify…], in notify_keys.cpp; of [telephone] and [hotline], in telephone_keys.cpp.
std::vector<key> notify_keys();
std::vector<key> telephone_keys();
std::vector<key> hotline_keys();

} // namespace linli::runtime::config_file
