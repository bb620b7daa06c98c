#pragma once

#include <memory>
#include <string>

#include "adapters/postgres/key_ring.hpp"
#include "app/hotline_record.hpp"

namespace linli::postgres {

// app::hotline_record on PostgreSQL. What a page or the lines wait for has a connection of its own
// beside the one that reads all numbers. Opened when first needed. stop() waits for what is
// running.
class hotline_database : public app::hotline_record {
public:
    virtual void stop() = 0;
};

std::unique_ptr<hotline_database> open_hotline(std::string url, key_ring keys);

} // namespace linli::postgres
