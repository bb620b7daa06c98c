#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/booking_reading.hpp"
#include "app/complaint_record.hpp"
#include "app/record.hpp"

namespace linli::tests {

// What is booked in a record, and what is complained of, on the town of contract/keeper.
class booking_keeper {
public:
    virtual ~booking_keeper() = default;

    virtual app::record& record() = 0;
    virtual app::booking_reading& bookings() = 0;
    virtual app::complaint_record& complaints() = 0;
    // As the registry has it from now on.
    virtual void resident_is(std::string const& id, std::string const& status) = 0;
    virtual std::vector<domain::log_line> log_of(domain::complaint_id const& id) = 0;
    // Whoever copies what is kept finds nothing of it.
    virtual bool hides(std::string const& words) = 0;
    // Somebody tries to make it vanish behind the record's back.
    virtual bool loses(domain::complaint_id const& id) = 0;
};

using booking_keeper_maker = std::unique_ptr<booking_keeper> (*)();
std::unique_ptr<booking_keeper> bookings_on_memory();
std::unique_ptr<booking_keeper> bookings_on_postgres();

} // namespace linli::tests
