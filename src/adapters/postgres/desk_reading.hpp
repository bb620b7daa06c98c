#pragma once

#include <memory>
#include <string>

#include "adapters/postgres/key_ring.hpp"
#include "app/clock.hpp"
#include "app/desk_reading.hpp"

namespace linli::postgres {

// app::desk_reading on PostgreSQL, on two connections of its own, so that a card that is slow holds
// no line back, and neither a press. Opened when first needed. stop() waits for what is running.
class desk_database : public app::desk_reading {
public:
    virtual void stop() = 0;
};

// `now`: how old a reading is says the house clock.
std::unique_ptr<desk_database> open_desk_reading(std::string url, key_ring keys, app::clock& time);

} // namespace linli::postgres
