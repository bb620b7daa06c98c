#include "server/house_clock.hpp"

#include <algorithm>

#include "runtime/machine_time.hpp"

namespace linli::server {

namespace {

// Two servers' clocks, or those of two runs, would drive each other on if each began where the
// other had got to.
constexpr domain::seconds most_to_stand_still{2};

} // namespace

house_clock::house_clock(boost::asio::any_io_executor loop)
    : base_(runtime::machine_time()), base_steady_(std::chrono::steady_clock::now()),
      loop_(std::move(loop)) {}

domain::instant house_clock::now() {
    std::lock_guard const lock(mutex_);
    auto const since = std::chrono::steady_clock::now() - base_steady_;
    latest_ = std::max(latest_, base_ + std::chrono::floor<domain::duration>(since));
    return latest_;
}

domain::duration house_clock::adopt(domain::instant wall, domain::instant latest) {
    auto const before = now();
    std::lock_guard const lock(mutex_);
    auto const reached = std::max(latest, before);
    base_ = reached - wall > most_to_stand_still ? reached : wall;
    latest_ = std::max(latest_, reached);
    base_steady_ = std::chrono::steady_clock::now();
    adopted_ = true;
    return wall - before;
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
