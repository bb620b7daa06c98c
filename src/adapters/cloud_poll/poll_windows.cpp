#include "adapters/cloud_poll/poll_windows.hpp"

#include <algorithm>
#include <chrono>

namespace linli::cloud_poll {

namespace {

constexpr domain::seconds widest{3600};
constexpr domain::seconds narrowest{1};
constexpr domain::seconds narrowest_of_slow{300};

domain::seconds half_of(poll_windows::window const& w) {
    return std::chrono::floor<domain::seconds>((w.until - w.base) / 2);
}

} // namespace

poll_windows::poll_windows(files::poll_rule const& by, std::optional<domain::instant> through)
    : back_(by.back), overlap_(by.overlap), through_(through), span_(widest) {}

// In whole seconds, as some clouds take them. A mark in the future is that of a clock that jumped.
poll_windows::window poll_windows::next(domain::instant now) const {
    now = std::chrono::floor<std::chrono::seconds>(now);
    auto const earliest = now - back_;
    auto const through = std::min(through_.value_or(earliest), now);
    window w;
    w.base = std::max(through, earliest);
    w.from = std::max(w.base - std::min(overlap_, span_), earliest);
    w.until = std::min(now, w.base + span_);
    w.reaches_now = w.until == now;
    w.is_narrowest = w.until - w.base <= narrowest;
    if (through < earliest) w.lost_since = through;
    return w;
}

void poll_windows::done(window const& what) {
    through_ = what.until;
    if (what.reaches_now) span_ = widest;
}

void poll_windows::too_full(window const& what) {
    span_ = std::max(half_of(what), narrowest);
}

void poll_windows::too_slow(window const& what) {
    span_ = std::min(span_, std::max(half_of(what), narrowest_of_slow));
}

} // namespace linli::cloud_poll
