#include "simulation/trouble.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace linli::simulation {

using runtime::task;

namespace {
constexpr domain::seconds given_up_after{5}; // as the adapter's deadline of a call
}

task<void> trouble::die() {
    with_.crash();
    auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer never(executor, boost::asio::steady_timer::time_point::max());
    auto ended = co_await never.async_wait(runtime::use_task_tuple);
    static_cast<void>(ended);
}

// Of the true time: the house's clock may stand still.
task<void> trouble::wait(domain::duration how_long) {
    auto const until = with_.here.clock.now() + how_long;
    while (with_.here.clock.now() < until) {
        auto const by_its_clock = with_.clock.now() + (until - with_.here.clock.now());
        co_await with_.clock.wait_until(by_its_clock);
    }
}

// The whole database: whoever asks late enough hears an answer.
task<fate> trouble::while_it_hangs(fate met) {
    auto const silent_for = with_.here.database.hangs_until - with_.here.clock.now();
    if (silent_for <= domain::duration{0}) co_return met;
    if (silent_for <= given_up_after) {
        co_await wait(silent_for);
        co_return met;
    }
    co_await wait(given_up_after);
    co_return fate::away;
}

task<fate> trouble::enter(place where) {
    auto const drawn = with_.luck.next(where);
    if (drawn == fate::hang || drawn == fate::hang_done)
        with_.here.hang_given_up_at = with_.here.clock.now() + given_up_after;
    if (drawn == fate::crash_before) co_await die();
    auto const met = co_await while_it_hangs(drawn);
    auto const slow = with_.luck.pause();
    if (slow > domain::duration{0}) co_await wait(slow);
    if (met != fate::hang) co_return met;
    co_await wait(given_up_after);
    co_return fate::away;
}

task<fate> trouble::begin_outside(place where) {
    auto const met = with_.luck.next(where);
    if (met == fate::crash_before) co_await die();
    co_return met;
}

task<void> trouble::end_outside(fate met) {
    if (met == fate::crash_after) co_await die();
}

task<void> trouble::leave(fate met) {
    auto const slow = with_.luck.pause();
    if (slow > domain::duration{0}) co_await wait(slow);
    if (met == fate::crash_after) co_await die();
    if (met == fate::hang_done) co_await wait(given_up_after);
}

} // namespace linli::simulation
