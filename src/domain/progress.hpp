#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/audience.hpp"
#include "domain/plan.hpp"
#include "domain/set_of.hpp"

namespace linli::domain {

// The plan file allows no more, because a step is a bit here.
inline constexpr std::size_t most_steps = 24;

// How far an alert's plan has come. Stored with the alert, so that a restart does each step once.
struct progress {
    std::uint32_t done = 0;    // steps that were run or not needed, a bit each
    std::uint32_t skipped = 0; // of those, not needed because an operator had it
    set_of<ask> asks;          // open: the operator hasn't said that it is done
    set_of<audience> told;     // who was told of the start is told of the end
    std::uint32_t notices = 0; // written so far; the version of the next one
    std::uint32_t go = 0;      // the next rung of "who goes"
    std::uint32_t access = 0;  // the next one before a locked door

    bool operator==(progress const&) const = default;
};

// "done=3 asks=ring_back,120 told=contacts notices=1"; empty for an alert that has just begun.
std::string to_string(progress const& p);
// Nothing for what to_string() does not write.
std::optional<progress> parse_progress(std::string_view text);

} // namespace linli::domain
