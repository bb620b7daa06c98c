#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/record.hpp"
#include "domain/booking.hpp"
#include "domain/order.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// A booking, as the desk's list shows it.
struct booking_line {
    domain::order order;
    domain::booking_terms terms; // without the words: they stand on the request's card
    std::string name;            // masked
    std::string rough_place;
    std::string area_name;
    std::string worker_name;
    std::string provider_name;
    std::vector<domain::area_id> areas; // the order's and those around it
};

// Empty: whatever it is.
struct booking_question {
    domain::area_id area = {}; // it and all below it
    domain::resident_id resident = {};
    std::optional<domain::instant> from = {};  // windows that end after it …
    std::optional<domain::instant> until = {}; // … and begin before it
    bool with_ended = false;                   // also what was done, cancelled, failed
    std::uint32_t page = 1;
    std::uint32_t per_page = 50;
};
inline constexpr std::uint32_t most_bookings_a_page = 100;

struct booking_page {
    std::vector<booking_line> lines; // by the beginning of the window
    std::uint32_t total = 0;
    std::uint32_t in_trouble = 0; // of all that fit: nobody goes, not in time, or not back yet
};

// What is booked. PostgreSQL in an installation, a twin in memory in tests. All calls may suspend;
// none throws for an outage.
class booking_reading {
public:
    virtual ~booking_reading() = default;

    virtual runtime::task<record_result<booking_page>> list(booking_question const& what) = 0;
    virtual runtime::task<record_result<std::optional<booking_line>>>
    find(domain::order_id const& id) = 0;
    // The one that was made by this event.
    virtual runtime::task<record_result<std::optional<booking_line>>>
    made_by(domain::event_id const& event) = 0;
};

} // namespace linli::app
