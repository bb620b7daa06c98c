// What the house does by itself while an alert is open: the plan's steps, each once and in its
// time.
#include <algorithm>
#include <functional>

#include <gtest/gtest.h>

#include "domain/situation.hpp"

namespace linli::tests {

using namespace domain;

namespace {

operator_id const li{"li"};

// Contacts after 60 s unless somebody has claimed it, a ring-back after 30 s unless handled, 120
// after 180 s whatever happens.
plan plan_with_steps() {
    auto p = sos_plan();
    p.steps = {
        {.after = seconds(30), .asks = ask::ring_back, .unless = step_unless::handled},
        {.after = seconds(60), .tell = audience::contacts, .unless = step_unless::claimed},
        {.after = seconds(180), .asks = ask::dial_120, .say = "老人呼救无人应答"},
    };
    return p;
}

std::vector<std::string> told(alert_outcome const& o) {
    std::vector<std::string> all;
    for (auto const& n : o.notices)
        all.push_back(std::string(to_text(n.to)) + ':' + std::string(to_text(n.why)));
    return all;
}

using texts = std::vector<std::string>;

void until(alert_story& s, seconds after_the_press) {
    while (is_open(s.is) && *s.is.due_at <= evening + after_the_press)
        s.comes_due();
    s.now = evening + after_the_press;
}

} // namespace

TEST(alert_steps, run_in_their_time_when_nobody_claims) {
    alert_story s(plan_with_steps());
    EXPECT_TRUE(s.is.progress.asks.empty());
    s.comes_due(); // 30 s: the next rung and the first step are due together
    EXPECT_EQ(s.now, evening + seconds(30));
    EXPECT_EQ(to_string(s.is.progress.asks), "ring_back");
    EXPECT_TRUE(s.wrote(log_kind::asked));
    EXPECT_TRUE(s.wrote(log_kind::rung_reached));
    s.comes_due();
    EXPECT_EQ(s.now, evening + seconds(60));
    EXPECT_EQ(told(s.last), texts{"contacts:raised"});
    EXPECT_FALSE(s.wrote(log_kind::rung_reached)) << "a step is no reason to climb";
    auto const& n = s.last.notices.at(0);
    EXPECT_EQ(n.resident, resident_id{"r1"});
    EXPECT_EQ(n.event, event_id{"w1:1:1"});
    EXPECT_EQ(n.at, s.now);
    until(s, seconds(180));
    EXPECT_EQ(to_string(s.is.progress.asks), "ring_back,120");
}

TEST(alert_steps, each_is_run_once) {
    alert_story s(plan_with_steps());
    until(s, seconds(60));
    auto const notices = s.is.progress.notices;
    until(s, seconds(3600));
    EXPECT_EQ(s.is.progress.notices, notices);
    EXPECT_EQ(s.is.progress.done, 0b111U);
}

TEST(alert_steps, after_an_outage_what_was_missed_is_run_now) {
    alert_story s(plan_with_steps());
    s.later(hours(2));
    s.happens(time_passed{});
    EXPECT_EQ(told(s.last), texts{"contacts:raised"});
    EXPECT_EQ(to_string(s.is.progress.asks), "ring_back,120");
    EXPECT_GT(s.is.due_at, s.now);
}

TEST(alert_steps, that_an_operator_makes_needless_are_passed_over_with_the_reason) {
    alert_story s(plan_with_steps());
    s.later(seconds(10));
    s.happens(claim{li});
    EXPECT_EQ(s.is.due_at, evening + seconds(30)) << "the ring-back is still hers to do";
    s.comes_due();
    EXPECT_EQ(to_string(s.is.progress.asks), "ring_back");
    s.comes_due();
    EXPECT_TRUE(s.last.notices.empty());
    ASSERT_EQ(s.last.log.size(), 1U);
    EXPECT_EQ(s.last.log[0].what, log_kind::step_skipped);
    EXPECT_EQ(s.last.log[0].why, "step 2 tell contacts: claimed");
}

TEST(alert_steps, that_were_needless_are_needed_again_when_she_lets_go) {
    alert_story s(plan_with_steps());
    s.happens(claim{li});
    until(s, seconds(100));
    EXPECT_EQ(s.is.progress.notices, 0U);
    s.happens(release{li});
    EXPECT_EQ(told(s.last), texts{"contacts:raised"}) << "nobody has it, and it is past 60 s";
    EXPECT_EQ(to_string(s.is.progress.asks), "ring_back") << "what was asked is not asked twice";
}

TEST(alert_steps, unless_handled_is_run_for_whoever_only_claimed) {
    auto p = sos_plan();
    p.steps = {{.after = seconds(60), .asks = ask::dial_120, .unless = step_unless::handled}};
    alert_story claimed(p);
    claimed.happens(claim{li});
    until(claimed, seconds(60));
    EXPECT_TRUE(claimed.is.progress.asks.contains(ask::dial_120));
    alert_story handled(p);
    handled.happens(claim{li});
    handled.happens(handle{li});
    until(handled, seconds(60));
    EXPECT_TRUE(handled.is.progress.asks.empty());
}

TEST(alert_steps, with_hours_are_run_only_in_them) {
    auto p = plan_of(alert_kind::bed, priority::p2);
    p.steps = {{.after = seconds(60),
                .tell = audience::contacts,
                .from_minute = 7 * 60,
                .until_minute = 22 * 60}};
    struct {
        int minute;
        bool told;
    } const table[] = {{0, false}, {419, false}, {420, true}, {1319, true}, {1320, false}};
    for (auto const& [minute, is_told] : table) {
        auto with = everybody_on_duty();
        with.minute_of_day = minute;
        alert_story s(p, with);
        until(s, seconds(60));
        EXPECT_EQ(s.is.progress.told.contains(audience::contacts), is_told) << minute;
    }
    p.steps[0].from_minute = 22 * 60; // over midnight
    p.steps[0].until_minute = 7 * 60;
    auto night = everybody_on_duty();
    night.minute_of_day = 60;
    alert_story s(p, night);
    until(s, seconds(60));
    EXPECT_TRUE(s.is.progress.told.contains(audience::contacts));
}

TEST(alert_steps, count_from_the_raise_and_not_from_the_countdown) {
    auto p = fall_plan();
    p.steps = {{.after = seconds(0), .tell = audience::alarm_hook}};
    alert_story s(p);
    EXPECT_TRUE(s.last.notices.empty()) << "its wearer may cancel";
    s.comes_due();
    EXPECT_EQ(told(s.last), texts{"alarm_hook:raised"});
}

TEST(alert_steps, of_a_worse_kind_begin_from_the_first) {
    alert_story s(plan_of(alert_kind::bed, priority::p2));
    s.later(seconds(50));
    auto const worse = plan_with_steps();
    s.happens(signal_joined{{"w1:1:2"}, {"w1"}, alert_kind::sos, worse});
    s.with = worse;
    EXPECT_EQ(s.is.steps_from, s.now);
    s.comes_due();
    EXPECT_EQ(s.now, evening + seconds(80));
    EXPECT_TRUE(s.is.progress.asks.contains(ask::ring_back));
}

TEST(alert_steps, begin_again_when_a_press_joins_what_was_handled) {
    alert_story s(plan_with_steps());
    until(s, seconds(60));
    s.happens(claim{li});
    s.happens(handle{li});
    s.later(minutes(10));
    s.press();
    s.later(seconds(60));
    s.happens(time_passed{});
    EXPECT_EQ(told(s.last), texts{"contacts:raised"});
    EXPECT_EQ(s.is.progress.notices, 2U) << "a later notice has a higher version";
}

TEST(alert_steps, tell_nobody_of_somebody_whom_nobody_knows) {
    auto p = plan_with_steps();
    alert first;
    first.about = {subject_kind::area, "310110"};
    first.area = {"310110"};
    first.first_event = {"x1:1:1"};
    auto const opened = raise(first, {"x1"}, p, everybody_on_duty(), evening);
    auto const later =
        decide(opened.next, time_passed{}, p, everybody_on_duty(), evening + seconds(60));
    EXPECT_TRUE(later->notices.empty());
}

TEST(alert_notices, who_was_told_of_the_start_is_told_what_comes_and_of_the_end) {
    alert_story s(plan_with_steps());
    until(s, seconds(60));
    s.happens(help_comes{});
    EXPECT_EQ(told(s.last), texts{"contacts:help_comes"});
    s.happens(help_arrived{});
    EXPECT_EQ(told(s.last), texts{"contacts:help_arrived"});
    s.happens(claim{li});
    EXPECT_TRUE(s.last.notices.empty());
    s.happens(close{li, disposition::helped, {}});
    EXPECT_EQ(told(s.last), texts{"contacts:ended"});
    EXPECT_EQ(s.is.progress.notices, 4U);
}

TEST(alert_notices, a_countdown_that_is_cancelled_is_told_to_whoever_was_rung_without_the_record) {
    alert_story s(fall_plan());
    s.is.progress.told.insert(audience::duty_phone);
    s.cancels();
    ASSERT_EQ(s.is.state, alert_state::closed);
    EXPECT_EQ(told(s.last), texts{"duty_phone:ended"});
}

TEST(alert_notices, who_was_told_of_nothing_hears_nothing) {
    alert_story s(plan_with_steps());
    s.happens(claim{li});
    auto const before = s.is;
    s.happens(help_comes{});
    EXPECT_EQ(s.is, before);
    EXPECT_TRUE(s.last.log.empty());
    s.happens(close{li, disposition::false_alarm, "老人说按错了"});
    EXPECT_TRUE(s.last.notices.empty());
}

TEST(alert_close, as_if_nobody_had_to_go_needs_words_unless_it_is_a_drill) {
    for (auto const& [outcome, name] : names<disposition>::table) {
        if (!is_for_operators(outcome)) continue;
        alert_story s(plan_with_steps());
        s.happens(claim{li});
        bool const went =
            outcome == disposition::helped || outcome == disposition::death ||
            outcome == disposition::sent_to_hospital || outcome == disposition::handed_to_family ||
            outcome == disposition::hazard_removed || outcome == disposition::safeguarding ||
            outcome == disposition::no_contact_visited;
        EXPECT_EQ(needs_words(s.is, outcome), !went) << name;
        if (went) continue;
        EXPECT_EQ(s.refused(close{li, outcome, {}}), refusal::needs_reason) << name;
        EXPECT_EQ(s.is.state, alert_state::claimed);
        auto exercise = s.is;
        exercise.what_for = purpose::drill;
        EXPECT_FALSE(needs_words(exercise, outcome));
        auto of_the_house = s.is;
        of_the_house.kind = alert_kind::outage;
        EXPECT_FALSE(needs_words(of_the_house, outcome));
    }
}

TEST(alert_asks, stay_until_somebody_says_that_it_is_done) {
    alert_story s(plan_with_steps());
    until(s, seconds(30));
    EXPECT_EQ(s.refused(done_as_asked{li, ask::dial_120, {}}), refusal::out_of_turn)
        << "nobody has asked for it yet";
    s.happens(done_as_asked{li, ask::ring_back, "不接"});
    EXPECT_TRUE(s.is.progress.asks.empty());
    ASSERT_EQ(s.last.log.size(), 1U);
    EXPECT_EQ(s.last.log[0].what, log_kind::asked_done);
    EXPECT_EQ(s.last.log[0].why, "ring_back");
    EXPECT_EQ(s.last.log[0].personal, "不接");
    EXPECT_EQ(s.refused(done_as_asked{li, ask::ring_back, {}}), refusal::out_of_turn);
}

namespace {

plan plan_with_phones() {
    auto p = sos_plan();
    p.answer = {{site_level::station, seconds(30)},
                {site_level::centre, seconds(30)},
                {site_level::station, seconds(30), audience::shift_leader},
                {site_level::city, seconds(60)},
                {site_level::station, seconds(60), audience::duty_phone}};
    return p;
}

} // namespace

TEST(alert_ladder, rings_the_shift_leader_and_at_last_the_duty_telephone_until_taken) {
    alert_story s(plan_with_phones());
    struct {
        int after_s;
        char const* rung;
        std::size_t told;
    } const climb[] = {{30, "centre:centre", 0},       {60, "shift_leader:centre", 1},
                       {90, "city:city", 0},           {150, "duty_phone:station", 1},
                       {210, "duty_phone:station", 1}, {270, "duty_phone:station", 1}};
    for (auto const& [after_s, rung, told] : climb) {
        s.comes_due();
        EXPECT_EQ(s.now, evening + seconds(after_s));
        EXPECT_EQ(s.last.log.at(0).why, rung);
        EXPECT_EQ(s.last.notices.size(), told) << rung;
    }
    EXPECT_EQ(s.last.notices[0].why, notice_reason::unanswered);
    EXPECT_EQ(s.is.desk, site_id{"city"}) << "its seats go on ringing";
}

TEST(alert_ladder, at_night_the_leader_who_is_off_duty_costs_no_time) {
    alert_story s(plan_with_phones(), only_the_city_on_duty());
    EXPECT_EQ(s.is.desk, site_id{"city"});
    s.comes_due();
    EXPECT_EQ(s.now, evening + seconds(60));
    EXPECT_EQ(told(s.last), texts{"duty_phone:unanswered"});
    EXPECT_EQ(s.last.notices[0].site, site_id{"city"});
}

TEST(alert_ladder, with_nobody_at_any_desk_the_duty_telephone_rings_at_once) {
    alert_story s(plan_with_phones(), duty{});
    EXPECT_EQ(told(s.last), texts{"duty_phone:unanswered"});
}

namespace {

plan plan_for_one_operator(priority level = priority::p1) {
    auto p = sos_plan();
    p.level = level;
    p.answer = {{site_level::city, seconds(90)}};
    p.steps = {{.after = seconds(30), .tell = audience::duty_phone, .unless = step_unless::free}};
    return p;
}

} // namespace

TEST(alone, a_second_emergency_does_not_wait_for_the_only_operator) {
    alert_story s(plan_for_one_operator());
    EXPECT_EQ(s.is.due_at, evening + seconds(30));
    s.on_duty.nobody_free = true;
    s.comes_due();
    EXPECT_EQ(told(s.last), texts{"duty_phone:second_alert"});
    EXPECT_EQ(s.last.log.at(0).why, "step 1 tell duty_phone: no operator is free");
    EXPECT_TRUE(s.last.offers_now) << "nobody is there who could cancel the order";
    s.comes_due();
    EXPECT_TRUE(s.last.notices.empty()) << "said once";
    EXPECT_EQ(s.now, evening + seconds(90));
}

TEST(alone, what_happens_just_then_and_knows_of_no_operators_leaves_it_to_the_clock) {
    alert_story s(plan_for_one_operator());
    s.later(seconds(30));
    s.on_duty.nobody_free.reset(); // nobody has asked
    s.happens(signal_joined{{"w1:1:2"}, {"w1"}, alert_kind::sos, s.with});
    EXPECT_TRUE(s.last.notices.empty());
    EXPECT_EQ(s.is.due_at, evening + seconds(30)) << "the clock comes at once";
    s.on_duty.nobody_free = true;
    s.happens(time_passed{});
    EXPECT_EQ(told(s.last), texts{"duty_phone:second_alert"});
}

TEST(alone, is_nobody_while_somebody_is_free_or_has_claimed_it) {
    alert_story free(plan_for_one_operator());
    free.comes_due();
    EXPECT_TRUE(free.last.notices.empty());
    EXPECT_FALSE(free.last.offers_now);
    EXPECT_EQ(free.last.log.at(0).why, "step 1 tell duty_phone: an operator is free");

    alert_story claimed(plan_for_one_operator());
    claimed.on_duty.nobody_free = true;
    claimed.happens(claim{li});
    claimed.comes_due();
    EXPECT_TRUE(claimed.last.notices.empty());
    claimed.happens(release{li});
    EXPECT_EQ(told(claimed.last), texts{"duty_phone:second_alert"}) << "it rings for nobody";
}

namespace {

alert_story somebody_must_go() {
    auto p = sos_plan();
    p.go = {{go_trouble::nobody, ask::property_guard, {}, audience::shift_leader},
            {go_trouble::nobody, ask::committee, {}, {}},
            {go_trouble::nobody, ask::dial_120, "地址…", audience::duty_phone},
            {go_trouble::no_access, ask::key_holder, {}, {}},
            {go_trouble::no_access, ask::dial_119, {}, {}}};
    return alert_story(p);
}

nobody_to_go again(go_trouble what) {
    return {{}, std::string(to_text(what)), what};
}

} // namespace

TEST(who_goes, climbs_each_time_that_nobody_was_found_and_asks_the_top_again) {
    auto s = somebody_must_go();
    s.happens(again(go_trouble::nobody));
    EXPECT_EQ(to_string(s.is.progress.asks), "property_guard");
    EXPECT_EQ(told(s.last), texts{"shift_leader:nobody_to_go"});
    s.happens(again(go_trouble::nobody));
    EXPECT_EQ(to_string(s.is.progress.asks), "property_guard,committee");
    EXPECT_TRUE(s.last.notices.empty());
    s.happens(again(go_trouble::nobody));
    EXPECT_EQ(told(s.last), texts{"duty_phone:nobody_to_go"});
    s.happens(done_as_asked{li, ask::dial_120, "来了"});
    s.happens(again(go_trouble::nobody));
    EXPECT_TRUE(s.is.progress.asks.contains(ask::dial_120));
}

TEST(who_goes, a_locked_door_has_a_ladder_of_its_own) {
    auto s = somebody_must_go();
    s.happens(again(go_trouble::other)); // no_access itself: his five minutes begin
    EXPECT_TRUE(s.is.progress.asks.empty());
    s.happens(again(go_trouble::no_access));
    EXPECT_EQ(to_string(s.is.progress.asks), "key_holder");
    s.happens(again(go_trouble::no_access));
    EXPECT_EQ(to_string(s.is.progress.asks), "119,key_holder");
}

TEST(who_goes, a_plan_without_these_rungs_rings_the_desk_as_ever) {
    alert_story s;
    s.happens(again(go_trouble::nobody));
    EXPECT_TRUE(s.is.progress.asks.empty());
    EXPECT_TRUE(s.wrote(log_kind::rung_reached));
}

TEST(progress, is_stored_in_words_and_read_again) {
    progress p;
    EXPECT_EQ(to_string(p), "");
    EXPECT_EQ(parse_progress(""), p);
    p.done = 5;
    p.skipped = 4;
    p.asks.insert(ask::ring_back);
    p.asks.insert(ask::dial_120);
    p.told.insert(audience::contacts);
    p.notices = 7;
    p.go = 2;
    p.access = 1;
    EXPECT_EQ(to_string(p), "done=5 skipped=4 asks=ring_back,120 told=contacts notices=7 go=2 "
                            "access=1");
    EXPECT_EQ(parse_progress(to_string(p)), p);
    for (auto const* wrong : {"done=x", "done=", "asks=999", "who=1", "done"})
        EXPECT_FALSE(parse_progress(wrong)) << wrong;
}

plan seeking(seconds every) {
    auto p = plan_of(alert_kind::fence, priority::p2);
    p.locate_every = every;
    return p;
}

std::size_t times_it_began(alert_story const& s) {
    return static_cast<std::size_t>(
        std::count_if(s.last.log.begin(), s.last.log.end(), [](auto& l) {
            return l.what == log_kind::step_run && l.why.starts_with("locate every ");
        }));
}

TEST(whoever_is_lost, is_sought_from_the_raise_on_and_one_line_says_so) {
    alert_story s(seeking(seconds(60)));
    EXPECT_EQ(s.is.locate_every, seconds(60));
    EXPECT_EQ(times_it_began(s), 1U);
    s.happens(signal_joined{{"w1:1:9"}, {"w1"}, alert_kind::fence, seeking(seconds(60))});
    EXPECT_EQ(times_it_began(s), 0U) << "it goes on";
    alert_story off(seeking(seconds(0)));
    EXPECT_EQ(off.is.locate_every, seconds(0)) << "the plan doesn't ask for it";
    EXPECT_EQ(times_it_began(off), 0U);
}

TEST(whoever_is_lost, and_presses_is_sought_still) {
    alert_story s(seeking(seconds(60)));
    s.press();
    EXPECT_EQ(s.is.kind, alert_kind::sos);
    EXPECT_EQ(s.is.locate_every, seconds(60));
}

TEST(whoever_has_pressed, and_leaves_his_zone_is_sought_from_then_on) {
    alert_story s;
    EXPECT_EQ(s.is.locate_every, seconds(0));
    s.happens(signal_joined{{"w1:1:9"}, {"w1"}, alert_kind::fence, seeking(seconds(60))});
    EXPECT_EQ(s.is.kind, alert_kind::sos);
    EXPECT_EQ(s.is.locate_every, seconds(60));
    EXPECT_EQ(times_it_began(s), 1U);
}

TEST(nobody, is_sought_in_a_drill_or_when_nobody_is_identified) {
    alert first;
    first.first_event = {"w1:1:1"};
    first.resident = {"r1"};
    first.what_for = purpose::drill;
    auto const none = seconds(0);
    auto const with = seeking(seconds(60));
    EXPECT_EQ(raise(first, {"w1"}, with, everybody_on_duty(), evening).next.locate_every, none);
    first.what_for = purpose::real;
    first.resident = {};
    EXPECT_EQ(raise(first, {"w1"}, with, everybody_on_duty(), evening).next.locate_every, none);
}

TEST(a_plan_of_ones_own, is_softer_wherever_help_comes_later) {
    auto ordinary = plan_with_phones();
    ordinary.steps = plan_with_steps().steps;
    ordinary.go = {{go_trouble::nobody, ask::committee, {}, {}}};
    ordinary.shown_within = seconds(10);
    ordinary.locate_every = seconds(60);
    EXPECT_TRUE(softened(ordinary, ordinary).empty());
    struct {
        char const* what;
        std::function<void(plan&)> change;
    } const table[] = {
        {"level", [](plan& p) { p.level = priority::p2; }},
        {"countdown_s",
         [](plan& p) {
             p.countdown = seconds(20);
             p.answer[0].wait = seconds(10);
         }},
        {"answer", [](plan& p) { p.answer[0].wait = seconds(31); }},
        {"answer", [](plan& p) { p.answer.pop_back(); }},
        {"claim_lease_s", [](plan& p) { p.claim_lease += seconds(1); }},
        {"acknowledge_within_s", [](plan& p) { p.acknowledge_within += seconds(1); }},
        {"shown_within_s", [](plan& p) { p.shown_within += seconds(1); }},
        {"shown_within_s", [](plan& p) { p.shown_within = seconds(0); }},
        {"locate_every_s", [](plan& p) { p.locate_every += seconds(1); }},
        {"locate_every_s", [](plan& p) { p.locate_every = seconds(0); }},
        {"burst_window_s", [](plan& p) { p.burst_window += seconds(1); }},
        {"handled_review_s", [](plan& p) { p.handled_review += seconds(1); }},
        {"order", [](plan& p) { p.order.reset(); }},
        {"order.offer", [](plan& p) { p.order->when = offer_when::unless_cleared; }},
        {"order.offers_at_once", [](plan& p) { p.order->offers_at_once = 0; }},
        {"order.set_out_within_s", [](plan& p) { p.order->set_out_within += seconds(1); }},
        {"order.arrive_within_s", [](plan& p) { p.order->arrive_within += seconds(1); }},
        {"step after_s = 60", [](plan& p) { p.steps[1].after += seconds(1); }},
        {"step after_s = 180", [](plan& p) { p.steps[2].unless = step_unless::claimed; }},
        {"step after_s = 30", [](plan& p) { p.steps[0].from_minute = 60; }},
        {"go", [](plan& p) { p.go.clear(); }},
    };
    for (auto const& [what, change] : table) {
        auto own = ordinary;
        change(own);
        auto const softer = softened(own, ordinary);
        EXPECT_NE(std::find(softer.begin(), softer.end(), what), softer.end()) << what;
    }
    auto harder = ordinary;
    harder.order->offers_at_once = 3;
    harder.steps[1].after = seconds(0);
    harder.answer[0].wait = seconds(15);
    harder.shown_within = seconds(5);
    harder.locate_every = seconds(30);
    EXPECT_TRUE(softened(harder, ordinary).empty());
}

} // namespace linli::tests
