#pragma once

#include <memory>
#include <string>

#include "adapters/postgres/key_ring.hpp"
#include "app/placed_call_record.hpp"

namespace linli::postgres {

// app::placed_call_record on PostgreSQL, with connections of its own: an emergency's call waits for
// nobody else's query. Opened when first needed. stop() waits for what is running.
class placed_call_database : public app::placed_call_record {
public:
    virtual void stop() = 0;
};

std::unique_ptr<placed_call_database> open_placed_calls(std::string url, key_ring keys);

} // namespace linli::postgres
