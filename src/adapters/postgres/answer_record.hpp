#pragma once

#include <memory>
#include <string>

#include "adapters/postgres/key_ring.hpp"
#include "app/answer_record.hpp"

namespace linli::postgres {

// app::answer_record on PostgreSQL, on one connection of its own: a key waits behind nobody's
// reading. Opened when first needed. stop() waits for what is running.
class answer_database : public app::answer_record {
public:
    virtual void stop() = 0;
};

std::unique_ptr<answer_database> open_answers(std::string url, key_ring keys);

} // namespace linli::postgres
