#pragma once

#include <cstddef>
#include <span>

#include "domain/dwell.hpp"
#include "domain/telemetry.hpp"

namespace linli::domain {

inline constexpr std::size_t all_news2_parts = 7;

// Of the vital signs of a message: which are parts of the score, and which of them give points. A
// bit each.
struct scored_parts {
    unsigned known = 0;
    unsigned bad = 0;
};
scored_parts news2_parts_of(std::span<vital const> vitals);

// What the row of the score remembers of the newest that was bad, in its one number (`value`).
struct bad_score {
    int points = 0;
    unsigned parts = 0; // that gave them; none: from before they were kept
};
double in_one(bad_score const& score);
bad_score bad_score_of(dwell const& row);

} // namespace linli::domain
