#include "domain/place.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace linli::tests {

using namespace domain;

namespace {

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
constexpr auto infinity = std::numeric_limits<double>::infinity();

position at(double latitude, double longitude) {
    return {latitude, longitude, 0, {}};
}

} // namespace

TEST(place, zero_zero_is_what_devices_send_for_no_fix) {
    EXPECT_FALSE(is_usable(at(0, 0)));
    EXPECT_FALSE(is_usable(at(-0.0, 0.0)));
    EXPECT_FALSE(is_usable(at(1e-12, 0)));
}

TEST(place, one_zero_alone_is_a_place) {
    EXPECT_TRUE(is_usable(at(0, 106.8)));
    EXPECT_TRUE(is_usable(at(51.48, 0)));
}

TEST(place, what_is_not_on_the_globe_is_no_place) {
    for (auto const& fix : {at(nan, 121), at(31, nan), at(infinity, 121), at(31, -infinity),
                            at(90.001, 121), at(-91, 121), at(31, 180.001), at(31, -200)})
        EXPECT_FALSE(is_usable(fix)) << fix.latitude << ' ' << fix.longitude;
    EXPECT_TRUE(is_usable(at(90, 180)));
    EXPECT_TRUE(is_usable(at(-90, -180)));
}

TEST(place, a_fix_that_cannot_be_used_is_no_fix) {
    EXPECT_EQ(usable(std::nullopt), std::nullopt);
    EXPECT_EQ(usable(at(0, 0)), std::nullopt);
    EXPECT_EQ(usable(at(31.26, 121.55)), at(31.26, 121.55));
}

TEST(place, known_distances) {
    EXPECT_DOUBLE_EQ(distance_m(at(31.26, 121.55), at(31.26, 121.55)), 0);
    // A degree of latitude: the mean radius times pi / 180.
    EXPECT_NEAR(distance_m(at(31, 121), at(32, 121)), 111'195.08, 0.1);
    // Beijing to Shanghai, by the haversine: 1,067 km.
    EXPECT_NEAR(distance_m(at(39.9042, 116.4074), at(31.2304, 121.4737)), 1'067'311, 500);
    // Over the date line it is near, not round the world.
    EXPECT_NEAR(distance_m(at(0.5, 179.9), at(0.5, -179.9)), 22'238, 5);
    EXPECT_NEAR(distance_m(at(10, 20), at(-10, -160)), M_PI * 6371008.8, 1);
}

} // namespace linli::tests
