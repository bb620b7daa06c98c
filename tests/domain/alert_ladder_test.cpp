// Who answers: the ladder of an alert that nobody has taken yet.
#include <gtest/gtest.h>

#include "domain/situation.hpp"

namespace linli::tests {

using namespace domain;

TEST(alert_ladder, a_press_rings_the_station_of_the_resident_at_once) {
    alert_story const s;
    EXPECT_EQ(s.is.state, alert_state::raised);
    EXPECT_EQ(s.is.kind, alert_kind::sos);
    EXPECT_EQ(s.is.level, priority::p1);
    EXPECT_EQ(s.is.plan, "sos-plan");
    EXPECT_EQ(s.is.desk, site_id{"station"});
    EXPECT_EQ(s.is.opened_at, evening);
    EXPECT_EQ(s.is.raised_at, evening);
    EXPECT_EQ(s.is.rang_at, evening);
    EXPECT_EQ(s.is.due_at, evening + seconds(30));
    EXPECT_EQ(s.is.signals, 1U);
    EXPECT_EQ(s.is.last_event, event_id{"w1:1:1"});
    EXPECT_TRUE(s.last.needs_order);
    ASSERT_EQ(s.last.log.size(), 2U);
    EXPECT_EQ(s.last.log[0].what, log_kind::raised);
    EXPECT_EQ(s.last.log[0].by, (actor{actor_kind::device, "w1", {}}));
    EXPECT_EQ(s.last.log[0].why, "w1:1:1 sos");
    EXPECT_EQ(s.last.log[1].what, log_kind::rung_reached);
    EXPECT_EQ(s.last.log[1].why, "station:station");
}

TEST(alert_ladder, a_rung_with_nobody_on_duty_costs_no_time) {
    alert_story const at_night(sos_plan(), only_the_city_on_duty());
    EXPECT_EQ(at_night.is.desk, site_id{"city"});
    EXPECT_EQ(at_night.is.rang_at, evening);
    EXPECT_EQ(at_night.is.due_at, evening + seconds(90));
    EXPECT_EQ(at_night.last.log[1].why, "city:city, nobody at station centre");

    alert_story no_centre(sos_plan(), {site_id{"station"}, std::nullopt, site_id{"city"}});
    EXPECT_EQ(no_centre.is.desk, site_id{"station"});
    no_centre.comes_due();
    EXPECT_EQ(no_centre.is.desk, site_id{"city"});
    EXPECT_EQ(no_centre.now, evening + seconds(30));
    EXPECT_EQ(no_centre.last.log.back().why, "city:city, nobody at centre");
}

TEST(alert_ladder, unanswered_it_climbs_and_the_top_rings_again_until_taken) {
    alert_story s;
    struct {
        int after_s;
        char const* desk;
    } const climb[] = {{30, "centre"}, {90, "city"}, {180, "city"}, {270, "city"}, {360, "city"}};
    for (auto const& [after_s, desk] : climb) {
        s.comes_due();
        EXPECT_EQ(s.now, evening + seconds(after_s));
        EXPECT_EQ(s.is.desk, site_id{desk});
        EXPECT_EQ(s.is.rang_at, s.now) << "a telephone rings";
        EXPECT_EQ(s.is.state, alert_state::raised);
        EXPECT_TRUE(s.wrote(log_kind::rung_reached));
    }
    EXPECT_EQ(s.times_rung(), 6U);
    EXPECT_EQ(s.is.raised_at, evening) << "the clock of the press goes on";
}

TEST(alert_ladder, a_desk_that_has_closed_for_the_night_is_passed_over_on_the_way_up) {
    alert_story s;
    s.on_duty = only_the_city_on_duty();
    s.comes_due();
    EXPECT_EQ(s.is.desk, site_id{"city"});
}

TEST(alert_ladder, when_nobody_sits_above_those_below_are_rung_again) {
    auto short_ladder = sos_plan();
    short_ladder.answer.pop_back(); // station, centre
    alert_story s(short_ladder, {site_id{"station"}, std::nullopt, site_id{"city"}});
    s.comes_due();
    EXPECT_EQ(s.is.desk, site_id{"station"}) << "an empty desk hears nothing";
    EXPECT_EQ(s.is.due_at, s.now + seconds(30));
}

TEST(alert_ladder, a_ladder_with_nobody_at_all_is_still_asked_again) {
    alert_story s(sos_plan(), duty{});
    EXPECT_TRUE(s.is.desk.empty());
    s.comes_due();
    EXPECT_EQ(s.is.due_at, s.now + seconds(90));
    s.on_duty = everybody_on_duty();
    s.comes_due();
    EXPECT_EQ(s.is.desk, site_id{"city"});
}

TEST(alert_ladder, looking_too_early_changes_nothing) {
    alert_story s;
    auto const before = s.is;
    s.later(seconds(30) - duration(1));
    s.happens(time_passed{});
    EXPECT_EQ(s.is, before);
    EXPECT_TRUE(s.last.log.empty());
}

TEST(alert_ladder, after_an_outage_the_next_rung_rings_now_and_not_in_the_past) {
    alert_story s;
    s.later(hours(2));
    s.happens(time_passed{});
    EXPECT_EQ(s.is.rang_at, s.now);
    EXPECT_EQ(s.is.due_at, s.now + seconds(60));
}

// ---------------------------------------------------- a ring that nobody has before his eyes

namespace {

plan watched_plan() {
    auto p = sos_plan();
    p.shown_within = seconds(10);
    return p;
}

} // namespace

TEST(alert_shown, on_a_console_in_time_its_rung_has_its_whole_time) {
    alert_story s(watched_plan());
    EXPECT_EQ(s.is.due_at, evening + seconds(10));
    s.later(seconds(2));
    s.happens(shown{{"li"}});
    ASSERT_EQ(s.last.log.size(), 1U);
    EXPECT_EQ(s.last.log[0].what, log_kind::shown);
    EXPECT_EQ(s.last.log[0].by, (actor{actor_kind::operator_, "li", {}}));
    EXPECT_EQ(s.last.log[0].why, "station");
    EXPECT_EQ(s.is.due_at, evening + seconds(30));
    s.comes_due();
    EXPECT_FALSE(s.wrote(log_kind::not_shown));
    EXPECT_EQ(s.is.desk, site_id{"centre"});
}

TEST(alert_shown, on_none_it_goes_up_at_once_and_says_so) {
    alert_story s(watched_plan());
    s.comes_due();
    EXPECT_EQ(s.now, evening + seconds(10));
    EXPECT_EQ(s.last.log.at(0).what, log_kind::not_shown);
    EXPECT_EQ(s.last.log.at(0).why, "station");
    EXPECT_EQ(s.is.desk, site_id{"centre"});
    EXPECT_EQ(s.is.due_at, s.now + seconds(10)) << "and so the next";
}

TEST(alert_shown, the_last_desk_has_its_time_because_nobody_is_above_it) {
    alert_story s(watched_plan(), only_the_city_on_duty());
    EXPECT_EQ(s.is.due_at, evening + seconds(90));
    s.comes_due();
    EXPECT_FALSE(s.wrote(log_kind::not_shown));
}

TEST(alert_shown, a_telephone_shows_nothing_and_need_not) {
    auto with_telephone = watched_plan();
    with_telephone.answer.insert(with_telephone.answer.begin(),
                                 {site_level::station, seconds(30), audience::duty_phone});
    alert_story s(with_telephone);
    EXPECT_EQ(s.is.due_at, evening + seconds(30));
}

TEST(alert_shown, is_written_once_a_ring_whoever_else_shows_it) {
    alert_story s(watched_plan());
    s.happens(shown{{"li"}});
    auto const once = s.is;
    s.happens(shown{{"zhao"}});
    EXPECT_TRUE(s.last.log.empty());
    EXPECT_EQ(s.is, once);
    s.comes_due(); // another desk rings
    s.happens(shown{{"zhao"}});
    EXPECT_TRUE(s.wrote(log_kind::shown));
}

TEST(alert_shown, a_claim_makes_it_needless_until_it_rings_again) {
    alert_story s(watched_plan());
    s.happens(claim{{"li"}});
    EXPECT_EQ(s.is.due_at, s.now + seconds(900));
    s.happens(shown{{"zhao"}});
    EXPECT_TRUE(s.last.log.empty());
    s.later(seconds(60));
    s.happens(release{{"li"}});
    EXPECT_EQ(s.is.due_at, s.now + seconds(10));
    s.comes_due();
    EXPECT_TRUE(s.wrote(log_kind::not_shown));
}

TEST(alert_shown, without_the_clock_it_is_written_and_changes_no_time) {
    alert_story s;
    auto const due = s.is.due_at;
    s.later(seconds(20));
    s.happens(shown{{"li"}});
    EXPECT_TRUE(s.wrote(log_kind::shown));
    EXPECT_EQ(s.is.due_at, due);
    alert_story unseen;
    unseen.comes_due();
    EXPECT_FALSE(unseen.wrote(log_kind::not_shown));
}

TEST(alert_shown, what_is_no_emergency_waits_for_no_eye) {
    auto lesser = plan_of(alert_kind::inactivity, priority::p2);
    lesser.shown_within = seconds(10);
    alert_story s(lesser);
    EXPECT_EQ(s.is.due_at, evening + seconds(120));
}

TEST(alert_shown, a_countdown_is_watched_when_it_rings) {
    auto p = fall_plan();
    p.shown_within = seconds(10);
    alert_story s(p);
    s.happens(shown{{"li"}});
    EXPECT_TRUE(s.last.log.empty());
    s.comes_due();
    EXPECT_EQ(s.is.state, alert_state::raised);
    EXPECT_EQ(s.is.due_at, s.now + seconds(10));
}

} // namespace linli::tests
