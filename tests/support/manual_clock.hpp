#pragma once

#include <list>
#include <optional>

#include <boost/asio/steady_timer.hpp>

#include "app/clock.hpp"

namespace linli::tests {

// Time that stands still until a test moves it. Whoever waits is woken on the loop, in the order of
// their times; let the loop run (io.poll()) to see what they do. One thread.
class manual_clock final : public app::clock {
public:
    explicit manual_clock(domain::instant start) : now_(start) {}

    domain::instant now() override { return now_; }
    using clock::wait_until;
    runtime::task<void> wait_until(domain::instant when, app::bell& or_rung) override;

    void fast_forward(domain::duration by);
    // What a test would skip to: the earliest time that somebody waits for.
    std::optional<domain::instant> next_waited_for() const;
    std::size_t waiting() const { return waiters_.size(); }

private:
    struct waiter {
        domain::instant when;
        boost::asio::steady_timer rest; // never ends by itself: cancelling it wakes
    };
    void wake_those_due();

    domain::instant now_;
    std::list<waiter> waiters_;
};

} // namespace linli::tests
