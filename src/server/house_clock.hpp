#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <mutex>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "app/clock.hpp"

namespace linli::server {

// The house clock: a wall clock read once, and a monotonic clock since. It starts with the
// machine's wall clock and takes the database's when that is first reached; it never goes back,
// not even behind what an earlier run has handed out.
class house_clock final : public app::clock {
public:
    explicit house_clock(boost::asio::any_io_executor loop);

    domain::instant now() override; // any thread
    runtime::task<void> wait_until(domain::instant when) override;
    void wake() override;

    // The database's time, and the latest that an earlier run has stored. Returns by how much the
    // clock stood wrong (positive: it was behind). The clock never goes back: a little ahead of the
    // database it stands still until that has come, far ahead it goes on from there.
    domain::duration adopt(domain::instant wall, domain::instant latest);

    bool is_adopted() const { return adopted_; }

private:
    domain::instant base_;
    std::chrono::steady_clock::time_point base_steady_;
    domain::instant latest_;
    std::mutex mutex_;
    bool adopted_ = false;
    boost::asio::any_io_executor loop_;
    std::list<std::shared_ptr<boost::asio::steady_timer>> waiting_;
};

} // namespace linli::server
