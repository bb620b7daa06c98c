// Goal: whatever dies or fails at whatever moment, the evening ends as it should. Method: one small
// evening is run once in fair weather, which numbers every touch of the house with its record, its
// journal and its broker; then it is run again for each of these points and each way to fail there.
#include <gtest/gtest.h>

#include "simulation/telling.hpp"

namespace linli::simulation {

namespace {

// A call of the database can fail in all ways; the rest can be the last thing that was done.
std::vector<fate> fates_of(place where) {
    switch (where) {
    case place::commit:
        return {fate::crash_before, fate::crash_after, fate::away, fate::in_doubt, fate::conflict};
    case place::read:
        return {fate::crash_before, fate::crash_after, fate::away};
    case place::journal:
    case place::send:
        return {fate::crash_before, fate::crash_after};
    default:
        return {fate::crash_after, fate::away};
    }
}

// What a loop asks while nothing happens is all alike: these many in a row are tried.
constexpr std::size_t idle_calls_tried = 3;

bool is_idle_call(place where) {
    return where == place::due || where == place::take_outbox || where == place::registry;
}

std::vector<stroke> all_strokes(std::vector<place> const& points) {
    std::vector<stroke> all;
    std::size_t idle = 0;
    for (std::size_t point = 0; point < points.size(); ++point) {
        idle = is_idle_call(points[point]) ? idle + 1 : 0;
        if (idle > idle_calls_tried) continue;
        for (auto const what : fates_of(points[point]))
            all.push_back({point, what});
    }
    return all;
}

void expect_good_end(people who, std::vector<stroke> const& struck) {
    auto const ended = run_small_evening(who, struck);
    ASSERT_FALSE(ended.fault) << text_of_failure(ended, replay_of(who, struck));
}

} // namespace

TEST(every_crash, leaves_nobody_without_help) {
    auto const undisturbed = run_small_evening(people::helpful, {});
    ASSERT_FALSE(undisturbed.fault) << text_of_failure(undisturbed, "simulation --evening");
    auto const strokes = all_strokes(undisturbed.points);
    for (auto const& each : strokes)
        ASSERT_NO_FATAL_FAILURE(expect_good_end(people::helpful, {each}));
    std::cout << undisturbed.commits << " commits, " << undisturbed.points.size() << " points, "
              << strokes.size() << " strokes\n";
}

TEST(every_crash, at_a_commit_among_moody_people) {
    auto const undisturbed = run_small_evening(people::moody, {});
    ASSERT_FALSE(undisturbed.fault) << text_of_failure(undisturbed, "simulation --evening --moody");
    std::size_t tried = 0;
    for (auto const& each : all_strokes(undisturbed.points)) {
        if (undisturbed.points[each.point] != place::commit) continue;
        ASSERT_NO_FATAL_FAILURE(expect_good_end(people::moody, {each}));
        ++tried;
    }
    std::cout << undisturbed.commits << " commits, " << tried << " strokes\n";
}

TEST(every_crash, may_be_followed_by_another) {
    constexpr int pairs = 300;
    auto const strokes = all_strokes(run_small_evening(people::helpful, {}).points);
    dice chance(1);
    for (int i = 0; i < pairs; ++i) {
        auto first = chance.pick(strokes);
        auto second = first; // soon after it, where the house has hardly come up again
        second.point += 1 + chance.below(20);
        second.what = chance.percent(50) ? fate::crash_after : fate::away;
        ASSERT_NO_FATAL_FAILURE(expect_good_end(people::helpful, {first, second}));
    }
}

} // namespace linli::simulation
