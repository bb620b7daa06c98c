#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/cloud_poll/poll_windows.hpp"
#include "adapters/files/device_mapping.hpp"

namespace linli::cloud_poll {

// One page, asked for. `place` is its number or the cursor; empty: neither is said.
std::string poll_url(files::poll_rule const& by, poll_windows::window const& when,
                     std::string_view place, std::string_view secret);
std::vector<std::string> poll_headers(files::poll_rule const& by, std::string_view secret);

} // namespace linli::cloud_poll
