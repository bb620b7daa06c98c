#pragma once

#include "domain/order.hpp"
#include "domain/time.hpp"

namespace linli::domain {

// Nobody's telephone rings for a booking from 21:00 to 7:00; whoever would be asked then about what
// begins early is asked at 20:00 before (field proposals).
bool is_night(instant at, minutes utc_offset);

// When somebody may be asked about what shall begin at `from`: `at`, or, by night, in the morning.
// What begins before the morning can't wait for it.
instant asking_time(instant at, instant from, minutes utc_offset);

// Somebody must be looked for and it is night: it stands in trouble until the morning, when it is
// looked at as any that nobody took. A person may ask somebody all the same.
order_outcome wait_for_morning(order current, instant morning, instant now);

} // namespace linli::domain
