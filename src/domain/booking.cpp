#include "domain/booking.hpp"

#include <algorithm>

#include "domain/night.hpp"

namespace linli::domain {

namespace {

constexpr hours evening{20};
constexpr int noon = 12 * 60;

// "2026-11-28T03:30Z": a time as a code of the log.
std::string in_code(instant at) {
    auto const day = std::chrono::floor<std::chrono::days>(at);
    std::chrono::year_month_day const date(day);
    std::chrono::hh_mm_ss const time(std::chrono::floor<minutes>(at - day));
    auto const two = [](auto number) {
        auto const text = std::to_string(number);
        return text.size() < 2 ? '0' + text : text;
    };
    return std::to_string(static_cast<int>(date.year())) + '-' +
           two(static_cast<unsigned>(date.month())) + '-' + two(static_cast<unsigned>(date.day())) +
           'T' + two(time.hours().count()) + ':' + two(time.minutes().count()) + 'Z';
}

constexpr hours longest_window{24};
constexpr hours furthest{90 * 24};

} // namespace

event_id make_booking_event(std::string_view key) {
    return {std::string(desk) + ":booking:" + std::string(key)};
}

bool is_of_desk(event_id const& id) {
    return id.value.starts_with(desk);
}

std::string window_code(instant from, instant until) {
    return in_code(from) + '/' + in_code(until);
}

instant offer_time(instant from, seconds before, minutes utc_offset, instant now) {
    auto at = from - before;
    if (is_night(at, utc_offset)) {
        bool const is_past_midnight = minute_of_day(at, utc_offset) < noon;
        auto const midnight = instant(std::chrono::floor<std::chrono::days>(at + utc_offset));
        at = midnight - utc_offset + evening - (is_past_midnight ? hours(24) : hours(0));
    }
    return asking_time(std::max(at, now), from, utc_offset);
}

window_fault fault_of_window(instant from, instant until, instant now) {
    if (until <= now || until <= from || until - from > longest_window) return window_fault::until;
    if (from - now > furthest) return window_fault::from;
    return window_fault::none;
}

} // namespace linli::domain
