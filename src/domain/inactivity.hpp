#pragma once

#include <optional>
#include <vector>

#include "domain/time.hpp"

namespace linli::domain {

// A part of the local day, 0 … 1440, and the longest silence that is usual in it. From 22:00 until
// 06:00 goes over midnight; until the same minute is the whole day.
struct day_part {
    int from = 0;
    int until = 0;
    minutes longest{0};

    bool operator==(day_part const&) const = default;
};

struct inactivity_profile {
    // Hours that no part covers are nobody's business: a sleeper moves nothing.
    std::vector<day_part> parts{{7 * 60, 21 * 60, minutes(270)}};
    double least_litres = 10; // of water, in …
    hours water_within{12};
    int night_from = 22 * 60; // the bed is watched
    int night_until = 6 * 60;
    minutes out_of_bed{30};

    bool operator==(inactivity_profile const&) const = default;
};

bool is_within(int from, int until, int minute);

// When a silence that began at `last` has been too long: each part of the day uses up as much of
// what is allowed as it lasts. So the evening before counts in the morning, and the night doesn't.
// Nothing if it never comes to that.
std::optional<instant> too_long_at(inactivity_profile const& profile, instant last,
                                   minutes utc_offset);

} // namespace linli::domain
