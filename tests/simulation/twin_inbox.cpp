#include "simulation/twin_inbox.hpp"

#include <boost/asio/this_coro.hpp>

namespace linli::simulation {

runtime::task<void> doorbell::wait() {
    auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer bell(executor, boost::asio::steady_timer::time_point::max());
    bells_.push_back(&bell);
    auto ended = co_await bell.async_wait(runtime::use_task_tuple);
    static_cast<void>(ended);
    std::erase(bells_, &bell);
}

void doorbell::ring() {
    for (auto* const each : bells_)
        each->cancel();
}

std::vector<app::inbox::item> twin_inbox::next(std::size_t most) {
    return reader_.next<item>(most);
}

runtime::task<void> twin_inbox::wait() {
    return reader_.wait();
}

void twin_inbox::done(std::vector<token> const& names) {
    reader_.done(names);
}

runtime::task<std::vector<app::telemetry_inbox::item>>
twin_telemetry_inbox::next(std::size_t most) {
    co_return reader_.next<item>(most);
}

runtime::task<void> twin_telemetry_inbox::wait() {
    return reader_.wait();
}

runtime::task<void> twin_telemetry_inbox::done(std::vector<token> const& names) {
    reader_.done(names);
    co_return;
}

} // namespace linli::simulation
