#pragma once

#include <chrono>
#include <string>

namespace linli::runtime {

// ISO 8601 with milliseconds, "2026-11-23T16:20:01.123Z": GCC 12 can't print chrono's times.
std::string utc_text(std::chrono::sys_time<std::chrono::microseconds> at);

} // namespace linli::runtime
