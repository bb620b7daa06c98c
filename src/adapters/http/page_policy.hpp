#pragma once

#include <string>

#include "app/map_tiles.hpp"

namespace linli::http {

// The Content-Security-Policy of every answer: nothing but our own, and images from the hosts that
// the installation has named for its maps.
std::string page_policy(app::map_tiles const& map);

} // namespace linli::http
