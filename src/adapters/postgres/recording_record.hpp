#pragma once

#include <memory>
#include <string>

#include "adapters/postgres/key_ring.hpp"
#include "app/recording_record.hpp"

namespace linli::postgres {

// What opens the file of a call's recording.
inline constexpr purpose recording_keys{"recording"};

// app::recording_record on PostgreSQL, with one connection, opened when first needed. stop() waits
// for what is running.
class recording_database : public app::recording_record {
public:
    virtual void stop() = 0;
};

std::unique_ptr<recording_database> open_recordings(std::string url, key_ring keys);

} // namespace linli::postgres
