#pragma once

#include <memory>
#include <string>

#include "app/keeping_record.hpp"

namespace linli::postgres {

class keeping_database : public app::keeping_record {
public:
    // Waits for what is running.
    virtual void stop() = 0;
};

// A connection and a thread of its own.
std::unique_ptr<keeping_database> open_keeping(std::string url);

} // namespace linli::postgres
