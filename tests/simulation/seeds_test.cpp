// Goal: rules 1 to 10 of design, section 4, hold whatever happens, and everything that may happen
// does. Method: towns, people, weather and accidents by a seed; tests/simulation/run runs other
// seeds for as long as one likes.
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "simulation/sightings.hpp"
#include "simulation/telling.hpp"

namespace linli::simulation {

namespace {
// The first thirty, and three that meet what these don't: whatever changes the order of things
// makes them others (these were found among the first 150).
std::vector<std::uint64_t> seeds_to_run() {
    std::vector<std::uint64_t> seeds(30);
    std::iota(seeds.begin(), seeds.end(), 1);
    for (auto const each : {45, 63, 117})
        seeds.push_back(each);
    return seeds;
}
} // namespace

TEST(seeds, keep_the_rules_and_meet_every_rare_thing) {
    std::map<std::string, std::size_t> seen;
    std::size_t whole_looks = 0;
    auto const seeds = seeds_to_run();
    for (auto const seed : seeds) {
        auto const ended = run_by_chance(seed, usual_steps);
        ASSERT_FALSE(ended.fault) << text_of_failure(ended, replay_of_seed(seed, usual_steps));
        EXPECT_GT(ended.signals, 50U);
        whole_looks += ended.whole_looks;
        for (auto const& [what, times] : ended.seen)
            seen[what] += times;
    }
    EXPECT_GT(whole_looks, seeds.size()) << "the whole record is looked at every 10,000 steps";
    for (auto const& [what, times] : seen) {
        bool const never = !why_never(what).empty();
        EXPECT_TRUE(never || times > 0) << "never seen: " << what;
        EXPECT_FALSE(never && times > 0) << "seen after all: " << what;
    }
}

TEST(seeds, that_run_again_do_the_same) {
    auto const once = run_by_chance(3, 40);
    auto const again = run_by_chance(3, 40);
    EXPECT_EQ(once.seen, again.seen);
    EXPECT_EQ(once.points, again.points);
    EXPECT_EQ(once.awaits, again.awaits);
    EXPECT_EQ(once.lasted, again.lasted);
}

} // namespace linli::simulation
