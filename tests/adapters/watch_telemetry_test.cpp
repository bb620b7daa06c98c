#include <gtest/gtest.h>

#include <fmt/format.h>

#include "adapters/watch_tcp/signal_reading.hpp"

namespace linli::tests {

using namespace domain;
using namespace std::chrono_literals;

namespace {

instant const received = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 10h;

std::string frame_of(std::string const& body) {
    return fmt::format("[3G*8809008845*{:04X}*{}]", body.size(), body);
}

telemetry read(std::string const& body) {
    EXPECT_TRUE(watch_tcp::is_telemetry(watch_tcp::read_frame(frame_of(body))));
    return watch_tcp::read_telemetry({"8809008845"}, frame_of(body), received);
}

constexpr auto position_of = "{},231126,094744,{},36.061000,N,103.830000,E,0.00,0.0,0.0,7,100,81,1,"
                             "0,00000000,1,0,460,0,9336,3981,141,0,0.0";

} // namespace

TEST(watch_telemetry, is_each_vital_sign_that_these_watches_send) {
    struct row {
        char const* body;
        std::vector<std::pair<vital_sign, double>> values;
    };
    row const table[] = {
        {"heart,72", {{vital_sign::heart_rate, 72}}},
        {"heart,0", {{vital_sign::heart_rate, 0}}},   // kept as told; no measurement to judge
        {"HEART,72", {{vital_sign::heart_rate, 72}}}, // as some firmware writes them
        {"Oxygen,0,97", {{vital_sign::oxygen_saturation, 97}}},
        {"blood,131,82",
         {{vital_sign::systolic_pressure, 131}, {vital_sign::diastolic_pressure, 82}}},
        {"PULSE,68", {{vital_sign::heart_rate, 68}}},
        {"bphrt,128,79,71,170,60,1",
         {{vital_sign::systolic_pressure, 128},
          {vital_sign::diastolic_pressure, 79},
          {vital_sign::heart_rate, 71}}},
        {"BLOOD,131,82",
         {{vital_sign::systolic_pressure, 131}, {vital_sign::diastolic_pressure, 82}}},
        {"btemp2,1,35.29", {{vital_sign::body_temperature, 35.29}}},
        {"oxygen,0,97", {{vital_sign::oxygen_saturation, 97}}},
    };
    for (auto const& [body, values] : table) {
        SCOPED_TRACE(body);
        auto const t = read(body);
        ASSERT_EQ(t.vitals.size(), values.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
            EXPECT_EQ(t.vitals[i].what, values[i].first);
            EXPECT_EQ(t.vitals[i].value, values[i].second);
            EXPECT_FALSE(t.vitals[i].at);
        }
        EXPECT_TRUE(t.raw.empty());
    }
}

TEST(watch_telemetry, is_a_position_with_its_fix_time_and_battery) {
    for (auto const* type : {"UD", "UD2", "UD_LTE", "UD_WCDMA", "WT"}) {
        SCOPED_TRACE(type);
        auto const t = read(fmt::format(position_of, type, "A"));
        ASSERT_EQ(t.fixes.size(), 1U);
        EXPECT_EQ(t.fixes[0].where, (position{36.061, 103.83, 0, position_source::gps}));
        EXPECT_EQ(t.fixes[0].at, received - 12min - 16s);
        ASSERT_EQ(t.battery.size(), 1U);
        EXPECT_EQ(t.battery[0].percent, 81);
        EXPECT_TRUE(t.raw.empty());
    }
}

TEST(watch_telemetry, without_a_fix_says_no_place) {
    auto const t = read(fmt::format(position_of, "UD", "V"));
    EXPECT_TRUE(t.fixes.empty());
    EXPECT_EQ(t.battery.size(), 1U);
}

TEST(watch_telemetry, that_cannot_be_read_is_kept_as_its_bytes) {
    for (auto const* body : {"heart,fast", "heart", "bphrt,128", "btemp2,1,90", "BLOOD,-1,80"}) {
        SCOPED_TRACE(body);
        EXPECT_EQ(read(body).raw, frame_of(body));
    }
}

TEST(watch_telemetry, is_neither_a_greeting_nor_a_voice) {
    for (auto const* body : {"LK,0,0,81", "LK", "TK,abc", "INIT", "UD"})
        EXPECT_FALSE(watch_tcp::is_telemetry(watch_tcp::read_frame(frame_of(body)))) << body;
}

TEST(watch_telemetry, told_twice_within_seconds_is_one) {
    EXPECT_EQ(read("heart,72").event, read("heart,72").event);
    EXPECT_NE(read("heart,72").event, read("heart,73").event);
}

} // namespace linli::tests
