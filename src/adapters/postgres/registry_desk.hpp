#pragma once

#include <memory>
#include <string>

#include "adapters/postgres/key_ring.hpp"
#include "app/clock.hpp"
#include "app/registry_desk.hpp"

namespace linli::postgres {

// app::registry_desk on PostgreSQL, on connections of its own: two for records and pages, two with
// more time for whole sheets, and one for imports, of which the registry's lock lets one run.
// Opened when first needed. stop() waits for what is running.
class registry_database : public app::registry_desk {
public:
    virtual void stop() = 0;
};

std::unique_ptr<registry_database> open_registry(std::string url, key_ring keys, app::clock& time,
                                                 app::registry_form form);

} // namespace linli::postgres
