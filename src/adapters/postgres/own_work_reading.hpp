#pragma once

#include <memory>
#include <string>

#include "adapters/postgres/key_ring.hpp"
#include "app/own_work.hpp"

namespace linli::postgres {

// app::own_work_reading on PostgreSQL, on connections of its own, one of them for what somebody
// says: two statements a look, the second only for who holds something. Opened when first needed.
// stop() waits for what is running.
class own_work_database : public app::own_work_reading {
public:
    virtual void stop() = 0;
};

std::unique_ptr<own_work_database> open_own_work(std::string url, key_ring keys);

} // namespace linli::postgres
