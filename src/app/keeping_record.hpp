#pragma once

#include <cstddef>

#include "app/record.hpp"
#include "domain/keeping.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// Whoever lets go of what has been kept long enough. PostgreSQL in an installation, a twin in
// memory in tests. All calls may suspend; none throws for an outage.
class keeping_record {
public:
    virtual ~keeping_record() = default;

    // Of that kind what is older than then and isn't needed for anything open, nor is words, a
    // picture, a call, a recording or a wish of what somebody complains of; oldest first; how
    // many went, at most `limit`.
    virtual runtime::task<record_result<std::size_t>> let_go(domain::kept what,
                                                             domain::instant before, int limit) = 0;
};

} // namespace linli::app
