#pragma once

#include <memory>
#include <string>

#include "adapters/postgres/key_ring.hpp"
#include "app/booking_reading.hpp"

namespace linli::postgres {

// app::booking_reading on PostgreSQL, on connections of its own, opened when first needed. stop()
// waits for what is running.
class booking_database : public app::booking_reading {
public:
    virtual void stop() = 0;
};

std::unique_ptr<booking_database> open_bookings(std::string url, key_ring keys);

} // namespace linli::postgres
