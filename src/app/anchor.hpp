#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/ids.hpp"
#include "domain/time.hpp"

namespace linli::app {

// Where a chain of the log stood: its newest line then, and that line's hash, which binds all
// before it.
struct chain_mark {
    domain::uuid chain;
    std::uint32_t seq = 0;
    std::string hash; // 32 bytes

    bool operator==(chain_mark const&) const = default;
};

// What the log was at a time, signed and kept outside the database as well (design, 4.9): whoever
// owns the database can make a chain anew, but not what was said of it before.
struct anchor {
    std::uint64_t number = 0; // from 1 on, without a gap
    domain::instant at;
    // Every line with a time before this one stands in this anchor or in an older one.
    domain::instant covers;
    std::string previous; // digest of the anchor before; 32 bytes, of zeros for the first
    // The database was put back to where it was after this anchor; what the anchors between had is
    // lost, and somebody has said so.
    std::optional<std::uint64_t> restored_to;
    std::vector<chain_mark> marks;

    bool operator==(anchor const&) const = default;
};

// A line is committed at most so long after its time. So much an anchor looks back behind the one
// before it, and so much of the newest nobody may call late.
inline constexpr domain::minutes longest_commit{15};

inline constexpr std::size_t most_marks = 50'000; // of one anchor; more go into the next

} // namespace linli::app
