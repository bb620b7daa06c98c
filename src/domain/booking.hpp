#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/ids.hpp"
#include "domain/service.hpp"
#include "domain/signal.hpp"
#include "domain/time.hpp"

namespace linli::domain {

// What makes a service order one that was booked: when it is wished for, and what the catalogue
// asked of its worker then. Its plan is that of alert_kind::booking.
struct booking {
    instant from;
    instant until;
    std::string certificate; // empty: none

    bool operator==(booking const&) const = default;
};

// What was agreed beside the order, and never changes: what the catalogue said, and the words.
struct booking_terms {
    order_id order;
    resident_id resident;
    service_unit unit = service_unit::visit;
    int minutes = 60;
    std::optional<int> price_fen;
    std::string words; // may name a person

    bool operator==(booking_terms const&) const = default;
};

// In the place of a device's name: what a desk asks for has none.
inline constexpr std::string_view desk = "+desk";

// Derived from the caller's own key of the booking, so that one is made once, however often it is
// asked for. No device has it.
event_id make_booking_event(std::string_view key);
bool is_of_desk(event_id const& id);

// "2026-11-28T03:30Z/2026-11-28T04:00Z", for the log.
std::string window_code(instant from, instant until);

// When its offers go out: so long before the window; of a window that begins early, on the evening
// before, because nobody is asked for a lunch in his sleep. Never before `now`.
instant offer_time(instant from, seconds before, minutes utc_offset, instant now);

// A window that can be kept: it ends after it begins, lasts a day at most, is not over and not
// further away than the ninety days for which rosters are known (a field proposal).
enum class window_fault : std::uint8_t { none, from, until };
window_fault fault_of_window(instant from, instant until, instant now);

} // namespace linli::domain
