// "Join" never means "quiet" (field-rules 1).
#include <gtest/gtest.h>

#include "domain/alert_place.hpp"
#include "domain/situation.hpp"

namespace linli::tests {

using namespace domain;

namespace {

operator_id const li{"li"};

alert_story claimed_by_li() {
    alert_story s;
    s.later(seconds(20));
    s.happens(claim{li});
    s.later(seconds(60));
    return s;
}

alert_story handled_by_li() {
    auto s = claimed_by_li();
    s.happens(handle{li});
    return s;
}

signal_joined sensor(alert_kind kind, priority level) {
    return {{"b1:1:9"}, {"b1"}, kind, plan_of(kind, level)};
}

} // namespace

TEST(alert_join, a_hundred_presses_ring_once_and_count_a_hundred) {
    alert_story s;
    for (int i = 2; i <= 100; ++i) {
        s.later(std::chrono::milliseconds(90));
        s.press("w1:1:" + std::to_string(i));
        EXPECT_TRUE(s.wrote(log_kind::joined));
    }
    EXPECT_EQ(s.is.signals, 100U);
    EXPECT_EQ(s.is.last_event, event_id{"w1:1:100"});
    EXPECT_EQ(s.is.first_event, event_id{"w1:1:1"});
    EXPECT_EQ(s.times_rung(), 1U);
    EXPECT_EQ(s.is.due_at, evening + seconds(30)) << "pressing must not put the next rung off";
}

TEST(alert_join, a_new_press_on_a_claimed_alert_rings_its_holder) {
    auto s = claimed_by_li();
    s.press();
    EXPECT_EQ(s.is.state, alert_state::claimed);
    EXPECT_EQ(s.is.holder, li);
    EXPECT_EQ(s.is.rang_at, s.now);
    EXPECT_EQ(s.is.acknowledge_by, s.now + seconds(30));
    EXPECT_EQ(s.is.due_at, s.now + seconds(30));
    EXPECT_TRUE(s.wrote(log_kind::rang_again));
    EXPECT_TRUE(s.last.needs_order);
}

TEST(alert_join, the_holder_acknowledges_by_claiming_again) {
    auto s = claimed_by_li();
    s.press();
    s.later(seconds(5));
    s.happens(claim{li});
    EXPECT_TRUE(s.wrote(log_kind::acknowledged));
    EXPECT_EQ(s.is.acknowledge_by, std::nullopt);
    EXPECT_EQ(s.is.due_at, s.now + seconds(900));
}

TEST(alert_join, not_acknowledged_in_its_time_it_goes_back_to_the_first_rung) {
    auto s = claimed_by_li();
    s.press();
    auto const pressed = s.now;
    s.comes_due();
    EXPECT_EQ(s.now, pressed + seconds(30));
    EXPECT_EQ(s.is.state, alert_state::raised);
    EXPECT_TRUE(s.is.holder.empty());
    EXPECT_EQ(s.is.desk, site_id{"station"});
    EXPECT_EQ(s.is.raised_at, s.now) << "a new clock";
    EXPECT_EQ(s.last.log[0].what, log_kind::claim_expired);
    EXPECT_EQ(s.last.log[0].by.behalf, "li");
    EXPECT_EQ(s.last.log[0].why, "ring_unanswered");
}

TEST(alert_join, a_burst_on_a_claimed_alert_rings_the_holder_once) {
    auto s = claimed_by_li();
    auto const before = s.times_rung();
    for (int i = 2; i <= 100; ++i) {
        s.press("w1:1:" + std::to_string(i));
        s.later(std::chrono::milliseconds(90));
    }
    EXPECT_EQ(s.is.signals, 100U);
    EXPECT_EQ(s.times_rung(), before + 1);
}

TEST(alert_join, pressing_on_and_on_rings_again_but_never_puts_the_way_back_off) {
    auto s = claimed_by_li();
    s.press();
    auto const back_on_the_ladder = s.is.due_at;
    auto const rung = s.times_rung();
    s.later(seconds(11)); // past the burst window
    s.press("w1:1:3");
    EXPECT_EQ(s.times_rung(), rung + 1);
    s.later(seconds(11));
    s.press("w1:1:4");
    EXPECT_EQ(s.is.due_at, back_on_the_ladder);
    s.comes_due();
    EXPECT_EQ(s.is.state, alert_state::raised);
}

TEST(alert_join, a_press_just_after_the_claim_rings_too) {
    alert_story s;
    s.later(seconds(2));
    s.happens(claim{li});
    s.later(seconds(1));
    s.press();
    EXPECT_TRUE(s.wrote(log_kind::rang_again));
}

TEST(alert_join, a_note_does_not_silence_a_new_press) {
    auto s = claimed_by_li();
    s.press();
    auto const answer_by = s.is.acknowledge_by;
    s.later(seconds(5));
    s.happens(note{li, "was already writing this"});
    EXPECT_EQ(s.is.acknowledge_by, answer_by);
    EXPECT_EQ(s.is.due_at, answer_by);
}

TEST(alert_join, neither_handled_nor_closed_while_a_new_press_rings_unanswered) {
    auto s = claimed_by_li();
    s.press();
    EXPECT_EQ(s.refused(handle{li}), refusal::out_of_turn);
    EXPECT_EQ(s.refused(close{li, disposition::false_alarm, "老人说按错了"}), refusal::out_of_turn);
    s.happens(claim{li});
    s.happens(handle{li});
    s.happens(close{li, disposition::false_alarm, "老人说按错了"});
}

TEST(alert_join, a_press_on_a_handled_alert_raises_it_at_once_with_a_new_clock) {
    auto s = handled_by_li();
    s.later(seconds(600)); // "a real fall ten minutes after a false alarm"
    s.press();
    EXPECT_EQ(s.is.state, alert_state::raised);
    EXPECT_TRUE(s.is.holder.empty());
    EXPECT_EQ(s.is.raised_at, s.now);
    EXPECT_EQ(s.is.rang_at, s.now);
    EXPECT_EQ(s.is.desk, site_id{"station"});
    EXPECT_EQ(s.is.due_at, s.now + seconds(30));
    EXPECT_EQ(s.is.opened_at, evening) << "still the same situation";
    EXPECT_TRUE(s.last.needs_order);
}

TEST(alert_join, another_kind_of_p1_rings_as_a_second_press_does) {
    auto s = claimed_by_li();
    s.happens(sensor(alert_kind::smoke, priority::p1));
    EXPECT_EQ(s.is.acknowledge_by, s.now + seconds(30));
    EXPECT_EQ(s.is.kind, alert_kind::sos) << "not worse, so the plan stays";
    EXPECT_EQ(s.is.plan, "sos-plan");
    EXPECT_EQ(s.last.log[0].why, "b1:1:9 smoke");
}

TEST(alert_join, something_lesser_is_counted_and_disturbs_nobody) {
    for (auto s : {alert_story(), claimed_by_li(), handled_by_li()}) {
        auto expected = s.is;
        expected.signals += 1;
        expected.last_event = {"b1:1:9"};
        s.happens(sensor(alert_kind::bed, priority::p2));
        EXPECT_EQ(s.is, expected);
        EXPECT_FALSE(s.last.needs_order);
        EXPECT_TRUE(s.wrote(log_kind::joined));
    }
}

TEST(alert_join, a_worse_kind_brings_its_own_plan_which_runs) {
    alert_story s(plan_of(alert_kind::bed, priority::p3));
    s.comes_due(); // at the city already
    s.later(seconds(10));
    s.press();
    EXPECT_EQ(s.is.kind, alert_kind::sos);
    EXPECT_EQ(s.is.level, priority::p1);
    EXPECT_EQ(s.is.plan, "sos-plan");
    EXPECT_EQ(s.is.desk, site_id{"station"}) << "the new ladder from its first rung";
    EXPECT_EQ(s.is.raised_at, s.now);
    EXPECT_EQ(s.is.due_at, s.now + seconds(30));
    EXPECT_TRUE(s.last.needs_order);
    EXPECT_TRUE(s.wrote(log_kind::worse_kind));
}

TEST(alert_join, a_worse_kind_runs_also_when_it_is_no_emergency) {
    auto const bed = plan_of(alert_kind::bed, priority::p3);
    auto const worse = sensor(alert_kind::inactivity, priority::p2);

    alert_story raised(bed);
    raised.comes_due();
    raised.happens(worse);
    EXPECT_EQ(raised.is.desk, site_id{"station"});
    EXPECT_EQ(raised.is.raised_at, raised.now);
    EXPECT_EQ(raised.is.plan, "inactivity-plan");

    alert_story claimed(bed);
    claimed.happens(claim{li});
    claimed.happens(worse);
    EXPECT_EQ(claimed.is.acknowledge_by, claimed.now + seconds(30));

    alert_story handled(bed);
    handled.happens(claim{li});
    handled.happens(handle{li});
    handled.happens(worse);
    EXPECT_EQ(handled.is.state, alert_state::raised);
}

TEST(alert_join, another_kind_of_the_same_weight_rings_its_holder) {
    alert_story s(plan_of(alert_kind::vitals, priority::p2));
    s.happens(claim{li});
    s.later(seconds(60));
    s.happens(sensor(alert_kind::fence, priority::p2));
    EXPECT_EQ(s.is.state, alert_state::claimed);
    EXPECT_EQ(s.is.acknowledge_by, s.now + s.with.acknowledge_within);
    EXPECT_TRUE(s.wrote(log_kind::rang_again));
    EXPECT_EQ(s.is.kind, alert_kind::vitals) << "she has it; what else it is, its line says";
    EXPECT_FALSE(s.last.needs_order);
}

TEST(alert_join, another_kind_of_the_same_weight_on_a_handled_one_runs_its_own_plan) {
    alert_story s(plan_of(alert_kind::vitals, priority::p2));
    s.happens(claim{li});
    s.happens(handle{li});
    s.later(seconds(300)); // his pressure waits for the doctor, and he walks out of the gate
    auto wanders = plan_of(alert_kind::fence, priority::p2);
    wanders.steps = {{.after = seconds(60), .tell = audience::contacts}};
    s.happens(signal_joined{{"w1:1:9"}, {"w1"}, alert_kind::fence, wanders});
    EXPECT_EQ(s.is.state, alert_state::raised);
    EXPECT_EQ(s.is.kind, alert_kind::fence);
    EXPECT_EQ(s.is.plan, "fence-plan");
    EXPECT_EQ(s.is.raised_at, s.now);
    EXPECT_TRUE(s.is.holder.empty());
    EXPECT_TRUE(s.last.needs_order);
    EXPECT_EQ(s.is.due_at, s.now + seconds(60)) << "his family hears of it";
}

TEST(alert_join, more_of_the_same_of_no_emergency_is_counted) {
    alert_story claimed(plan_of(alert_kind::vitals, priority::p2));
    claimed.happens(claim{li});
    auto handled = claimed;
    handled.happens(handle{li});
    for (auto s : {claimed, handled}) {
        auto expected = s.is;
        expected.signals += 1;
        expected.last_event = {"b1:1:9"};
        s.happens(sensor(alert_kind::vitals, priority::p2));
        EXPECT_EQ(s.is, expected);
    }
}

TEST(alert_join, the_broker_that_goes_away_again_is_another_outage) {
    alert_story claimed(plan_of(alert_kind::outage, priority::p2));
    claimed.happens(claim{li});
    claimed.later(seconds(60));
    auto handled = claimed;
    handled.happens(handle{li});
    claimed.happens(sensor(alert_kind::outage, priority::p2));
    EXPECT_TRUE(claimed.wrote(log_kind::rang_again));
    handled.happens(sensor(alert_kind::outage, priority::p2));
    EXPECT_EQ(handled.is.state, alert_state::raised);
}

signal_joined no_word_from(std::uint8_t visit, char const* home) {
    order_id of;
    of.value.bytes[15] = visit;
    signal_joined joined{make_visit_event(of),
                         {"+visit"},
                         alert_kind::check_in_missed,
                         plan_of(alert_kind::check_in_missed, priority::p2)};
    joined.home = {home};
    return joined;
}

TEST(alert_join, a_visit_without_a_word_leaves_the_press_where_it_is) {
    alert_story s;
    s.press("w1:1:7");
    s.happens(no_word_from(1, "h1"));
    EXPECT_EQ(s.is.signals, 3U);
    EXPECT_EQ(s.is.last_event, event_id{"w1:1:7"}) << "by it the card finds the watch";
}

TEST(alert_join, the_next_visit_without_a_word_rings_though_the_first_was_dealt_with) {
    alert_story claimed(plan_of(alert_kind::check_in_missed, priority::p2));
    claimed.happens(claim{li});
    claimed.later(seconds(600));
    auto handled = claimed;
    handled.happens(handle{li});
    claimed.happens(no_word_from(2, "h1"));
    EXPECT_TRUE(claimed.wrote(log_kind::rang_again));
    handled.happens(no_word_from(2, "h1"));
    EXPECT_EQ(handled.is.state, alert_state::raised);
}

TEST(alert_join, help_for_a_worker_goes_where_he_calls_from) {
    alert_story s(plan_of(alert_kind::check_in_missed, priority::p2));
    s.is.about = {subject_kind::worker, "k1"};
    s.is.home = {"h1"};
    s.happens(claim{li});
    signal_joined call{{"+own:k1:1"}, {"+own"}, alert_kind::sos, sos_plan()};
    call.home = {"h2"};
    call.area = {"310101s2"};
    auto elsewhere = s;
    elsewhere.happens(call);
    EXPECT_EQ(elsewhere.is.home, home_id{"h2"});
    EXPECT_EQ(elsewhere.is.area, area_id{"310101s2"});
    EXPECT_EQ(elsewhere.last.ends_orders, "elsewhere")
        << "nobody goes to the door that he has left";
    EXPECT_TRUE(elsewhere.last.needs_order);
    call.home = {"h1"};
    s.happens(call);
    EXPECT_FALSE(s.last.ends_orders);
    s.happens(no_word_from(2, "h3"));
    EXPECT_EQ(s.is.home, home_id{"h1"}) << "what is less, and not said by him, moves no help";
    call.home = {};
    s.happens(call);
    EXPECT_EQ(s.is.home, home_id{"h1"});
}

TEST(alert_join, help_for_who_has_moved_since_goes_to_the_door_where_he_lives_now) {
    struct told {
        char const* why;
        subject about;
        priority is; // the alert
        alert_kind kind;
        priority level; // what joins
        char const* home;
        bool moves;
    };
    subject const resident{subject_kind::resident, "r1"};
    subject const fixed{subject_kind::home, "h1"};
    for (auto const& each : {told{"her pressure was high, and now she presses", resident,
                                  priority::p2, alert_kind::sos, priority::p1, "h2", true},
                             told{"she presses again", resident, priority::p1, alert_kind::sos,
                                  priority::p1, "h2", true},
                             told{"her pressure again", resident, priority::p2, alert_kind::vitals,
                                  priority::p2, "h2", true},
                             told{"something lesser", resident, priority::p1, alert_kind::vitals,
                                  priority::p2, "h2", false},
                             told{"where she lives is not known", resident, priority::p1,
                                  alert_kind::sos, priority::p1, "", false},
                             told{"she lives there still", resident, priority::p1, alert_kind::sos,
                                  priority::p1, "h1", false},
                             told{"what is fixed in a home stays there", fixed, priority::p1,
                                  alert_kind::sos, priority::p1, "h2", false}}) {
        SCOPED_TRACE(each.why);
        alert_story s(plan_of(alert_kind::vitals, each.is));
        s.is.about = each.about;
        signal_joined joined{{"w1:1:9"}, {"w1"}, each.kind, plan_of(each.kind, each.level)};
        joined.home = {each.home};
        joined.area = {"310110"};
        EXPECT_EQ(moves_with(s.is, joined), each.moves);
        s.happens(joined);
        EXPECT_EQ(s.is.home, home_id{each.moves ? each.home : "h1"});
        EXPECT_EQ(s.last.ends_orders.has_value(), each.moves) << "who is on his way turns round";
        EXPECT_TRUE(s.last.needs_order || !each.moves);
    }
}

TEST(alert_join, a_locked_door_where_she_lived_before_draws_no_help_there) {
    alert_story s(plan_of(alert_kind::vitals, priority::p2));
    auto locked = no_word_from(1, "h9");
    locked.kind = alert_kind::no_access;
    s.happens(locked);
    EXPECT_EQ(s.is.home, home_id{"h1"});
}

TEST(alert_join, who_had_no_home_by_the_registry_and_has_one_now_is_sent_somebody) {
    alert_story s;
    s.is.home = {};
    signal_joined press{{"w1:1:9"}, {"w1"}, alert_kind::sos, sos_plan()};
    press.home = {"h2"};
    press.area = {"310110"};
    s.happens(press);
    EXPECT_EQ(s.is.home, home_id{"h2"});
    EXPECT_TRUE(s.last.needs_order);
}

TEST(alert_join, moved_to_another_area_it_rings_that_ones_desks_from_the_first_on) {
    alert_story s;
    s.comes_due(); // at the centre already
    signal_joined press{{"w1:1:9"}, {"w1"}, alert_kind::sos, sos_plan()};
    press.home = {"h2"};
    press.area = {"310110"};
    auto next_door = s;
    next_door.happens(press);
    EXPECT_EQ(next_door.is.desk, site_id{"centre"}) << "the same desks: it goes on climbing";
    press.area = {"310101"};
    s.on_duty[0] = site_id{"station there"};
    s.happens(press);
    EXPECT_EQ(s.is.desk, site_id{"station there"});
    EXPECT_EQ(s.is.raised_at, s.now);
}

TEST(alert_join, a_worse_kind_on_a_claimed_alert_rings_by_its_own_plan) {
    alert_story s(plan_of(alert_kind::bed, priority::p3));
    s.happens(claim{li});
    s.later(seconds(60));
    auto quick = sos_plan();
    quick.acknowledge_within = seconds(15);
    s.happens(signal_joined{{"w1:1:2"}, {"w1"}, alert_kind::sos, quick});
    EXPECT_EQ(s.is.acknowledge_by, s.now + seconds(15));
    EXPECT_EQ(s.is.level, priority::p1);
}

TEST(alert_join, for_what_is_sent_at_once_its_order_waits_no_longer_whatever_it_joins) {
    for (auto s : {alert_story(), claimed_by_li(), handled_by_li()}) {
        auto fell = signal_joined{{"w1:1:2"}, {"w1"}, alert_kind::fall, fall_plan()};
        fell.at_once = true;
        s.happens(fell);
        EXPECT_TRUE(s.last.needs_order && s.last.order_at_once && s.last.offers_now);
        s.happens(signal_joined{{"w1:1:3"}, {"w1"}, alert_kind::sos, sos_plan()});
        EXPECT_TRUE(s.last.needs_order && !s.last.order_at_once && !s.last.offers_now);
    }
}

TEST(alert_join, what_the_device_calls_cleared_is_noted_and_closes_nothing) {
    for (auto s : {alert_story(), claimed_by_li(), handled_by_li()}) {
        auto const before = s.is;
        s.happens(cleared_by_device{{"w1:1:3"}});
        EXPECT_EQ(s.is, before);
        ASSERT_EQ(s.last.log.size(), 1U);
        EXPECT_EQ(s.last.log[0].what, log_kind::cleared_noted);
        EXPECT_EQ(s.last.log[0].by, (actor{actor_kind::device, "w1", {}}));
        EXPECT_FALSE(s.last.ends_orders);
    }
}

} // namespace linli::tests
