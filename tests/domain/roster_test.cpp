#include "domain/roster.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace linli::tests {

using namespace domain;

namespace {

constexpr position home{31.26, 121.55, 0, {}};

worker at(std::string id, std::optional<position> place, std::string site = "station") {
    worker w;
    w.id = {std::move(id)};
    w.site = std::move(site);
    w.place = place;
    return w;
}

position north(double metres) {
    return {home.latitude + metres / 111'195.08, home.longitude, 0, {}};
}

bool anybody(worker const&) {
    return true;
}
bool nobody(worker const&) {
    return false;
}

using ids = std::vector<std::string>;

ids of(std::vector<worker const*> const& found) {
    ids all;
    for (auto const* w : found)
        all.push_back(w->id.value);
    return all;
}

roster a_street() {
    return roster({at("far", north(3000)), at("near", north(200), "other"), at("mid", north(900)),
                   at("unseen", std::nullopt), at("unseen_stranger", std::nullopt, "other")});
}

} // namespace

TEST(roster, nearest_first_of_any_site_then_those_of_the_site_whom_nobody_has_seen) {
    EXPECT_EQ(of(a_street().near(home, "station", anybody, anybody, 10, 10)),
              (ids{"near", "mid", "far", "unseen"}));
}

TEST(roster, looks_until_enough_may_go) {
    auto const street = a_street();
    EXPECT_EQ(of(street.near(home, "station", anybody, anybody, 2, 10)), (ids{"near", "mid"}));
    auto const not_near = [](worker const& w) { return w.id.value != "near"; };
    EXPECT_EQ(of(street.near(home, "station", anybody, not_near, 1, 10)), (ids{"near", "mid"}))
        << "who may not go is looked at all the same: his reason is stored";
}

TEST(roster, looks_at_no_more_than_it_was_told) {
    EXPECT_EQ(of(a_street().near(home, "station", anybody, nobody, 1, 2)), (ids{"near", "mid"}));
    EXPECT_EQ(of(a_street().near(home, "station", anybody, nobody, 1, 10)),
              (ids{"near", "mid", "far", "unseen"}));
}

TEST(roster, however_many_nearer_ones_may_not_go_they_hide_nobody_who_may) {
    auto const street = a_street();
    auto const only = [](std::string const& id) {
        return [id](worker const& w) { return w.id.value == id; };
    };
    for (auto const* who : {"near", "mid", "far", "unseen"}) {
        auto const found = of(street.near(home, "station", anybody, only(who), 1, 1));
        EXPECT_EQ(found.back(), who);
        EXPECT_LE(found.size(), 2U) << "of the others one gets a reason";
    }
    EXPECT_EQ(of(street.near(std::nullopt, "station", anybody, only("unseen"), 1, 1)).back(),
              "unseen");
}

TEST(roster, a_home_without_a_place_is_served_by_its_own_site) {
    EXPECT_EQ(of(a_street().near(std::nullopt, "station", anybody, anybody, 10, 10)),
              (ids{"far", "mid", "unseen"}));
    EXPECT_EQ(of(a_street().near(std::nullopt, "station", anybody, anybody, 1, 10)), (ids{"far"}));
    EXPECT_TRUE(a_street().near(std::nullopt, "no such site", anybody, anybody, 10, 10).empty());
}

TEST(roster, an_empty_one_finds_nobody) {
    EXPECT_TRUE(roster({}).near(home, "station", anybody, anybody, 1, 1).empty());
    EXPECT_EQ(roster({}).find({"wang"}), nullptr);
}

TEST(roster, who_holds_a_key_is_found_by_the_home_wherever_he_is) {
    auto key = at("key", std::nullopt, "");
    key.kind = responder_kind::neighbour;
    key.homes = {"h1", "h2"};
    auto gate = at("gate", north(90), "other");
    gate.kind = responder_kind::guard;
    gate.areas = {"310110001"};
    roster const street({key, gate, at("mid", north(900))});
    std::vector<std::string> const areas{"310110001001", "310110001"};
    auto const is_guard = [](worker const& w) { return w.kind == responder_kind::guard; };
    EXPECT_EQ(of(street.who_has("h1", areas, anybody, anybody, 10, 10)), (ids{"key", "gate"}));
    EXPECT_EQ(of(street.who_has("h1", areas, anybody, anybody, 1, 10)), (ids{"key"}));
    EXPECT_EQ(of(street.who_has("h1", areas, anybody, nobody, 10, 1)), (ids{"key"}));
    EXPECT_EQ(of(street.who_has("h1", areas, is_guard, anybody, 10, 10)), (ids{"gate"}));
    EXPECT_TRUE(street.who_has("h3", {"310115"}, anybody, anybody, 10, 10).empty());
    EXPECT_EQ(of(street.near(home, "station", anybody, anybody, 10, 10)), (ids{"mid"}))
        << "of no use to anybody else's home";
}

TEST(roster, whom_nobody_means_is_not_looked_at) {
    auto const not_near = [](worker const& w) { return w.id.value != "near"; };
    EXPECT_EQ(of(a_street().near(home, "station", not_near, nobody, 10, 1)), (ids{"mid"}));
}

TEST(roster, load_and_visit_change_in_place) {
    auto street = a_street();
    street.find({"mid"})->load = 3;
    street.find({"mid"})->visiting = "h2";
    auto const found = street.near(home, "station", anybody, anybody, 10, 10);
    EXPECT_EQ(found[1]->load, 3);
    EXPECT_EQ(found[1]->visiting, "h2");
    EXPECT_EQ(street.find({"nobody"}), nullptr);
    EXPECT_EQ(street.all().size(), 5U);
}

TEST(roster, finds_the_same_nearest_as_measuring_everybody) {
    std::mt19937_64 random(11);
    std::uniform_real_distribution<double> away(-0.5, 0.5);
    auto const somewhere = [&] {
        return position{home.latitude + away(random), home.longitude + away(random), 0, {}};
    };
    std::vector<worker> workers;
    for (int i = 0; i < 1000; ++i)
        workers.push_back(at("w" + std::to_string(i), somewhere()));
    roster const city(workers);
    for (int i = 0; i < 50; ++i) {
        auto const door = somewhere();
        std::sort(workers.begin(), workers.end(), [&](worker const& a, worker const& b) {
            return distance_m(door, *a.place) < distance_m(door, *b.place);
        });
        ids measured;
        for (std::size_t k = 0; k < 8; ++k)
            measured.push_back(workers[k].id.value);
        EXPECT_EQ(of(city.near(door, "station", anybody, anybody, 8, 64)), measured);
    }
}

} // namespace linli::tests
