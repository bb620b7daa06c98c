// Many that go together are one incident, and whom to ring first.
#include "domain/outage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/evening.hpp"

namespace linli::tests {

using namespace domain;
using namespace std::chrono_literals;
using testing::ElementsAre;

namespace {

std::vector<area_id> const upwards{{"street"}, {"district"}, {"city"}};
outage_limits const limits{.devices = 10, .percent = 30};

struct row {
    area_tally street, district, city;
    char const* out; // "" = no outage
};

constexpr row table[] = {
    {{20, 9}, {200, 9}, {1000, 9}, ""},           // too few
    {{100, 29}, {200, 29}, {1000, 29}, ""},       // too small a share
    {{20, 10}, {200, 10}, {1000, 10}, "street"},  // half a street
    {{20, 20}, {60, 25}, {1000, 25}, "district"}, // the district as a whole
    {{20, 20}, {60, 59}, {150, 60}, "city"},
    {{20, 20}, {60, 60}, {150, 60}, "district"}, // nobody else of the city is gone
    {{200, 200}, {201, 200}, {202, 200}, "street"},
    {{40, 10}, {40, 12}, {200, 12}, "district"}, // though the street alone would not do
};

} // namespace

TEST(an_outage, is_of_the_widest_area_that_is_out_as_a_whole) {
    for (auto const& [street, district, city, out] : table) {
        SCOPED_TRACE(out);
        auto const found = area_that_is_out(
            upwards, {{{"street"}, street}, {{"district"}, district}, {{"city"}, city}}, limits);
        EXPECT_EQ(found.value_or(area_id{}).value, out);
    }
    EXPECT_FALSE(area_that_is_out(upwards, {}, limits));
    EXPECT_FALSE(area_that_is_out({}, {{{"street"}, {10, 10}}}, limits));
}

TEST(an_outage, is_over_when_nine_of_ten_are_back) {
    outage o;
    o.devices = 200;
    EXPECT_FALSE(is_over(o, 21));
    EXPECT_TRUE(is_over(o, 20));
}

TEST(the_care_calls, begin_with_those_at_high_risk_who_live_alone) {
    auto const someone = [](char const* id, bool high_risk, bool alone, duration since) {
        care_call c;
        c.resident = {id};
        c.high_risk = high_risk;
        c.alone = alone;
        c.since = evening + since;
        return c;
    };
    std::vector list{someone("neither", false, false, 0s), someone("alone", false, true, 0s),
                     someone("late", true, true, 9s), someone("risk", true, false, 0s),
                     someone("early", true, true, 1s)};
    by_risk(list);
    std::vector<std::string> order;
    for (auto const& each : list)
        order.push_back(each.resident.value);
    EXPECT_THAT(order, ElementsAre("early", "late", "risk", "alone", "neither"));
}

} // namespace linli::tests
