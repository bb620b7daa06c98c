#include "adapters/files/zone_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace linli::tests {

using testing::IsEmpty;

namespace {

constexpr auto ring =
    "[[[103.82,36.05],[103.84,36.05],[103.84,36.07],[103.82,36.07],[103.82,36.05]]]";

std::string feature(std::string const& properties, std::string const& coordinates = ring) {
    return R"({"type":"Feature","properties":)" + properties +
           R"(,"geometry":{"type":"Polygon","coordinates":)" + coordinates + "}}";
}

files::zone_reading read(std::string const& features) {
    return files::parse_zones(R"({"type":"FeatureCollection","features":[)" + features + "]}");
}

constexpr auto yard = R"({"resident":"R1","name":"yard","kind":"home","stroke":"#f00"})";

// "where what"
std::vector<std::string> problems_of(files::zone_reading const& r) {
    std::vector<std::string> all;
    for (auto const& each : r.problems) {
        EXPECT_FALSE(each.remedy.empty());
        all.push_back(each.where + ' ' + each.what);
    }
    return all;
}

} // namespace

TEST(zone_file, a_drawn_polygon_is_a_zone) {
    auto const r = read(feature(yard));
    EXPECT_THAT(problems_of(r), IsEmpty());
    ASSERT_EQ(r.zones.size(), 1U);
    EXPECT_EQ(r.zones[0].resident.value, "R1");
    EXPECT_EQ(r.zones[0].zone.name, "yard");
    EXPECT_EQ(r.zones[0].zone.kind, domain::zone_kind::home);
    auto const side = [&](double latitude) {
        return side_of(r.zones[0].zone, {latitude, 103.83, 0, {}}, 20);
    };
    EXPECT_EQ(side(36.06), domain::zone_side::inside);
    EXPECT_EQ(side(36.08), domain::zone_side::outside);
}

TEST(zone_file, what_is_wrong_is_told_with_its_feature) {
    EXPECT_THAT(problems_of(read(feature(R"({"name":"yard","kind":"home"})"))),
                testing::ElementsAre("features[0].properties.resident missing"));
    EXPECT_THAT(problems_of(read(feature(R"({"resident":"R1","name":"a:b","kind":"home"})"))),
                testing::ElementsAre("features[0].properties.name no name"));
    EXPECT_THAT(problems_of(read(feature(yard) + ',' + feature(yard))),
                testing::ElementsAre("features[1].properties.name twice for this resident"));
    EXPECT_THAT(problems_of(read(feature(R"({"resident":"R1","name":"y","kind":"garden"})"))),
                testing::ElementsAre("features[0].properties.kind unknown"));
    EXPECT_THAT(
        problems_of(read(feature(yard, "[[[36.05,103.82],[36.05,103.84],[36.07,103.84]]]"))),
        testing::ElementsAre("features[0].geometry off the globe: longitude comes first"));
    EXPECT_THAT(problems_of(read(feature(yard, R"([[["a",1]]])"))),
                testing::ElementsAre("features[0].geometry no polygon of at most 1000 points"));
    EXPECT_THAT(problems_of(read("7")), testing::ElementsAre("features[0] no feature"));
}

TEST(zone_file, of_a_thousand_mistakes_the_rest_is_not_read) {
    std::string many = "1";
    for (int n = 0; n < 100'000; ++n)
        many += ",1";
    EXPECT_EQ(read(many).problems.size(), 1001U);
}

TEST(zone_file, that_is_no_geojson_says_so) {
    EXPECT_EQ(files::parse_zones("zones").problems.size(), 1U);
    EXPECT_EQ(files::parse_zones("{}").problems.size(), 1U);
    EXPECT_EQ(files::parse_zones("[]").problems.size(), 1U);
}

} // namespace linli::tests
