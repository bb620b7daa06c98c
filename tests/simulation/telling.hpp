#pragma once

#include <string>

#include "simulation/run.hpp"

namespace linli::simulation {

// What a failed run says: how to replay it, what was broken, and what came before.
inline std::string text_of_failure(outcome const& ended, std::string const& replay) {
    std::string text = "replay: " + replay + "\n";
    for (auto const& line : ended.lately)
        text += line + '\n';
    return text + "first: " + ended.fault.value_or("nothing") + "\nreplay: " + replay + "\n";
}

inline std::string replay_of_seed(std::uint64_t seed, int steps) {
    return "simulation --seed " + std::to_string(seed) + " --steps " + std::to_string(steps);
}

std::string replay_of(people who, std::vector<stroke> const& struck);

// What the long run's seeds and ctest's do.
inline constexpr int usual_steps = 120;

} // namespace linli::simulation
