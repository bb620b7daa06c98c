#pragma once

#include <memory>
#include <string>

#include "adapters/postgres/key_ring.hpp"
#include "app/complaint_record.hpp"

namespace linli::postgres {

// app::complaint_record on PostgreSQL, on connections of its own, opened when first needed. stop()
// waits for what is running.
class complaint_database : public app::complaint_record {
public:
    virtual void stop() = 0;
};

std::unique_ptr<complaint_database> open_complaints(std::string url, key_ring keys);

} // namespace linli::postgres
