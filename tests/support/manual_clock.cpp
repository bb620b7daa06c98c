#include "support/manual_clock.hpp"

#include <boost/asio/this_coro.hpp>

namespace linli::tests {

runtime::task<void> manual_clock::wait_until(domain::instant when, app::bell& or_rung) {
    if (when <= now_) co_return;
    auto executor = co_await boost::asio::this_coro::executor;
    auto before = waiters_.begin();
    while (before != waiters_.end() && before->when <= when)
        ++before;
    auto const forever = boost::asio::steady_timer::time_point::max();
    auto const mine =
        waiters_.insert(before, waiter{when, boost::asio::steady_timer(executor, forever)});
    struct leaving { // also when the task is destroyed while it waits
        std::list<waiter>& from;
        std::list<waiter>::iterator who;
        ~leaving() { from.erase(who); }
    } const guard{waiters_, mine};
    app::bell::listening const rung(or_rung, [mine] { mine->rest.cancel(); });
    auto ended = co_await mine->rest.async_wait(runtime::use_task_tuple);
    static_cast<void>(ended);
}

void manual_clock::wake_those_due() {
    for (auto& w : waiters_)
        if (w.when <= now_) w.rest.cancel();
}

void manual_clock::fast_forward(domain::duration by) {
    now_ += by;
    wake_those_due();
}

std::optional<domain::instant> manual_clock::next_waited_for() const {
    if (waiters_.empty()) return std::nullopt;
    return waiters_.front().when;
}

} // namespace linli::tests
