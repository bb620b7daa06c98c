#include "system/shifted_clock.hpp"

#include <boost/asio/post.hpp>

namespace linli::tests {

void shifted_clock::fast_forward(domain::duration by) {
    offset_ += by.count();
    boost::asio::post(loop_, [this] { real_.wake(); });
}

} // namespace linli::tests
