// Goal: rules 1 to 4 of design, section 4, hold whatever happens. Method: towns, people, weather
// and accidents by a seed; simulation.cpp runs other seeds for as long as one likes.
#include <gtest/gtest.h>

#include "simulation/telling.hpp"

namespace linli::simulation {

class seeds : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(seeds, keep_the_rules) {
    constexpr int steps = 120;
    auto const ended = run_by_chance(GetParam(), steps);
    ASSERT_FALSE(ended.fault) << text_of_failure(ended, replay_of_seed(GetParam(), steps));
    EXPECT_GT(ended.signals, 50U);
}

INSTANTIATE_TEST_SUITE_P(fixed, seeds, ::testing::Range(std::uint64_t{1}, std::uint64_t{21}));

} // namespace linli::simulation
