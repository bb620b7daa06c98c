#pragma once

#include <memory>
#include <string>

#include "adapters/postgres/key_ring.hpp"
#include "app/command_record.hpp"

namespace linli::postgres {

// app::command_record on PostgreSQL, on one connection of its own. Opened when first needed. stop()
// waits for what is running.
class command_database : public app::command_record {
public:
    virtual void stop() = 0;
};

std::unique_ptr<command_database> open_commands(std::string url, key_ring keys);

} // namespace linli::postgres
