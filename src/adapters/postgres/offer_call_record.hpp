#pragma once

#include <memory>
#include <string>

#include "adapters/postgres/key_ring.hpp"
#include "app/offer_call_record.hpp"

namespace linli::postgres {

// app::offer_call_record on PostgreSQL, with a connection of its own that is opened when first
// needed. stop() waits for what is running.
class offer_call_database : public app::offer_call_record {
public:
    virtual void stop() = 0;
};

std::unique_ptr<offer_call_database> open_offer_calls(std::string url, key_ring keys);

} // namespace linli::postgres
