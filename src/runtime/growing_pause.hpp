#pragma once

#include <algorithm>
#include <chrono>
#include <utility>

namespace linli::runtime {

// How long to wait before something is tried again: 10, 20, 40 … 1000 ms, or between other bounds.
class growing_pause {
public:
    using length = std::chrono::milliseconds;

    explicit growing_pause(length first = length(10), length longest = length(1000))
        : first_(first), longest_(longest) {}

    length next() { return std::exchange(next_, std::min(2 * next_, longest_)); }
    void reset() { next_ = first_; } // it went well

private:
    length first_;
    length longest_;
    length next_ = first_;
};

} // namespace linli::runtime
