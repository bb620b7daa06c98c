#pragma once

#include <map>
#include <string>

#include "app/booking_reading.hpp"
#include "support/memory_record.hpp"

namespace linli::tests {

// The twin of booking_reading on PostgreSQL, on a record in memory. One thread.
class memory_bookings final : public app::booking_reading {
public:
    explicit memory_bookings(memory_record const& of) : of_(of) {}

    std::map<std::string, std::string> worker_names;
    std::map<std::string, std::string> statuses; // of residents who aren't at home

    void away(bool is_away) { away_ = is_away; }

    runtime::task<app::record_result<app::booking_page>>
    list(app::booking_question const& what) override;
    runtime::task<app::record_result<std::optional<app::booking_line>>>
    find(domain::order_id const& id) override;
    runtime::task<app::record_result<std::optional<app::booking_line>>>
    made_by(domain::event_id const& event) override;

private:
    app::booking_line line_of(domain::order const& o) const;
    std::string not_as_booked(domain::order const& o) const;
    bool is_meant(app::booking_line const& line, app::booking_question const& what) const;

    memory_record const& of_;
    bool away_ = false;
};

} // namespace linli::tests
