#include "server/house_clock.hpp"

#include <algorithm>
#include <chrono>

#include <boost/asio/steady_timer.hpp>

#include "runtime/machine_time.hpp"

namespace linli::server {

namespace {

domain::duration steady() {
    auto const shown = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::floor<domain::duration>(shown);
}

} // namespace

house_clock::house_clock(boost::asio::any_io_executor loop)
    : house_clock(std::move(loop), runtime::machine_time()) {}

house_clock::house_clock(boost::asio::any_io_executor loop, domain::instant machine)
    : time_(machine, steady()), loop_(std::move(loop)) {}

domain::instant house_clock::now() {
    std::lock_guard const lock(mutex_);
    return time_.now(steady());
}

domain::duration house_clock::adopt(domain::instant wall, domain::instant latest) {
    std::lock_guard const lock(mutex_);
    return time_.adopt(wall, latest, steady());
}

runtime::task<void> house_clock::wait_until(domain::instant when, app::bell& or_rung) {
    boost::asio::steady_timer timer(loop_);
    timer.expires_after(std::max(when - now(), domain::duration{0}));
    app::bell::listening const rung(or_rung, [&timer] { timer.cancel(); });
    auto const ended = co_await timer.async_wait(runtime::use_task_tuple);
    static_cast<void>(ended); // rung, over, or cancelled: the caller looks at the clock again
}

} // namespace linli::server
