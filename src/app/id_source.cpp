#include "app/id_source.hpp"

#include <algorithm>

namespace linli::app {

namespace {
constexpr std::uint32_t counter_limit = 1U << 12;
}

domain::uuid id_source::next(domain::instant now) {
    auto const since = std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch();
    auto const ms = std::max(static_cast<std::uint64_t>(since.count()), last_ms_);
    if (ms != last_ms_) {
        last_ms_ = ms;
        counter_ = 0;
    } else if (++counter_ == counter_limit) {
        ++last_ms_; // more than 4,096 in one millisecond: borrow from the next
        counter_ = 0;
    }
    domain::uuid id;
    for (std::size_t i = 0; i < 6; ++i)
        id.bytes[i] = static_cast<std::uint8_t>(last_ms_ >> (40 - 8 * i));
    id.bytes[6] = static_cast<std::uint8_t>(0x70U | (counter_ >> 8));
    id.bytes[7] = static_cast<std::uint8_t>(counter_);
    auto const random = random_();
    for (std::size_t i = 0; i < 8; ++i)
        id.bytes[8 + i] = static_cast<std::uint8_t>(random >> (8 * i));
    id.bytes[8] = static_cast<std::uint8_t>(0x80U | (id.bytes[8] & 0x3FU));
    return id;
}

} // namespace linli::app
