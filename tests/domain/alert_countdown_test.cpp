// A fall is counted down, so that its wearer can say that nothing has happened; silence raises it.
#include <gtest/gtest.h>

#include "domain/situation.hpp"

namespace linli::tests {

using namespace domain;

namespace {

operator_id const li{"li"};

alert_story a_fall() {
    return alert_story(fall_plan());
}

signal_joined signal_of(alert_kind kind, priority level, std::string const& device) {
    return {{device + ":1:2"}, {device}, kind, plan_of(kind, level)};
}

} // namespace

TEST(alert_countdown, rings_nobody_and_sends_nobody_while_it_runs) {
    auto const s = a_fall();
    EXPECT_EQ(s.is.state, alert_state::pending);
    EXPECT_TRUE(is_open(s.is));
    EXPECT_EQ(s.is.due_at, evening + seconds(30));
    EXPECT_TRUE(s.is.desk.empty());
    EXPECT_EQ(s.times_rung(), 0U);
    EXPECT_FALSE(s.last.needs_order);
    ASSERT_EQ(s.last.log.size(), 1U);
    EXPECT_EQ(s.last.log[0].what, log_kind::countdown_began);
    EXPECT_EQ(s.last.log[0].why, "w1:1:1 fall 30s");
}

TEST(alert_countdown, of_no_length_raises_at_once) {
    auto at_once = fall_plan();
    at_once.countdown = seconds(0);
    alert_story const s(at_once);
    EXPECT_EQ(s.is.state, alert_state::raised);
    EXPECT_TRUE(s.last.needs_order);
    EXPECT_EQ(s.is.desk, site_id{"station"});
}

TEST(alert_countdown, silence_raises_it_and_the_clock_starts_then) {
    auto s = a_fall();
    s.comes_due();
    EXPECT_EQ(s.is.state, alert_state::raised);
    EXPECT_EQ(s.is.raised_at, evening + seconds(30));
    EXPECT_EQ(s.is.opened_at, evening);
    EXPECT_EQ(s.is.desk, site_id{"station"});
    EXPECT_EQ(s.is.due_at, s.now + seconds(30));
    EXPECT_TRUE(s.last.needs_order);
    EXPECT_TRUE(s.last.order_at_once) << "silence: nobody is waited for (field-rules 3)";
    EXPECT_EQ(s.last.log[0].what, log_kind::raised);
    EXPECT_EQ(s.last.log[0].why, "silence");
}

TEST(alert_countdown, a_server_that_was_down_raises_it_late_with_a_whole_ladder) {
    auto s = a_fall();
    s.later(hours(1));
    s.happens(time_passed{});
    EXPECT_EQ(s.is.state, alert_state::raised);
    EXPECT_EQ(s.is.due_at, s.now + seconds(30));
}

TEST(alert_countdown, cancelled_in_time_it_is_closed_with_an_outcome_of_its_own) {
    auto s = a_fall();
    s.later(seconds(29));
    s.cancels();
    EXPECT_EQ(s.is.state, alert_state::closed);
    EXPECT_EQ(s.is.outcome, disposition::cancelled_by_wearer);
    EXPECT_EQ(s.is.closed_at, s.now);
    EXPECT_EQ(s.is.due_at, std::nullopt);
    EXPECT_FALSE(s.last.needs_order);
    EXPECT_EQ(s.times_rung(), 0U);
    EXPECT_EQ(s.last.log.at(0).by, (actor{actor_kind::device, "w1", {}}));
    EXPECT_EQ(s.last.log.at(0).why, "cancelled_by_wearer w1:1:2");
}

TEST(alert_countdown, cancelled_too_late_is_noted_and_changes_nothing) {
    auto s = a_fall();
    s.comes_due();
    auto const raised = s.is;
    s.later(seconds(1));
    s.cancels();
    EXPECT_EQ(s.is, raised);
    EXPECT_TRUE(s.wrote(log_kind::cancel_noted));
}

TEST(alert_countdown, a_second_fall_joins_gets_no_new_countdown_and_can_be_cancelled) {
    auto s = a_fall();
    s.later(seconds(20));
    s.falls();
    EXPECT_EQ(s.is.state, alert_state::pending);
    EXPECT_EQ(s.is.due_at, evening + seconds(30));
    EXPECT_EQ(s.is.signals, 2U);
    s.cancels("w1:1:3");
    EXPECT_EQ(s.is.state, alert_state::closed);
}

TEST(alert_countdown, the_cancel_of_a_first_fall_does_not_take_back_a_second) {
    auto s = a_fall();
    s.falls("w1:1:3");
    s.cancels("w1:1:2"); // was sent before, and came late
    EXPECT_EQ(s.is.state, alert_state::pending);
    EXPECT_TRUE(s.wrote(log_kind::cancel_noted));
    auto rebooted = a_fall();
    rebooted.falls("w1:2:1"); // counts from one again
    rebooted.cancels("w1:1:9");
    EXPECT_EQ(rebooted.is.state, alert_state::pending);
    rebooted.cancels("w1:2:2");
    EXPECT_EQ(rebooted.is.state, alert_state::closed);
}

TEST(alert_countdown, only_the_device_itself_takes_its_fall_back) {
    auto s = a_fall();
    s.cancels("w2:1:9");
    EXPECT_EQ(s.is.state, alert_state::pending);
    EXPECT_TRUE(s.wrote(log_kind::cancel_noted));
}

TEST(alert_countdown, a_cancel_without_numbers_may_be_of_any_time_and_is_noted) {
    auto s = a_fall();
    s.cancels("w1:x:5f2a:1700000000");
    EXPECT_EQ(s.is.state, alert_state::pending);
}

TEST(alert_countdown, confirmed_raises_it_at_once) {
    auto s = a_fall();
    s.later(seconds(4));
    s.happens(signal_joined{{"w1:1:2"}, {"w1"}, alert_kind::fall, fall_plan(), true});
    EXPECT_EQ(s.is.state, alert_state::raised);
    EXPECT_EQ(s.is.raised_at, s.now);
    EXPECT_TRUE(s.last.order_at_once);
    EXPECT_EQ(s.last.log.at(1).why, "confirmed");
}

TEST(alert_countdown, another_emergency_of_the_same_person_raises_it_at_once) {
    for (auto const kind : {alert_kind::sos, alert_kind::smoke, alert_kind::unreadable}) {
        auto s = a_fall();
        s.later(seconds(4));
        s.happens(signal_of(kind, priority::p1, "w1"));
        EXPECT_EQ(s.is.state, alert_state::raised);
        EXPECT_EQ(s.is.desk, site_id{"station"});
        EXPECT_TRUE(s.last.needs_order);
        EXPECT_EQ(s.last.log.at(1).why, to_text(kind));
        s.cancels("w1:1:3");
        EXPECT_EQ(s.is.state, alert_state::raised) << "too late";
    }
}

TEST(alert_countdown, two_devices_that_tell_a_fall_are_no_false_alarm_of_one) {
    auto s = a_fall();
    s.happens(signal_joined{{"w2:1:1"}, {"w2"}, alert_kind::fall, fall_plan()});
    EXPECT_EQ(s.is.state, alert_state::raised);
    EXPECT_EQ(s.last.log.at(1).why, "second_device");
}

TEST(alert_countdown, something_lesser_joins_and_lets_it_run) {
    auto s = a_fall();
    s.happens(signal_of(alert_kind::bed, priority::p2, "b1"));
    EXPECT_EQ(s.is.state, alert_state::pending);
    EXPECT_EQ(s.is.due_at, evening + seconds(30));
    s.happens(cleared_by_device{{"b1:1:3"}});
    EXPECT_EQ(s.is.state, alert_state::pending) << "a sensor that is well again is no wearer";
}

TEST(alert_countdown, of_a_lesser_plan_is_ended_by_whatever_is_worse) {
    auto lesser = fall_plan();
    lesser.level = priority::p2;
    alert_story s(lesser);
    s.happens(signal_of(alert_kind::sos, priority::p1, "w1"));
    EXPECT_EQ(s.is.state, alert_state::raised);
    EXPECT_EQ(s.is.kind, alert_kind::sos);
    EXPECT_EQ(s.is.due_at, s.now + seconds(120)) << "by the worse plan's ladder";
}

TEST(alert_countdown, an_alert_that_is_raised_already_is_not_counted_down_for_a_fall) {
    alert_story s(plan_of(alert_kind::bed, priority::p2));
    s.falls();
    EXPECT_EQ(s.is.state, alert_state::raised);
    EXPECT_EQ(s.is.kind, alert_kind::fall);
    EXPECT_TRUE(s.last.needs_order);
}

TEST(alert_countdown, an_operator_who_claims_it_has_it_raised_and_a_cancel_comes_too_late) {
    auto s = a_fall();
    s.later(seconds(5));
    s.happens(claim{li});
    EXPECT_EQ(s.is.state, alert_state::claimed);
    EXPECT_EQ(s.is.holder, li);
    EXPECT_EQ(s.is.raised_at, s.now);
    EXPECT_EQ(s.is.due_at, s.now + seconds(900));
    EXPECT_TRUE(s.last.needs_order);
    EXPECT_FALSE(s.last.order_at_once) << "she listens now: the plan says whether it waits";
    EXPECT_EQ(s.times_rung(), 0U) << "she has it in her hand";
    ASSERT_EQ(s.last.log.size(), 2U);
    EXPECT_EQ(s.last.log[0].why, "claimed");
    s.cancels();
    EXPECT_EQ(s.is.state, alert_state::claimed);
    s.happens(release{li});
    EXPECT_EQ(s.is.state, alert_state::raised);
    EXPECT_EQ(s.is.desk, site_id{"station"});
}

TEST(alert_countdown, an_operators_note_does_not_end_it) {
    auto s = a_fall();
    s.happens(note{li, "the neighbour rang"});
    EXPECT_EQ(s.is.state, alert_state::pending);
    EXPECT_EQ(s.is.due_at, evening + seconds(30));
}

TEST(alert_countdown, nobody_at_the_desk_closes_for_the_wearer) {
    auto s = a_fall();
    s.happens(claim{li});
    EXPECT_EQ(s.refused(close{li, disposition::cancelled_by_wearer, {}}), refusal::needs_reason);
    s.happens(close{li, disposition::false_alarm, "老人说按错了"});
}

} // namespace linli::tests
