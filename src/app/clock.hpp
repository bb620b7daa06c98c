#pragma once

#include "domain/time.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// The one source of time. Never goes back, not even over a restart. Tests own it.
class clock {
public:
    virtual ~clock() = default;

    virtual domain::instant now() = 0;

    // Returns at `when`, or earlier after wake() or when the task is cancelled: ask now() again.
    virtual runtime::task<void> wait_until(domain::instant when) = 0;
    virtual void wake() = 0;
};

} // namespace linli::app
