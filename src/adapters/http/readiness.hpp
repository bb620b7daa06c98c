#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace linli::http {

// One thing that the server needs to do its duty.
struct part {
    std::string name; // "database", "broker", "journal"
    bool ready = false;
    std::string state; // in its own words: "connected", "replaying"
    std::chrono::sys_time<std::chrono::microseconds> since; // in this state
};

struct readiness {
    std::vector<part> parts;

    // Only if every part is; a server that can name no part is not.
    bool ready() const;
};

// {"ready":false,"parts":[{"name":"database","ready":false,"state":"…","since":"2026-…Z"}]}
std::string to_json(readiness const& now);

} // namespace linli::http
