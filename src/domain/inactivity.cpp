#include "domain/inactivity.hpp"

#include <algorithm>
#include <chrono>

namespace linli::domain {

namespace {

constexpr int minutes_a_day = 24 * 60;
constexpr int most_days = 31;

// The part of this minute: of several the strictest.
day_part const* part_at(inactivity_profile const& profile, int minute) {
    day_part const* strictest = nullptr;
    for (auto const& each : profile.parts)
        if (is_within(each.from, each.until, minute) && each.longest > minutes(0) &&
            (!strictest || each.longest < strictest->longest))
            strictest = &each;
    return strictest;
}

// How long from `minute` on no part begins or ends.
int minutes_until_change(inactivity_profile const& profile, int minute) {
    auto least = minutes_a_day - minute;
    for (auto const& each : profile.parts)
        for (auto const border : {each.from, each.until})
            if (border > minute) least = std::min(least, border - minute);
    return least;
}

} // namespace

bool is_within(int from, int until, int minute) {
    if (from < until) return minute >= from && minute < until;
    return minute >= from || minute < until;
}

std::optional<instant> too_long_at(inactivity_profile const& profile, instant last,
                                   minutes utc_offset) {
    double used = 0; // of what is allowed, 1 is all
    auto at = last;
    while (at < last + std::chrono::days(most_days)) {
        auto const minute = minute_of_day(at, utc_offset);
        auto const next =
            std::chrono::floor<minutes>(at) + minutes(minutes_until_change(profile, minute));
        if (auto const* part = part_at(profile, minute)) {
            auto const allowed = std::chrono::duration<double>(part->longest);
            auto const left = std::chrono::duration_cast<duration>(allowed * (1 - used));
            if (at + left <= next) return at + left;
            used += std::chrono::duration<double>(next - at) / allowed;
        }
        at = next;
    }
    return std::nullopt;
}

} // namespace linli::domain
