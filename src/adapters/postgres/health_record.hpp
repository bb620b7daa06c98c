#pragma once

#include <memory>
#include <string>

#include "adapters/postgres/key_ring.hpp"
#include "app/health_record.hpp"

namespace linli::postgres {

// app::health_record on PostgreSQL, on one connection of its own, so that it never takes one from
// the signals. Opened when first needed. stop() waits for what is running.
class health_database : public app::health_record {
public:
    virtual void stop() = 0;
};

std::unique_ptr<health_database> open_health(std::string url, key_ring keys);

} // namespace linli::postgres
