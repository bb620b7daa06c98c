#pragma once

#include <algorithm>
#include <deque>
#include <exception>
#include <functional>
#include <utility>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "app/intake.hpp"

namespace linli::tests {

// A journal that a test fills by hand.
class hand_filled final : public app::inbox {
public:
    explicit hand_filled(boost::asio::io_context& loop)
        : bell_(loop, boost::asio::steady_timer::time_point::max()) {}

    void put(app::input what, app::journal_place place = 0) {
        put(std::vector<app::input>{std::move(what)}, place);
    }
    void put(std::vector<app::input> what, app::journal_place place = 0) {
        waiting_.push_back({++last_, std::move(what), place});
        bell_.cancel();
    }
    std::vector<item> next(std::size_t most) override {
        std::vector<item> some;
        for (; !waiting_.empty() && some.size() < std::min(most, at_once); waiting_.pop_front())
            some.push_back(std::move(waiting_.front()));
        return some;
    }
    runtime::task<void> wait() override {
        if (!waiting_.empty()) co_return;
        auto const ended = co_await bell_.async_wait(runtime::use_task_tuple);
        static_cast<void>(ended);
    }
    void done(std::vector<token> const& names) override {
        finished.insert(finished.end(), names.begin(), names.end());
        if (when_done) when_done();
    }

    std::size_t at_once = 1000;
    std::vector<token> finished;
    std::function<void()> when_done;

private:
    boost::asio::steady_timer bell_;
    std::deque<item> waiting_;
    token last_ = 0;
};

// Until nothing is left that could happen.
inline void run_until_settled(boost::asio::io_context& loop, app::intake& intake) {
    boost::asio::cancellation_signal stop;
    boost::asio::co_spawn(
        loop, intake.run(),
        boost::asio::bind_cancellation_slot(stop.slot(), [](std::exception_ptr) {}));
    loop.restart();
    loop.poll();
    stop.emit(boost::asio::cancellation_type::terminal);
    loop.poll();
}

} // namespace linli::tests
