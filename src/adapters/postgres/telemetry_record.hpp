#pragma once

#include <memory>
#include <string>

#include "adapters/postgres/key_ring.hpp"
#include "app/telemetry_record.hpp"

namespace linli::postgres {

// app::telemetry_record on PostgreSQL, on one connection of its own, so that it never takes one
// from the signals nor waits for one. Opened when first needed: it can be made while the database
// is away. stop() waits for what is running.
class telemetry_database : public app::telemetry_record {
public:
    virtual void stop() = 0;
};

std::unique_ptr<telemetry_database> open_telemetry(std::string url, key_ring keys);

} // namespace linli::postgres
