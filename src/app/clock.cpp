#include "app/clock.hpp"

namespace linli::app {

// Again, because the house's time may stand still meanwhile (house_time::adopt).
runtime::task<void> clock::wait_until(domain::instant when) {
    bell nobody_rings;
    while (now() < when)
        co_await wait_until(when, nobody_rings);
}

} // namespace linli::app
