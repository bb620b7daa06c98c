#pragma once

#include <memory>
#include <string>

#include "app/erasure_record.hpp"

namespace linli::postgres {

class erasure_database : public app::erasure_record {
public:
    // Waits for what is running.
    virtual void stop() = 0;
};

// A connection and a thread of its own.
std::unique_ptr<erasure_database> open_erasures(std::string url);

} // namespace linli::postgres
