#include "domain/vitals.hpp"

#include <gtest/gtest.h>

namespace linli::tests {

using namespace domain;
using namespace std::chrono_literals;

namespace {

struct row {
    double value;
    int points;
};

// NEWS2 of the Royal College of Physicians, 2017: the last value of each band and the first of the
// next.
constexpr row respiratory_rates[] = {{3, 3},  {8, 3},  {9, 1},  {11, 1}, {12, 0},
                                     {20, 0}, {21, 2}, {24, 2}, {25, 3}, {60, 3}};
constexpr row saturations[] = {{50, 3}, {91, 3}, {92, 2}, {93, 2},
                               {94, 1}, {95, 1}, {96, 0}, {100, 0}};
constexpr row systolic_pressures[] = {{50, 3},  {90, 3},  {91, 2},  {100, 2}, {101, 1},
                                      {110, 1}, {111, 0}, {219, 0}, {220, 3}, {300, 3}};
constexpr row heart_rates[] = {{20, 3}, {40, 3},  {41, 1},  {50, 1},  {51, 0},  {90, 0},
                               {91, 1}, {110, 1}, {111, 2}, {130, 2}, {131, 3}, {250, 3}};
constexpr row temperatures[] = {{30, 3},   {35.0, 3}, {35.1, 1}, {36.0, 1}, {36.1, 0},
                                {38.0, 0}, {38.1, 1}, {39.0, 1}, {39.1, 2}, {42, 2}};

template <std::size_t N>
void scores(std::optional<double> news2_input::*part, row const (&table)[N]) {
    for (auto const& [value, points] : table) {
        SCOPED_TRACE(value);
        news2_input known;
        known.*part = value;
        auto const score = news2(known);
        EXPECT_EQ(score.points, points);
        EXPECT_EQ(score.worst, points);
        EXPECT_EQ(score.missing.size(), 6U);
    }
}

constexpr vital_limit fast{vital_sign::heart_rate, 40, 120, 5, seconds{600}};

} // namespace

TEST(news2, gives_each_part_the_points_of_the_table) {
    scores(&news2_input::respiratory_rate, respiratory_rates);
    scores(&news2_input::oxygen_saturation, saturations);
    scores(&news2_input::systolic_pressure, systolic_pressures);
    scores(&news2_input::heart_rate, heart_rates);
    scores(&news2_input::body_temperature, temperatures);
}

TEST(news2, gives_two_points_for_oxygen_and_three_for_whoever_is_not_alert) {
    news2_input known;
    known.added_oxygen = true;
    known.is_alert = false;
    EXPECT_EQ(news2(known).points, 5);
    known.added_oxygen = false;
    known.is_alert = true;
    EXPECT_EQ(news2(known).points, 0);
    EXPECT_EQ(news2(known).missing.size(), 5U);
}

TEST(news2, is_whole_when_all_seven_are_known_and_at_most_twenty) {
    news2_input worst{3, 80, true, 60, 180, false, 34.0};
    auto const score = news2(worst);
    EXPECT_TRUE(score.missing.empty());
    EXPECT_EQ(score.points, 20);
    EXPECT_EQ(score.worst, 3);
}

TEST(news2, reads_between_the_bands_as_an_instrument_rounds) {
    news2_input known;
    known.body_temperature = 38.04;
    EXPECT_EQ(news2(known).points, 0);
    known.body_temperature = 38.06;
    EXPECT_EQ(news2(known).points, 1);
}

TEST(news2, of_a_watch_says_that_it_knows_neither_oxygen_nor_consciousness) {
    instant const now{};
    std::vector<vital> const measured{{now, vital_sign::heart_rate, 131},
                                      {now - 1min, vital_sign::heart_rate, 60},
                                      {now, vital_sign::oxygen_saturation, 93},
                                      {now, vital_sign::body_temperature, 0}}; // not on the skin
    auto const score = news2(news2_input_of(measured));
    EXPECT_EQ(score.points, 5);
    EXPECT_EQ(score.missing, (std::vector{news2_part::respiratory_rate, news2_part::added_oxygen,
                                          news2_part::systolic_pressure, news2_part::consciousness,
                                          news2_part::body_temperature}));
}

TEST(vitals, zero_is_a_watch_on_the_table_and_no_measurement) {
    EXPECT_FALSE(is_measurement({{}, vital_sign::heart_rate, 0}));
    EXPECT_FALSE(is_measurement({{}, vital_sign::oxygen_saturation, 0}));
    EXPECT_FALSE(is_measurement({{}, vital_sign::systolic_pressure, 0}));
    EXPECT_FALSE(is_measurement({{}, vital_sign::heart_rate, 65535}));
    EXPECT_TRUE(is_measurement({{}, vital_sign::heart_rate, 28}));
    EXPECT_TRUE(is_measurement({{}, vital_sign::steps, 0}));
}

TEST(vitals, beyond_is_above_high_and_below_low) {
    dwell const calm;
    EXPECT_EQ(is_beyond(fast, limit_side::high, 120, calm), finding::no);
    EXPECT_EQ(is_beyond(fast, limit_side::high, 120.5, calm), finding::yes);
    EXPECT_EQ(is_beyond(fast, limit_side::low, 40, calm), finding::no);
    EXPECT_EQ(is_beyond(fast, limit_side::low, 39, calm), finding::yes);
    EXPECT_EQ(is_beyond(fast, limit_side::low, 121, calm), finding::no);
}

TEST(vitals, who_was_beyond_is_back_when_by_the_hysteresis_inside) {
    dwell told;
    told.told = true;
    EXPECT_EQ(is_beyond(fast, limit_side::high, 118, told), finding::undecided);
    EXPECT_EQ(is_beyond(fast, limit_side::high, 115, told), finding::no);
    dwell runs;
    runs.since = instant{};
    EXPECT_EQ(is_beyond(fast, limit_side::low, 44, runs), finding::undecided);
    EXPECT_EQ(is_beyond(fast, limit_side::low, 45, runs), finding::no);
}

} // namespace linli::tests
