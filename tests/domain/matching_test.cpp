#include "domain/matching.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace linli::tests {

using namespace domain;

namespace {

constexpr int ten_in_the_morning = 600;
constexpr position home{31.26, 121.55, 0, {}};

// So many metres to the north of the home.
position north(double metres) {
    return {home.latitude + metres / 111'195.08, home.longitude, 0, {}};
}

worker nurse(std::string id, double metres_away = 500) {
    worker w;
    w.id = {std::move(id)};
    w.provider = {"company"};
    w.site = "station";
    w.place = north(metres_away);
    w.certificates = {"first_aid"};
    w.rating = 4;
    return w;
}

errand to_the_home() {
    errand e;
    e.place = home;
    e.site = "station";
    e.home = "h1";
    e.certificate = "first_aid";
    e.minute = ten_in_the_morning;
    return e;
}

std::vector<candidate> ranked(errand const& what, std::vector<worker> const& workers) {
    std::vector<worker const*> near;
    for (auto const& w : workers)
        near.push_back(&w);
    return rank(what, near);
}

std::vector<std::string> order_of(std::vector<candidate> const& all) {
    std::vector<std::string> ids;
    for (auto const& c : all)
        ids.push_back(c.id.value);
    return ids;
}

using ids = std::vector<std::string>;

} // namespace

TEST(duty_hours, by_day_over_midnight_and_round_the_clock) {
    struct {
        int from;
        int until;
        int minute;
        bool on_duty;
    } const table[] = {
        {480, 1080, 479, false},  {480, 1080, 480, true},
        {480, 1080, 1079, true},  {480, 1080, 1080, false}, // 08:00 to 18:00
        {1320, 360, 1319, false}, {1320, 360, 1320, true},
        {1320, 360, 1439, true},  {1320, 360, 0, true},
        {1320, 360, 359, true},   {1320, 360, 360, false}, // 22 to 6
        {0, 1440, 0, true},       {0, 1440, 1439, true},
        {600, 600, 600, false}, // no hours at all
        {1080, 0, 1439, true},    {1080, 0, 0, false},
    };
    for (auto const& [from, until, minute, on_duty] : table) {
        auto w = nurse("wang");
        w.from_minute = from;
        w.until_minute = until;
        EXPECT_EQ(is_on_duty(w, minute), on_duty) << from << '-' << until << " at " << minute;
    }
}

TEST(duty_hours, whoever_is_away_until_further_notice_has_none_and_keeps_his_own) {
    auto ill = nurse("ill");
    ill.on_duty = false;
    EXPECT_FALSE(is_on_duty(ill, 600));
    EXPECT_EQ(may_go(to_the_home(), ill), match_reason::off_duty);
    ill.on_duty = true;
    EXPECT_TRUE(is_on_duty(ill, 600));
}

TEST(matching, a_company_may_call_somebody_in_but_make_up_for_no_certificate) {
    std::vector<match_reason> named;
    for (auto const& [why, name] : names<match_reason>::table)
        if (may_be_named(why)) named.push_back(why);
    EXPECT_EQ(named, (std::vector<match_reason>{match_reason::chosen, match_reason::next,
                                                match_reason::off_duty, match_reason::resting,
                                                match_reason::by_operator}));
    EXPECT_FALSE(may_be_named(static_cast<match_reason>(255)));
}

TEST(matching, each_thing_that_stands_in_the_way_is_named) {
    auto untrained = nurse("untrained");
    untrained.certificates = {"massage"};
    auto asleep = nurse("asleep");
    asleep.from_minute = 0;
    asleep.until_minute = 480;
    auto elsewhere = nurse("elsewhere");
    elsewhere.visiting = "h2";
    auto next_door = nurse("next_door");
    next_door.visiting = "h1";
    auto what = to_the_home();
    what.asked = {{"asked"}};

    auto const why = [&](worker const& w) { return may_go(what, w); };
    EXPECT_EQ(why(nurse("free")), match_reason::next);
    EXPECT_EQ(why(untrained), match_reason::no_certificate);
    EXPECT_EQ(why(asleep), match_reason::off_duty);
    EXPECT_EQ(why(elsewhere), match_reason::at_other_home);
    EXPECT_EQ(why(next_door), match_reason::next) << "one visit serves the whole home";
    EXPECT_EQ(why(nurse("asked")), match_reason::asked_before);

    // Whoever is off duty may be called in, so what keeps him away all the same is said first.
    elsewhere.until_minute = asleep.until_minute;
    EXPECT_EQ(why(elsewhere), match_reason::at_other_home);
    auto declined = nurse("asked");
    declined.on_duty = false;
    EXPECT_EQ(why(declined), match_reason::asked_before);
}

TEST(matching, without_the_certificate_never_not_even_as_the_only_one_at_the_door) {
    auto at_the_door = nurse("at_the_door", 1);
    at_the_door.certificates.clear();
    at_the_door.rating = 5;
    auto const all = ranked(to_the_home(), {at_the_door});
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].why, match_reason::no_certificate);
}

