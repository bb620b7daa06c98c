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

} // namespace linli::tests
