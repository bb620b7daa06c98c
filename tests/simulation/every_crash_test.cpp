// Goal: whatever dies or fails at whatever moment, the evening ends as it should. Method: one small
// evening is run once in fair weather, which numbers every touch of the house with its record, its
// journal, its broker and its gateways, and every await of its tasks; then it is run again for each
// of these and each way to fail there. Here a share of them, a larger one at a commit;
// `simulation --every-crash` tries all.
#include <gtest/gtest.h>

#include "simulation/strokes.hpp"
#include "simulation/telling.hpp"

namespace linli::simulation {

namespace {

constexpr std::size_t one_in = 151;

void expect_good_end(people who, std::vector<stroke> const& struck) {
    auto const ended = run_small_evening(who, struck);
    ASSERT_FALSE(ended.fault) << text_of_failure(ended, replay_of(who, struck));
}

} // namespace

TEST(every_crash, leaves_nobody_without_help) {
    auto const undisturbed = run_small_evening(people::helpful, {});
    ASSERT_FALSE(undisturbed.fault) << text_of_failure(undisturbed, "simulation --evening");
    auto const all = all_strokes(undisturbed);
    auto const some = a_share_of(all, undisturbed, one_in);
    for (auto const& each : some)
        ASSERT_NO_FATAL_FAILURE(expect_good_end(people::helpful, {each}));
    std::cout << undisturbed.commits << " commits, " << undisturbed.points.size() << " points, "
              << undisturbed.awaits << " awaits; " << some.size() << " of " << all.size()
              << " strokes\n";
}

TEST(every_crash, at_a_commit_among_moody_people) {
    auto const undisturbed = run_small_evening(people::moody, {});
    ASSERT_FALSE(undisturbed.fault) << text_of_failure(undisturbed, "simulation --evening --moody");
    std::size_t tried = 0;
    for (auto const& each : all_strokes(undisturbed)) {
        if (each.at_await || undisturbed.points[each.point] != place::commit) continue;
        if (each.point % 13 != 0) continue;
        ASSERT_NO_FATAL_FAILURE(expect_good_end(people::moody, {each}));
        ++tried;
    }
    std::cout << undisturbed.commits << " commits, " << tried << " strokes\n";
}

TEST(every_crash, while_the_house_rings_people) {
    auto const undisturbed = run_small_evening(people::called, {});
    ASSERT_FALSE(undisturbed.fault)
        << text_of_failure(undisturbed, "simulation --evening --called");
    std::size_t tried = 0;
    for (auto const& each : all_strokes(undisturbed)) {
        if (each.at_await || undisturbed.points[each.point] != place::placed) continue;
        if (each.point % 7 != 0) continue;
        ASSERT_NO_FATAL_FAILURE(expect_good_end(people::called, {each}));
        ++tried;
    }
    EXPECT_GT(tried, 10U);
    std::cout << undisturbed.points.size() << " points, " << tried << " strokes\n";
}

TEST(every_crash, may_be_followed_by_another) {
    constexpr int pairs = 80;
    auto const strokes = all_strokes(run_small_evening(people::helpful, {}));
    dice chance(1);
    for (int i = 0; i < pairs; ++i) {
        auto first = chance.pick(strokes);
        auto second = first; // soon after it, where the house has hardly come up again
        second.point += 1 + chance.below(20);
        if (!second.at_await) second.what = chance.percent(50) ? fate::crash_after : fate::away;
        ASSERT_NO_FATAL_FAILURE(expect_good_end(people::helpful, {first, second}));
    }
}

} // namespace linli::simulation