TEST(matching, no_certificate_needed_everybody_may_go) {
    auto anybody = nurse("anybody");
    anybody.certificates.clear();
    auto what = to_the_home();
    what.certificate.clear();
    EXPECT_EQ(ranked(what, {anybody})[0].why, match_reason::chosen);
}

TEST(matching, the_nearest_is_asked_first) {
    auto const all = ranked(to_the_home(), {nurse("b", 900), nurse("c", 1500), nurse("a", 300)});
    EXPECT_EQ(order_of(all), (ids{"a", "b", "c"}));
    EXPECT_EQ(all[0].why, match_reason::chosen);
    EXPECT_EQ(all[1].why, match_reason::next);
    EXPECT_EQ(all[2].why, match_reason::next);
    EXPECT_NEAR(all[0].distance_m, 300, 1);
    EXPECT_NEAR(all[0].travel_s, 300 * 1.3 / (15.0 / 3.6), 1); // 93 s by electric bicycle
    EXPECT_LT(all[0].cost_s, all[1].cost_s);
}

TEST(matching, as_many_are_chosen_as_the_plan_asks_at_once) {
    auto what = to_the_home();
    what.offers_at_once = 2;
    auto const all = ranked(what, {nurse("a", 300), nurse("b", 600), nurse("c", 900)});
    EXPECT_EQ(all[0].why, match_reason::chosen);
    EXPECT_EQ(all[1].why, match_reason::chosen);
    EXPECT_EQ(all[2].why, match_reason::next);
    what.offers_at_once = 9;
    for (auto const& c : ranked(what, {nurse("a"), nurse("b")}))
        EXPECT_EQ(c.why, match_reason::chosen);
}

TEST(matching, who_may_not_go_comes_last_with_his_reason_and_is_never_chosen) {
    auto asleep = nurse("asleep", 10);
    asleep.until_minute = 480;
    auto what = to_the_home();
    what.offers_at_once = 3;
    auto const all = ranked(what, {asleep, nurse("far", 5000)});
    EXPECT_EQ(order_of(all), (ids{"far", "asleep"}));
    EXPECT_EQ(all[0].why, match_reason::chosen);
    EXPECT_EQ(all[1].why, match_reason::off_duty);
}

TEST(matching, nobody_near_gives_an_empty_list) {
    EXPECT_TRUE(ranked(to_the_home(), {}).empty());
}

TEST(matching, load_is_weighed_against_distance) {
    auto busy = nurse("busy", 300);
    busy.load = 2;
    EXPECT_EQ(order_of(ranked(to_the_home(), {busy, nurse("free", 900)})), (ids{"free", "busy"}));
    EXPECT_EQ(order_of(ranked(to_the_home(), {busy, nurse("free", 9000)})), (ids{"busy", "free"}));
}

TEST(matching, the_homes_own_circle_goes_before_a_slightly_nearer_stranger) {
    auto stranger = nurse("stranger", 300);
    stranger.site = "other";
    auto const all = ranked(to_the_home(), {stranger, nurse("own", 600)});
    EXPECT_EQ(order_of(all), (ids{"own", "stranger"}));
    EXPECT_TRUE(all[0].in_circle);
    EXPECT_FALSE(all[1].in_circle);
    EXPECT_EQ(order_of(ranked(to_the_home(), {stranger, nurse("own", 6000)})),
              (ids{"stranger", "own"}));
}

