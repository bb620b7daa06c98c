#pragma once

#include <chrono>

namespace linli::domain {

// The house clock, UTC. Always an argument: nothing in domain/ asks a clock.
using instant = std::chrono::sys_time<std::chrono::microseconds>;
using duration = std::chrono::microseconds;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Minutes since midnight by the installation's one fixed UTC offset, 0 … 1439.
// GCC 12 has no time-zone database, and China has one zone without summer time.
inline int minute_of_day(instant now, minutes utc_offset) {
    auto const local = now + utc_offset;
    auto const midnight = std::chrono::floor<std::chrono::days>(local);
    return static_cast<int>(std::chrono::floor<minutes>(local - midnight).count());
}

} // namespace linli::domain
