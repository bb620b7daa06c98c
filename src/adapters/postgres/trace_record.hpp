#pragma once

#include <memory>
#include <string>

#include "app/trace_record.hpp"

namespace linli::postgres {

// app::trace_record on PostgreSQL, on a connection of its own. It reads nothing that is sealed, so
// it needs no key. Opened when first needed: it can be made while the database is away. stop()
// waits for what is running.
class trace_database : public app::trace_record {
public:
    virtual void stop() = 0;
};

std::unique_ptr<trace_database> open_traces(std::string url);

} // namespace linli::postgres