TEST(matching, a_home_that_no_station_serves_puts_nobody_in_its_circle) {
    auto nowhere = nurse("nowhere");
    nowhere.site.clear();
    auto what = to_the_home();
    what.site.clear();
    EXPECT_FALSE(ranked(what, {nowhere})[0].in_circle);
}

TEST(matching, the_better_rated_of_two_as_near_and_a_new_one_counts_as_good) {
    auto poor = nurse("a_poor");
    poor.rating = 2;
    auto fresh = nurse("b_fresh");
    fresh.rating = 0;
    auto best = nurse("c_best");
    best.rating = 5;
    EXPECT_EQ(order_of(ranked(to_the_home(), {poor, fresh, best})),
              (ids{"c_best", "b_fresh", "a_poor"}));
}

TEST(matching, nobody_knows_where_he_is_so_he_is_not_taken_to_stand_at_the_door) {
    auto somewhere = nurse("a_somewhere");
    somewhere.place.reset();
    auto const all = ranked(to_the_home(), {somewhere, nurse("b_near", 1000)});
    EXPECT_EQ(order_of(all), (ids{"b_near", "a_somewhere"}));
    EXPECT_EQ(all[1].distance_m, 0U) << "0 = not known";
    EXPECT_EQ(order_of(ranked(to_the_home(), {somewhere, nurse("b_far", 9000)})),
              (ids{"a_somewhere", "b_far"}));
}

TEST(matching, the_same_question_gets_the_same_answer_ties_by_id) {
    std::vector<worker> workers{nurse("d"), nurse("b"), nurse("a"), nurse("c")};
    do {
        EXPECT_EQ(order_of(ranked(to_the_home(), workers)), (ids{"a", "b", "c", "d"}));
    } while (std::next_permutation(workers.begin(), workers.end(),
                                   [](auto const& x, auto const& y) { return x.id < y.id; }));
}

// ---------------------------------------------------------------- who is no provider's worker

namespace {

worker of_kind(responder_kind kind, std::string id, double metres_away = 500) {
    auto w = nurse(std::move(id), metres_away);
    w.kind = kind;
    w.certificates.clear();
    return w;
}

errand for_everybody() {
    auto what = to_the_home();
    what.areas = {"310110001001", "310110001", "310110"};
    what.groups = {{responder_kind::worker, responder_kind::station_staff},
                   {responder_kind::visitor, responder_kind::volunteer, responder_kind::neighbour},
                   {responder_kind::guard, responder_kind::doctor}};
    return what;
}

} // namespace

TEST(responders, each_kind_by_its_own_rule) {
    using enum responder_kind;
    using enum match_reason;
    struct {
        responder_kind kind;
        bool trained, in_pair, holds_key, own_site;
        match_reason why;
    } const table[] = {
        {worker, true, false, false, false, next},
        {worker, false, false, true, true, no_certificate},
        {station_staff, true, false, false, true, next},
        {station_staff, true, false, false, false, not_his_home},
        {station_staff, false, false, false, true, no_certificate},
        {visitor, false, false, true, false, next},
        {visitor, true, false, false, true, not_his_home},
        {volunteer, false, true, false, false, next},
        {volunteer, true, false, true, true, needs_two},
        {neighbour, false, false, true, false, next},
        {neighbour, true, true, false, true, not_his_home},
        {guard, false, false, true, false, next},
        {guard, false, false, false, true, not_his_home},
        {doctor, false, false, true, false, next},
        {doctor, true, false, false, true, not_his_home},
    };
    for (auto const& row : table) {
        auto w = of_kind(row.kind, "somebody");
        if (row.trained) w.certificates = {"first_aid"};
        w.people = row.in_pair ? 2 : 1;
        if (row.holds_key) w.homes = {"h9", "h1"};
        w.site = row.own_site ? "station" : "another";
        EXPECT_EQ(may_go(for_everybody(), w), row.why)
            << to_text(row.kind) << (row.trained ? " trained" : "") << (row.in_pair ? " pair" : "")
            << (row.holds_key ? " key" : "") << (row.own_site ? " own site" : "");
    }
}

