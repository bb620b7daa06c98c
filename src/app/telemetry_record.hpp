#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "app/record.hpp"
#include "domain/telemetry.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// Where telemetry is kept, by the day on which it was received. PostgreSQL in an installation, a
// twin in memory in tests. All calls may suspend; none throws for an outage. One call at a time.
class telemetry_record {
public:
    // How long an event is known for sure, so that a resend is not kept again.
    static constexpr std::chrono::days known_for{3};

    virtual ~telemetry_record() = default;

    // All of them or none. Says how many are new: what is known already, also from an earlier day
    // or from this batch, is not kept again.
    virtual runtime::task<record_result<std::size_t>>
    keep(std::vector<domain::telemetry> const& batch) = 0;

    // A new day, or a look whether it is one: makes room for the days to come and forgets those
    // received more than `keep_for` before `now`; without it, nothing. Says how many days were
    // forgotten.
    virtual runtime::task<record_result<std::size_t>>
    turn_page(domain::instant now, std::optional<std::chrono::days> keep_for) = 0;
};

} // namespace linli::app
