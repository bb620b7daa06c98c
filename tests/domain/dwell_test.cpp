#include "domain/dwell.hpp"

#include <gtest/gtest.h>

namespace linli::tests {

using namespace domain;
using namespace std::chrono_literals;

namespace {

instant const noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 12h;
constexpr dwell_times ten_minutes{10min, 2min};

// Judged measurement by measurement, by minutes after noon.
class something {
public:
    std::optional<crossing> is(finding says, duration after) {
        return judge(row, says, {"w1"}, noon + after, ten_minutes);
    }
    std::optional<crossing> passes(duration after) { return look(row, noon + after, ten_minutes); }
    dwell row;
};

} // namespace

TEST(dwell, that_has_lasted_long_enough_begins_once) {
    something s;
    EXPECT_FALSE(s.is(finding::yes, 0min));
    EXPECT_EQ(s.row.due_at, noon + 10min);
    EXPECT_FALSE(s.is(finding::yes, 9min));
    EXPECT_EQ(s.is(finding::yes, 10min), (crossing{true, noon}));
    EXPECT_FALSE(s.row.due_at);
    EXPECT_FALSE(s.is(finding::yes, 11min));
    EXPECT_FALSE(s.is(finding::yes, 60min));
}

TEST(dwell, begins_anew_after_one_measurement_to_the_contrary) {
    something s;
    s.is(finding::yes, 0min);
    s.is(finding::no, 9min);
    EXPECT_FALSE(s.row.due_at);
    EXPECT_FALSE(s.is(finding::yes, 10min));
    EXPECT_EQ(s.is(finding::yes, 20min), (crossing{true, noon + 10min}));
}

TEST(dwell, in_silence_passes_as_well) {
    something s;
    s.is(finding::yes, 0min);
    EXPECT_FALSE(s.passes(9min));
    EXPECT_EQ(s.passes(30min), (crossing{true, noon}));
    EXPECT_FALSE(s.passes(31min));
}

TEST(dwell, undecided_ends_nothing_and_begins_nothing) {
    something s;
    EXPECT_FALSE(s.is(finding::undecided, 0min));
    EXPECT_FALSE(s.row.since);
    s.is(finding::yes, 1min);
    s.is(finding::undecided, 5min);
    EXPECT_EQ(s.is(finding::undecided, 11min), (crossing{true, noon + 1min}));
}

TEST(dwell, is_over_when_it_has_been_over_for_as_long_as_that_takes) {
    something s;
    s.is(finding::yes, 0min);
    s.is(finding::yes, 10min);
    EXPECT_FALSE(s.is(finding::no, 11min));
    EXPECT_FALSE(s.is(finding::yes, 12min)); // out again: a door opened
    EXPECT_FALSE(s.is(finding::no, 13min));
    EXPECT_EQ(s.is(finding::no, 15min), (crossing{false, noon + 13min}));
}

TEST(dwell, hears_nothing_from_what_is_late_or_told_again) {
    something s;
    s.is(finding::yes, 5min);
    auto const before = s.row;
    EXPECT_FALSE(s.is(finding::no, 5min));
    EXPECT_FALSE(s.is(finding::no, 4min));
    EXPECT_EQ(s.row, before);
}

TEST(dwell, that_is_calm_costs_no_row) {
    something s;
    auto before = s.row;
    s.is(finding::no, 1min);
    EXPECT_FALSE(is_worth_keeping(before, s.row));
    before = s.row;
    s.is(finding::yes, 2min);
    EXPECT_TRUE(is_worth_keeping(before, s.row));
    before = s.row;
    s.is(finding::no, 3min);
    EXPECT_TRUE(is_worth_keeping(before, s.row));
    before = s.row;
    s.is(finding::no, 4min);
    EXPECT_FALSE(is_worth_keeping(before, s.row));
}

TEST(dwell, gives_its_signal_one_name_whoever_finds_it) {
    auto const began = observed_event_id({"w1"}, "heart_rate.high", {true, instant(7us)});
    EXPECT_EQ(began.value, "w1:o:heart_rate.high:7");
    EXPECT_EQ(device_of(began), device_id{"w1"});
    EXPECT_FALSE(device_event_of(began)); // no device has numbered it
    EXPECT_TRUE(is_observed(began));
    auto const ended = observed_event_id({"w1"}, "heart_rate.high", {false, instant(7us)});
    EXPECT_NE(ended, began);
    EXPECT_TRUE(is_observed(ended));
    EXPECT_FALSE(is_observed({"w1:7:42"}));
    EXPECT_FALSE(is_observed({"w1:x:00ff00ff00ff00ff:178000000"}));
    EXPECT_FALSE(is_observed({"o:1:2"}));
    EXPECT_FALSE(is_observed({"w1"}));
    EXPECT_FALSE(is_observed({"w1:o"}));
}

} // namespace linli::tests
