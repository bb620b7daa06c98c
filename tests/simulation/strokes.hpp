#pragma once

#include <cstddef>
#include <vector>

#include "simulation/run.hpp"

namespace linli::simulation {

// Every way to fail at every touch of the house with its record, its journal and its broker in that
// evening, and death at every await after which anything outlives it. Of the touches of a house
// that has nothing to do, which are all alike, a few in a row.
std::vector<stroke> all_strokes(outcome const& undisturbed);

// Of these, every `n`th, and more of those at a commit.
std::vector<stroke> a_share_of(std::vector<stroke> const& all, outcome const& undisturbed,
                               std::size_t n);

} // namespace linli::simulation
