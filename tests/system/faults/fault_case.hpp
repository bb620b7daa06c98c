#pragma once

#include <string_view>
#include <vector>

#include "system/faults/trial.hpp"

namespace linli::tests::faults {

// One way in which the real thing breaks.
struct fault_case {
    std::string_view name;
    std::string_view says; // what happens, for whoever reads the list
    int wanted = 10;       // faults in all
    int in_one_house = 1;  // of these, before the next house
    bool needs_root = false;
    setting house = {};
    // One fault, from its begin to where nothing is broken any more. Load goes on all the time, for
    // a random while before each.
    void (*happens)(trial&) = nullptr;
    // In its place: so many faults, each at a time of its own choice.
    void (*happen)(trial&, int times) = nullptr;
};

// In the order in which they are tried.
std::vector<fault_case> const& all_cases();

// A few that need little time, with so many faults of each.
struct short_case {
    std::string_view name;
    int times;
};
std::vector<short_case> const& short_form();

} // namespace linli::tests::faults
