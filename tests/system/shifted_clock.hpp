#pragma once

#include <atomic>
#include <set>

#include <boost/asio/any_io_executor.hpp>

#include "app/clock.hpp"
#include "server/house_clock.hpp"

namespace linli::tests {

// The house clock with an offset that a test moves: an hour passes at once, and whoever waits for
// it wakes.
class shifted_clock final : public app::clock {
public:
    explicit shifted_clock(boost::asio::any_io_executor loop) : loop_(loop), real_(loop) {}

    domain::instant now() override { return real_.now() + domain::duration(offset_.load()); }

    using clock::wait_until;
    runtime::task<void> wait_until(domain::instant when, app::bell& or_rung) override;

    // Any thread.
    void fast_forward(domain::duration by);

private:
    boost::asio::any_io_executor loop_;
    server::house_clock real_;
    std::atomic<std::int64_t> offset_{0};
    std::multiset<app::bell*> waited_by_;
};

} // namespace linli::tests
