#pragma once

#include <mutex>

#include <boost/asio/any_io_executor.hpp>

#include "app/clock.hpp"
#include "app/house_time.hpp"

namespace linli::server {

// The house clock on the machine's monotonic clock. It starts with the machine's wall clock and
// takes the database's when that is first reached; app::house_time says what it makes of both.
class house_clock final : public app::clock {
public:
    explicit house_clock(boost::asio::any_io_executor loop);
    // `machine`: what its wall clock says.
    house_clock(boost::asio::any_io_executor loop, domain::instant machine);

    domain::instant now() override; // any thread
    using clock::wait_until;
    runtime::task<void> wait_until(domain::instant when, app::bell& or_rung) override;

    // As house_time::adopt.
    domain::duration adopt(domain::instant wall, domain::instant latest);

private:
    app::house_time time_;
    std::mutex mutex_;
    boost::asio::any_io_executor loop_;
};

} // namespace linli::server
