// Goal: whatever dies or fails at whatever moment, the evening ends as it should. Method: one small
// evening is run once in fair weather, which numbers every touch of the house with its record, its
// journal and its broker; then it is run again for each of these points and each way to fail there.
#include <gtest/gtest.h>

#include "simulation/telling.hpp"

namespace linli::simulation {

namespace {

// A database call can fail in all ways, the rest can only be the last thing that was done.
std::vector<fate> fates_of(place where) {
    switch (where) {
    case place::commit:
        return {fate::crash_before, fate::crash_after, fate::away, fate::in_doubt, fate::conflict};
    case place::read: return {fate::crash_before, fate::crash_after, fate::away};
    case place::journal:
    case place::send: return {fate::crash_before, fate::crash_after};
    default: return {fate::crash_after, fate::away};
    }
}

// Hours of looking for nothing are all alike: of the calls of idle loops, these many in a row.
constexpr std::size_t idle_calls_tried = 3;

bool is_idle_call(place where) {
    return where == place::due || where == place::take_outbox || where == place::registry;
}

} // namespace

TEST(every_crash, leaves_nobody_without_help) {
    auto const fair_evening = run_small_evening({});
    ASSERT_FALSE(fair_evening.fault) << text_of_failure(fair_evening, "simulation --evening");
    std::size_t idle = 0;
    std::size_t runs = 0;
    for (std::size_t point = 0; point < fair_evening.points.size(); ++point) {
        auto const where = fair_evening.points[point];
        idle = is_idle_call(where) ? idle + 1 : 0;
        if (idle > idle_calls_tried) continue;
        for (auto const what : fates_of(where)) {
            stroke const one{point, what};
            auto const ended = run_small_evening({one});
            ++runs;
            ASSERT_FALSE(ended.fault) << text_of_failure(ended, replay_of(one));
        }
    }
    RecordProperty("points", static_cast<int>(fair_evening.points.size()));
    RecordProperty("runs", static_cast<int>(runs));
    std::cout << fair_evening.points.size() << " points, " << runs << " runs\n";
}

} // namespace linli::simulation
