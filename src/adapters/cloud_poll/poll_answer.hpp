#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/files/device_mapping.hpp"

namespace linli::cloud_poll {

// What stands on a page.
struct poll_page {
    std::vector<std::string> messages; // the bytes of each, as a push would have them
    std::string next;                  // the cursor; empty: it was the last
    bool is_too_long = false;          // more than `most`: none of them is here
    std::string wrong;                 // a code: "not_json", "no_list", "refused"; empty: nothing
};

// Total: whatever the bytes are.
poll_page read_page(files::poll_rule const& by, std::string_view bytes, std::size_t most);

} // namespace linli::cloud_poll
