#include "system/shifted_clock.hpp"

#include <boost/asio/post.hpp>

namespace linli::tests {

runtime::task<void> shifted_clock::wait_until(domain::instant when, app::bell& or_rung) {
    auto const truly = when - domain::duration(offset_.load());
    auto const mine = waited_by_.insert(&or_rung);
    co_await real_.wait_until(truly, or_rung);
    waited_by_.erase(mine);
}

void shifted_clock::fast_forward(domain::duration by) {
    offset_ += by.count();
    boost::asio::post(loop_, [this] {
        for (auto* const each : waited_by_)
            each->ring();
    });
}

} // namespace linli::tests
