#include "domain/fence.hpp"

#include <gtest/gtest.h>

namespace linli::tests {

using namespace domain;

namespace {

constexpr double metre = 1 / 111'195.0; // degrees of latitude
constexpr double north = 36.06;
constexpr double east = 103.83;

std::string square(double from_m, double to_m, double half_width_m = 500) {
    auto const at = [](double x, double y) {
        return std::to_string(east + x * metre) + ' ' + std::to_string(north + y * metre);
    };
    return "POLYGON((" + at(-half_width_m, from_m) + ',' + at(half_width_m, from_m) + ',' +
           at(half_width_m, to_m) + ',' + at(-half_width_m, to_m) + ',' +
           at(-half_width_m, from_m) + "))";
}

position at(double north_m, position_source source, double accuracy_m = 0) {
    return {north + north_m * metre, east, accuracy_m, source};
}

zone const yard{"yard", zone_kind::home, square(-300, 300)};
zone const market{"market", zone_kind::regular, square(1000, 1400)};
zone const river{"river", zone_kind::forbidden, square(-2000, -1000)};
std::vector<zone> const zones{yard, market, river};
fence_settings const usual;

finding outside(position const& fix) {
    return is_outside(zones, fix, radius_of(fix, usual));
}

} // namespace

TEST(fence, inside_home_or_a_regular_zone_nobody_is_outside) {
    EXPECT_EQ(outside(at(0, position_source::gps)), finding::no);
    EXPECT_EQ(outside(at(1200, position_source::gps)), finding::no);
}

TEST(fence, between_them_and_in_the_forbidden_one_the_wearer_is_outside) {
    EXPECT_EQ(outside(at(650, position_source::gps)), finding::yes);
    EXPECT_EQ(outside(at(-1500, position_source::gps)), finding::yes);
}

TEST(fence, a_circle_that_touches_the_border_decides_nothing) {
    EXPECT_EQ(outside(at(310, position_source::gps)), finding::undecided);
    EXPECT_EQ(outside(at(290, position_source::gps)), finding::undecided);
    EXPECT_EQ(outside(at(330, position_source::gps)), finding::yes);
    EXPECT_EQ(outside(at(270, position_source::gps)), finding::no);
    EXPECT_EQ(outside(at(330, position_source::gps, 100)), finding::undecided); // says itself
}

TEST(fence, the_source_says_how_far_a_fix_may_be_wrong) {
    EXPECT_EQ(outside(at(340, position_source::gps)), finding::yes);
    EXPECT_EQ(outside(at(340, position_source::wifi)), finding::undecided);
    EXPECT_EQ(outside(at(340, position_source::unknown)), finding::undecided);
    EXPECT_EQ(outside(at(420, position_source::wifi)), finding::yes);
    EXPECT_EQ(outside(at(650, position_source::lbs)), finding::undecided);
    EXPECT_EQ(outside(at(9000, position_source::lbs)), finding::yes);
    EXPECT_EQ(outside(at(9000, position_source::lbs, 20'000)), finding::undecided);
}

TEST(fence, whoever_has_no_zone_has_left_none) {
    std::vector<zone> const none;
    EXPECT_EQ(is_outside(none, at(0, position_source::gps), 15), finding::no);
    std::vector<zone> const only_forbidden{river};
    EXPECT_EQ(is_outside(only_forbidden, at(0, position_source::gps), 15), finding::no);
}

TEST(fence, a_forbidden_zone_is_entered_by_the_whole_circle) {
    EXPECT_EQ(is_inside(river, at(-1500, position_source::gps), 15), finding::yes);
    EXPECT_EQ(is_inside(river, at(-1005, position_source::gps), 15), finding::undecided);
    EXPECT_EQ(is_inside(river, at(0, position_source::gps), 15), finding::no);
}

TEST(fence, a_hole_is_outside) {
    auto const ring = square(-300, 300);
    auto const hole = square(-50, 50, 50);
    auto shape =
        ring.substr(0, ring.size() - 1) + ',' + hole.substr(std::string("POLYGON(").size());
    ASSERT_EQ(problem_of_shape(shape), "");
    zone const with_pond{"yard", zone_kind::home, shape};
    EXPECT_EQ(side_of(with_pond, at(0, position_source::gps), 15), zone_side::outside);
    EXPECT_EQ(side_of(with_pond, at(0, position_source::wifi), 60), zone_side::straddling);
    EXPECT_EQ(side_of(with_pond, at(150, position_source::gps), 15), zone_side::inside);
}

TEST(fence, a_shape_that_is_none_is_found) {
    EXPECT_EQ(problem_of_shape("a garden"), "no polygon");
    EXPECT_NE(problem_of_shape("POLYGON((36.06 103.83,36.07 103.83,36.07 103.84,36.06 103.83))"),
              "");                                                     // latitude first
    EXPECT_NE(problem_of_shape("POLYGON((0 0,1 1,1 0,0 1,0 0))"), ""); // crosses itself
}

} // namespace linli::tests
