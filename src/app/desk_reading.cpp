#include "app/desk_reading.hpp"

namespace linli::app {

bool work_line::is_open() const {
    return alert ? domain::is_open(*alert) : request->state == domain::request_state::open;
}

// Each row's version only grows and no order leaves its line, so neither does the sum shrink.
std::uint64_t work_line::version() const {
    std::uint64_t sum = alert ? alert->version : request->version;
    for (auto const& o : orders)
        sum += o.version;
    return sum;
}

} // namespace linli::app
