#pragma once

#include <optional>

#include "domain/telemetry.hpp"
#include "domain/time.hpp"

namespace linli::domain {

// What was measured longer ago than this is history that a watch has sent late.
constexpr hours still_true_for{2};
// A clock that is so far behind is wrong, and all that it tells is taken to be of now.
constexpr hours wrong_clock{24};

// In between nobody knows from one message: the one was offline for hours, the other takes UTC for
// the local time. A clock that is wrong stays as far behind; history that is sent late catches up.
struct clock_lag {
    std::optional<instant> since; // received; nothing: it is as it should be
    duration behind{0};           // then
    bool is_steady = false;       // for long enough: its clock is wrong

    bool operator==(clock_lag const&) const = default;
};

// How far the newest that it tells lies behind its receipt. Nothing: it tells no time.
std::optional<duration> behind(telemetry const& what);

clock_lag hear(clock_lag const& before, instant received, duration behind);

} // namespace linli::domain
