#include "simulation/twin_inbox.hpp"

#include <boost/asio/this_coro.hpp>

namespace linli::simulation {

runtime::task<void> doorbell::wait() {
    auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer bell(executor, boost::asio::steady_timer::time_point::max());
    bells_.insert(&bell);
    auto ended = co_await bell.async_wait(runtime::use_task_tuple);
    static_cast<void>(ended);
    bells_.erase(&bell);
}

void doorbell::ring() {
    for (auto* const each : bells_)
        each->cancel();
}

std::vector<app::inbox::item> twin_inbox::next(std::size_t most) {
    std::vector<item> items;
    while (items.size() < most) {
        auto const at = from_.next(read_to_ + 1);
        if (!at) break;
        read_to_ = *at;
        items.push_back({*at, from_.at(*at)});
    }
    return items;
}

runtime::task<void> twin_inbox::wait() {
    if (from_.next(read_to_ + 1)) co_return;
    co_await bell_.wait();
}

void twin_inbox::done(std::vector<token> const& names) {
    for (auto const name : names)
        from_.mark_done(name);
}

runtime::task<std::vector<app::telemetry_inbox::item>>
twin_telemetry_inbox::next(std::size_t most) {
    std::vector<item> items;
    while (items.size() < most) {
        auto const at = from_.next(read_to_ + 1);
        if (!at) break;
        read_to_ = *at;
        items.push_back({*at, from_.at(*at)});
    }
    co_return items;
}

runtime::task<void> twin_telemetry_inbox::wait() {
    if (from_.next(read_to_ + 1)) co_return;
    co_await bell_.wait();
}

runtime::task<void> twin_telemetry_inbox::done(std::vector<token> const& names) {
    for (auto const name : names)
        from_.mark_done(name);
    co_return;
}

} // namespace linli::simulation
