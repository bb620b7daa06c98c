#pragma once

#include <memory>
#include <string>

#include "adapters/postgres/key_ring.hpp"
#include "app/call_record.hpp"

namespace linli::postgres {

// app::call_record on PostgreSQL, on one connection of its own. Opened when first needed. stop()
// waits for what is running.
class call_database : public app::call_record {
public:
    virtual void stop() = 0;
};

std::unique_ptr<call_database> open_calls(std::string url, key_ring keys);

} // namespace linli::postgres
