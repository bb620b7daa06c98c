#pragma once

#include <chrono>

#include "hotline/core/words.hpp"
#include "runtime/machine_time.hpp"

namespace linli::hotline {

// The machine's wall clock at the start, and from there on only forward: a wait is never negative
// because somebody has set the clock.
class engine_clock {
public:
    instant now() const {
        auto const since = std::chrono::steady_clock::now() - began_;
        return wall_ + std::chrono::duration_cast<std::chrono::microseconds>(since);
    }

    std::chrono::steady_clock::time_point steady(instant at) const { return began_ + (at - wall_); }

private:
    instant const wall_ = runtime::machine_time();
    std::chrono::steady_clock::time_point const began_ = std::chrono::steady_clock::now();
};

} // namespace linli::hotline
