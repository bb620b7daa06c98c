#include "app/wait_checks.hpp"

#include "runtime/log.hpp"

namespace linli::app {

runtime::task<void> wait_checks::run() {
    for (;;) {
        auto const now = time_.now();
        auto const opened = co_await keeper_.open_due(now);
        if (opened && *opened > 0)
            runtime::log::warning("hotline_waited_too_long",
                                  {{"calls", *opened},
                                   {"remedy", "a supervisor looks into each: administration, "
                                              "hotline"}});
        auto const next = now + looks_every;
        co_await time_.wait_until(next);
    }
}

} // namespace linli::app
