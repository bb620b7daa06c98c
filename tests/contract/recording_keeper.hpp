#pragma once

#include <memory>
#include <string>

#include "app/recording_record.hpp"
#include "contract/keeper.hpp"

namespace linli::tests {

// Whoever keeps calls and what was recorded of them.
class recording_keeper : public call_keeper {
public:
    virtual app::recording_record& recordings() = 0;
    // Somebody's key is destroyed; a recording was kept long enough.
    virtual void loses_key(std::string const& resident) = 0;
    virtual void lets_go(domain::call_id recording_of) = 0;
};

std::unique_ptr<recording_keeper> recordings_on_memory();
std::unique_ptr<recording_keeper> recordings_on_postgres();

} // namespace linli::tests
