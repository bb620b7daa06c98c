#pragma once

#include "app/clock.hpp"
#include "app/wait_check_record.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// Whoever holds the hotline looks now and then for calls that wait, or have waited, too long. What
// was opened stands in the record, so another holder or a restart opens nothing twice.
class wait_checks {
public:
    wait_checks(wait_check_record& keeper, clock& time) : keeper_(keeper), time_(time) {}

    static constexpr domain::seconds looks_every{5};

    // Until cancelled.
    runtime::task<void> run();

private:
    wait_check_record& keeper_;
    clock& time_;
};

} // namespace linli::app
