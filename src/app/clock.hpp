#pragma once

#include "app/bell.hpp"
#include "domain/time.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// The one source of time. Never goes back, not even over a restart. Tests own it.
class clock {
public:
    virtual ~clock() = default;

    virtual domain::instant now() = 0;

    // Returns at `when`, not earlier. Ends with an exception if the task is cancelled.
    runtime::task<void> wait_until(domain::instant when);

    // Returns at `when`, or earlier: after `or_rung` was rung or when the task is cancelled; ask
    // now() again.
    virtual runtime::task<void> wait_until(domain::instant when, bell& or_rung) = 0;
};

} // namespace linli::app
