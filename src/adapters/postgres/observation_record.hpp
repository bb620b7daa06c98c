#pragma once

#include <memory>
#include <string>

#include "app/observation_record.hpp"

namespace linli::postgres {

// app::observation_record on PostgreSQL, on one connection of its own, so that it never takes one
// from the signals nor waits for one. Opened when first needed. stop() waits for what is running.
class observation_database : public app::observation_record {
public:
    virtual void stop() = 0;
};

std::unique_ptr<observation_database> open_observation(std::string url);

} // namespace linli::postgres
