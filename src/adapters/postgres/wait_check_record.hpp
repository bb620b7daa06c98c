#pragma once

#include <memory>
#include <string>

#include "adapters/postgres/key_ring.hpp"
#include "app/wait_check_record.hpp"

namespace linli::postgres {

// The words that close one may name anybody.
inline constexpr purpose check_sealed_for{"wait_check"};

// app::wait_check_record on PostgreSQL, with a connection of its own that is opened when first
// needed. stop() waits for what is running.
class wait_check_database : public app::wait_check_record {
public:
    virtual void stop() = 0;
};

std::unique_ptr<wait_check_database> open_wait_checks(std::string url, key_ring keys);

} // namespace linli::postgres