TEST(responders, a_guard_of_the_whole_compound_is_asked_for_every_home_in_it) {
    auto guard = of_kind(responder_kind::guard, "gate");
    guard.areas = {"310110001001"};
    EXPECT_EQ(may_go(for_everybody(), guard), match_reason::next);
    guard.areas = {"310110001002"};
    EXPECT_EQ(may_go(for_everybody(), guard), match_reason::not_his_home);
}

TEST(responders, whom_the_plan_does_not_call_is_not_asked) {
    auto neighbour = of_kind(responder_kind::neighbour, "chen");
    neighbour.homes = {"h1"};
    EXPECT_EQ(may_go(to_the_home(), neighbour), match_reason::not_called);
}

TEST(responders, the_next_group_waits_until_nobody_of_the_first_may_go) {
    auto key = of_kind(responder_kind::neighbour, "key", 5);
    key.homes = {"h1"};
    auto all = ranked(for_everybody(), {key, nurse("wang", 3000)});
    EXPECT_EQ(order_of(all), (ids{"wang", "key"}));
    EXPECT_EQ(all[1].why, match_reason::not_called);

    auto asked = for_everybody();
    asked.asked = {{"wang"}};
    all = ranked(asked, {key, nurse("wang", 3000)});
    EXPECT_EQ(order_of(all), (ids{"key", "wang"}));
    EXPECT_EQ(all[0].why, match_reason::chosen);
    EXPECT_EQ(all[1].why, match_reason::asked_before);
}

TEST(responders, who_rests_is_asked_when_nobody_else_of_his_group_may_go) {
    auto tired = nurse("tired", 100);
    auto what = for_everybody();
    what.at = instant(hours(10));
    tired.rests_until = what.at + minutes(5);
    auto volunteers = of_kind(responder_kind::volunteer, "volunteers", 50);
    volunteers.people = 2;

    auto all = ranked(what, {tired, nurse("fresh", 2000), volunteers});
    EXPECT_EQ(all[0].id.value, "fresh");
    EXPECT_EQ(ranked(what, {tired, volunteers})[0].id.value, "tired")
        << "he has learnt it: before those who have not";
    what.at += minutes(5);
    EXPECT_EQ(ranked(what, {tired, nurse("fresh", 2000)})[0].id.value, "tired");
}

TEST(responders, where_there_was_violence_nobody_goes_alone) {
    auto what = to_the_home();
    what.needs_two = true;
    auto pair = nurse("pair", 4000);
    pair.people = 2;
    auto const all = ranked(what, {nurse("alone"), pair});
    EXPECT_EQ(order_of(all), (ids{"pair", "alone"}));
    EXPECT_EQ(all[1].why, match_reason::needs_two);
}

TEST(responders, a_fresh_place_counts_and_a_stale_one_does_not) {
    auto moving = nurse("moving", 5000);
    moving.seen = seen_place{north(100), instant(hours(10))};
    auto what = to_the_home();
    what.at = instant(hours(10) + minutes(30));
    EXPECT_NEAR(ranked(what, {moving})[0].distance_m, 100, 1);
    what.at += seconds(1);
    EXPECT_NEAR(ranked(what, {moving})[0].distance_m, 5000, 5) << "where he usually starts from";
}

TEST(responders, a_company_is_asked_once_whoever_of_it_is_near) {
    auto one = nurse("a1", 100);
    auto two = nurse("a2", 200);
    one.by_company = two.by_company = true;
    auto other = nurse("b1", 900);
    other.provider = {"other"};
    auto what = to_the_home();
    what.offers_at_once = 2;
    auto all = ranked(what, {one, two, other});
    EXPECT_EQ(all[0].why, match_reason::chosen);
    EXPECT_EQ(all[1].why, match_reason::next);
    EXPECT_EQ(all[2].why, match_reason::chosen);

    what.asked_companies = {{"company"}};
    all = ranked(what, {one, two, other});
    EXPECT_EQ(order_of(all), (ids{"b1", "a1", "a2"}));
    EXPECT_EQ(all[1].why, match_reason::asked_before);
}

} // namespace linli::tests
