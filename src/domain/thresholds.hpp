#pragma once

#include <vector>

#include "domain/fence.hpp"
#include "domain/inactivity.hpp"
#include "domain/vitals.hpp"

namespace linli::domain {

// What an installation agrees for everybody (config/thresholds.toml); the registry has what is
// different for somebody.
struct thresholds {
    std::vector<vital_limit> vitals;
    int news2_points = 5;       // a partial score of so many; 0 = never
    seconds news2_lasting{600}; //
    fence_settings fence;
    inactivity_profile inactivity;

    bool operator==(thresholds const&) const = default;
};

} // namespace linli::domain
