#include "server/house_clock.hpp"

#include <algorithm>
#include <chrono>

#include "runtime/machine_time.hpp"

namespace linli::server {

namespace {

domain::duration steady() {
    auto const shown = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::floor<domain::duration>(shown);
}

} // namespace

house_clock::house_clock(boost::asio::any_io_executor loop)
    : time_(runtime::machine_time(), steady()), loop_(std::move(loop)) {}

domain::instant house_clock::now() {
    std::lock_guard const lock(mutex_);
    return time_.now(steady());
}

domain::duration house_clock::adopt(domain::instant wall, domain::instant latest) {
    std::lock_guard const lock(mutex_);
    adopted_ = true;
    return time_.adopt(wall, latest, steady());
}

runtime::task<void> house_clock::wait_until(domain::instant when) {
    auto const timer = std::make_shared<boost::asio::steady_timer>(loop_);
    timer->expires_after(std::max(when - now(), domain::duration{0}));
    auto const place = waiting_.insert(waiting_.end(), timer);
    auto const ended = co_await timer->async_wait(runtime::use_task_tuple);
    static_cast<void>(ended); // woken, over, or cancelled: the caller looks at the clock again
    waiting_.erase(place);
}

void house_clock::wake() {
    for (auto const& timer : waiting_)
        timer->cancel();
}

} // namespace linli::server
