#include "domain/night.hpp"

#include <utility>

namespace linli::domain {

namespace {

constexpr int night_begins = 21 * 60;
constexpr int night_ends = 7 * 60;

// The next end of a night.
instant morning_after(instant at, minutes utc_offset) {
    auto const midnight = instant(std::chrono::floor<std::chrono::days>(at + utc_offset));
    auto const morning = midnight - utc_offset + minutes(night_ends);
    return morning > at ? morning : morning + hours(24);
}

} // namespace

bool is_night(instant at, minutes utc_offset) {
    auto const minute = minute_of_day(at, utc_offset);
    return minute >= night_begins || minute < night_ends;
}

instant asking_time(instant at, instant from, minutes utc_offset) {
    if (!is_night(at, utc_offset)) return at;
    auto const morning = morning_after(at, utc_offset);
    return morning <= from ? morning : at;
}

order_outcome wait_for_morning(order current, instant morning, instant now) {
    order_outcome out;
    out.next = std::move(current);
    out.next.state = order_state::unfilled;
    out.next.reason = "by_night";
    out.next.due_at = morning;
    out.log.push_back({now, log_kind::unfilled, {actor_kind::house, {}, {}}, out.next.reason, {}});
    return out;
}

} // namespace linli::domain
