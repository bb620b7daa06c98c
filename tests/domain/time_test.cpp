#include "domain/time.hpp"

#include <gtest/gtest.h>

#include "domain/hours_of_day.hpp"
#include "domain/situation.hpp"

namespace linli::tests {

using namespace domain;

TEST(time, the_minute_of_the_day_is_counted_by_the_installations_offset) {
    constexpr minutes china{480};
    struct {
        instant now;
        minutes offset;
        int minute;
    } const table[] = {
        {evening, china, 20 * 60},
        {evening, minutes(0), 12 * 60},
        {evening + hours(4) - duration(1), china, 1439},
        {evening + hours(4), china, 0},
        {evening + hours(4) + seconds(59), china, 0},
        {evening + hours(4) + seconds(60), china, 1},
        {evening, minutes(-720), 0},
        {evening, minutes(330), 17 * 60 + 30},
        {instant{} - duration(1), minutes(0), 1439}, // before 1970 the day is not upside down
    };
    for (auto const& [now, offset, minute] : table)
        EXPECT_EQ(minute_of_day(now, offset), minute) << offset.count();
}

TEST(time, hours_may_reach_over_midnight_and_end_before_their_last_minute) {
    for (auto const minute : {480, 719})
        EXPECT_TRUE(is_in_hours(minute, 480, 720)) << minute;
    for (auto const minute : {479, 720})
        EXPECT_FALSE(is_in_hours(minute, 480, 720)) << minute;
    for (auto const minute : {1320, 1439, 0, 359})
        EXPECT_TRUE(is_in_hours(minute, 1320, 360)) << minute;
    for (auto const minute : {1319, 360})
        EXPECT_FALSE(is_in_hours(minute, 1320, 360)) << minute;
    EXPECT_TRUE(is_in_hours(1439, 0, 1440)) << "all day";
    EXPECT_FALSE(is_in_hours(480, 480, 480)) << "never";
}

} // namespace linli::tests
