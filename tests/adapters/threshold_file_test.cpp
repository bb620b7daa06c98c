#include "adapters/files/threshold_file.hpp"
#include "support/places.hpp"

#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace linli::tests {

using namespace domain;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

std::string delivered() {
    std::ifstream in(shipped_config("thresholds.toml"));
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> problems_of(std::string text, std::string const& old,
                                     std::string const& changed) {
    auto const at = text.find(old);
    if (at == std::string::npos) throw std::logic_error("not there: " + old);
    text.replace(at, old.size(), changed);
    try {
        files::parse_thresholds(text, "t.toml");
    } catch (files::file_error const& e) {
        return e.problems();
    }
    return {};
}

} // namespace

TEST(thresholds, delivered_are_the_fields) {
    auto const t = files::load_thresholds(shipped_config("thresholds.toml"));
    ASSERT_GE(t.vitals.size(), 4U);
    EXPECT_EQ(t.vitals[0], (vital_limit{vital_sign::heart_rate, 40, 120, 5, seconds{600}}));
    EXPECT_EQ(t.fence, fence_settings{});
    EXPECT_EQ(t.inactivity, inactivity_profile{});
    EXPECT_EQ(t.news2_points, 5);
}

// As NEWS2 has it: three points up to and with 91.
TEST(thresholds, delivered_are_beyond_at_a_saturation_of_91) {
    auto const t = files::load_thresholds(shipped_config("thresholds.toml"));
    auto const limit =
        std::ranges::find(t.vitals, vital_sign::oxygen_saturation, &vital_limit::what);
    ASSERT_NE(limit, t.vitals.end());
    EXPECT_EQ(is_beyond(*limit, limit_side::low, 91, dwell()), finding::yes);
    EXPECT_EQ(is_beyond(*limit, limit_side::low, 92, dwell()), finding::no);
}

TEST(thresholds, that_are_wrong_are_told_with_their_line) {
    auto const good = delivered();
    EXPECT_THAT(problems_of(good, "low = 40", "low = 140"),
                ElementsAre(HasSubstr("low is not below high")));
    EXPECT_THAT(problems_of(good, "\"heart_rate\"", "\"hart_rate\""),
                ElementsAre(HasSubstr("did you mean \"heart_rate\"?")));
    EXPECT_THAT(problems_of(good, "hysteresis = 5", "hysteresis = \"5\""),
                ElementsAre(HasSubstr("a number from 0 to 1000")));
    EXPECT_THAT(problems_of(good, "from = \"07:00\"", "from = \"7 h\""),
                ElementsAre(HasSubstr("write HH:MM")));
    EXPECT_THAT(problems_of(good, "gps_m = 15", "gsp_m = 15"),
                ElementsAre(HasSubstr("did you mean fence.gps_m?")));
    EXPECT_THAT(problems_of(good, "\"oxygen_saturation\"", "\"heart_rate\""),
                ElementsAre(HasSubstr("vital heart_rate twice")));
    EXPECT_THAT(problems_of(good, "[bed]", "[bad]"),
                testing::Contains(HasSubstr("bed is missing")));
}

} // namespace linli::tests
