#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "adapters/postgres/key_ring.hpp"
#include "app/person_files.hpp"

namespace linli::postgres {

class person_database : public app::person_reading {
public:
    // Waits for what is running.
    virtual void stop() = 0;
};

// A connection of its own, which may scan tables: it is asked now and then. Times are the
// installation's local ones; `recordings_kept` says until when there is a recording of a talk.
std::unique_ptr<person_database> open_persons(std::string url, key_ring keys,
                                              domain::minutes utc_offset,
                                              std::chrono::days recordings_kept);

} // namespace linli::postgres
