#include "domain/inactivity.hpp"

#include <gtest/gtest.h>

namespace linli::tests {

using namespace domain;
using namespace std::chrono_literals;

namespace {

constexpr minutes china{480};

// Local time of the 23rd, and of the days after.
instant local(int day, int hour, int minute = 0) {
    return std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + std::chrono::days(day) +
           std::chrono::hours(hour) + std::chrono::minutes(minute) - china;
}

inactivity_profile by_day() {
    inactivity_profile p;
    p.parts = {{7 * 60, 21 * 60, 270min}};
    return p;
}

} // namespace

TEST(inactivity, by_day_is_too_long_after_the_longest_that_is_usual) {
    EXPECT_EQ(too_long_at(by_day(), local(0, 9), china), local(0, 13, 30));
    EXPECT_EQ(too_long_at(by_day(), local(0, 7), china), local(0, 11, 30));
}

TEST(inactivity, of_a_night_is_sleep) {
    EXPECT_EQ(too_long_at(by_day(), local(0, 22), china), local(1, 11, 30));
    EXPECT_EQ(too_long_at(by_day(), local(1, 3), china), local(1, 11, 30));
}

TEST(inactivity, of_the_evening_counts_in_the_morning) {
    EXPECT_EQ(too_long_at(by_day(), local(0, 18), china), local(1, 8, 30));
    EXPECT_EQ(too_long_at(by_day(), local(0, 16, 30), china), local(0, 21));
}

TEST(inactivity, a_part_may_go_over_midnight) {
    auto p = by_day();
    p.parts = {{22 * 60, 6 * 60, 600min}, {6 * 60, 22 * 60, 240min}};
    // Two hours of the night are a fifth, so four fifths of the day's four hours are left.
    EXPECT_EQ(too_long_at(p, local(1, 4), china), local(1, 9, 12));
    EXPECT_EQ(too_long_at(p, local(0, 23), china), local(1, 7, 12)); // 7 of 10 h, then 72 min
}

TEST(inactivity, of_several_parts_the_strictest_counts) {
    auto p = by_day();
    p.parts.push_back({10 * 60, 12 * 60, 60min});
    EXPECT_EQ(too_long_at(p, local(0, 10), china), local(0, 11));
}

TEST(inactivity, without_a_part_is_nobodys_business) {
    inactivity_profile p;
    p.parts.clear();
    EXPECT_FALSE(too_long_at(p, local(0, 9), china));
}

TEST(inactivity, the_whole_day_is_from_a_minute_until_the_same) {
    EXPECT_TRUE(is_within(0, 0, 0));
    EXPECT_TRUE(is_within(420, 420, 100));
    EXPECT_TRUE(is_within(22 * 60, 6 * 60, 23 * 60));
    EXPECT_TRUE(is_within(22 * 60, 6 * 60, 5 * 60 + 59));
    EXPECT_FALSE(is_within(22 * 60, 6 * 60, 6 * 60));
    EXPECT_FALSE(is_within(7 * 60, 21 * 60, 21 * 60));
}

} // namespace linli::tests
