#include "domain/clock_lag.hpp"

#include <algorithm>

namespace linli::domain {

namespace {

constexpr minutes steady_for{10};
constexpr minutes steady_within{5}; // what is sent in batches comes a little sooner or later

} // namespace

std::optional<duration> behind(telemetry const& what) {
    std::optional<instant> newest;
    auto const see = [&](auto const& all) {
        for (auto const& each : all)
            if (each.at) newest = std::max(newest.value_or(*each.at), *each.at);
    };
    see(what.vitals), see(what.fixes), see(what.activities);
    if (!newest) return std::nullopt;
    return what.received_at - *newest;
}

clock_lag hear(clock_lag const& before, instant received, duration behind) {
    if (behind <= still_true_for || behind > wrong_clock) return {};
    if (before.since && received < *before.since) return before; // told again
    bool const same = before.since && std::chrono::abs(behind - before.behind) <= steady_within;
    if (!same) return {received, behind, false};
    auto now = before;
    now.is_steady = now.is_steady || received - *now.since >= steady_for;
    return now;
}

} // namespace linli::domain
