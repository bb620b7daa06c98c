// What the house does by itself, on the twin: notices in the outbox, the only operator, who goes,
// false alarms, a resident's own plan.
#include <gtest/gtest.h>

#include "app/bench_top.hpp"

namespace linli::tests {

using domain::ask;
using domain::audience;
using domain::reply_kind;
using domain::seconds;
using domain::step_unless;
using texts = std::vector<std::string>;

namespace {

void contacts_after_a_minute(domain::plan& p) {
    p.steps = {{.after = seconds(60), .tell = audience::contacts, .unless = step_unless::claimed}};
}

app::input by_li(domain::alert_id const& id, domain::alert_event what) {
    return app::alert_command{id, std::move(what)};
}

domain::alert const& alert_of(bench_top const& b, std::string const& subject) {
    for (auto const& [id, a] : b.record.holds().alerts)
        if (to_string(a.about) == subject && is_open(a)) return a;
    throw std::logic_error("nothing is open about " + subject);
}

// What the newest open offer's worker says.
void worker_says(bench_top& b, reply_kind kind) {
    domain::reply r;
    for (auto const& [id, o] : b.record.holds().offers)
        if (o.state == domain::offer_state::open || o.state == domain::offer_state::accepted) {
            r.offer = id;
            r.provider = o.provider;
        }
    r.kind = kind;
    b.takes({r});
}

} // namespace

TEST(steps, tell_the_contacts_a_minute_after_the_press_unless_somebody_has_claimed_it) {
    bench_top b(contacts_after_a_minute);
    b.takes({b.press("w1", 1), b.press("b2", 1)});
    auto const alone = alert_of(b, "resident:r1").id;
    auto const cared_for = alert_of(b, "home:h2").id;
    b.takes({by_li(cared_for, domain::claim{{"li"}})});
    b.fast_forward(seconds(59));
    EXPECT_TRUE(b.notices(alone).empty());
    b.fast_forward(seconds(1));
    EXPECT_EQ(b.notices(alone), texts{"contacts:raised"});
    EXPECT_TRUE(b.notices(cared_for).empty());
    b.takes({by_li(alone, domain::claim{{"li"}})});
    b.takes({by_li(alone, domain::close{{"li"}, domain::disposition::helped, {}})});
    EXPECT_EQ(b.notices(alone), (texts{"contacts:raised", "contacts:ended"}));
}

TEST(steps, tell_who_was_told_that_help_comes_and_is_there) {
    bench_top b(
        [](domain::plan& p) { p.steps = {{.after = seconds(0), .tell = audience::contacts}}; });
    b.takes({b.press("w1", 1)});
    worker_says(b, reply_kind::accept);
    worker_says(b, reply_kind::arrived);
    EXPECT_EQ(b.notices(b.only_alert().id),
              (texts{"contacts:raised", "contacts:help_comes", "contacts:help_arrived"}));
}

TEST(steps, a_commit_in_doubt_between_two_steps_does_each_once) {
    bench_top b([](domain::plan& p) {
        p.steps = {{.after = seconds(10), .tell = audience::contacts},
                   {.after = seconds(20), .tell = audience::shift_leader}};
    });
    b.takes({b.press("w1", 1)});
    auto const id = b.only_alert().id;
    b.clock.fast_forward(seconds(10));
    b.record.fail_next_commit(app::record_errc::away, memory_record::moment::after_applying);
    EXPECT_EQ(b.tries({app::alert_due{id}}).error(), app::record_errc::away);
    b.takes({app::alert_due{id}}); // the house thinks that it still has to
    b.fast_forward(seconds(30));
    EXPECT_EQ(b.told("people:" + to_string(id)), 2U);
}

TEST(one_operator, a_second_emergency_rings_the_duty_telephone_and_its_order_waits_for_nobody) {
    bench_top b([](domain::plan& p) {
        p.answer = {{domain::site_level::city, seconds(60)}};
        p.order->when = domain::offer_when::unless_cleared;
        p.steps = {
            {.after = seconds(30), .tell = audience::duty_phone, .unless = step_unless::free}};
    });
    b.takes({b.press("w1", 1)});
    auto const first = b.only_alert().id;
    b.takes({by_li(first, domain::claim{{"li"}})});
    b.takes({b.press("b2", 1)});
    auto const second = alert_of(b, "home:h2").id;
    b.fast_forward(seconds(29));
    EXPECT_TRUE(b.record.holds().offers.empty()) << "an operator may still cancel it";
    b.fast_forward(seconds(1));
    EXPECT_EQ(b.notices(second), texts{"duty_phone:second_alert"});
    EXPECT_TRUE(b.notices(first).empty());
    ASSERT_FALSE(b.record.holds().offers.empty());
    EXPECT_EQ(b.record.holds().orders.at(b.record.holds().offers.begin()->second.order).alert,
              second);
}

TEST(one_operator, a_second_emergencys_press_that_comes_again_just_then_silences_no_telephone) {
    bench_top b([](domain::plan& p) {
        p.answer = {{domain::site_level::city, seconds(60)}};
        p.steps = {
            {.after = seconds(30), .tell = audience::duty_phone, .unless = step_unless::free}};
    });
    b.takes({b.press("w1", 1)});
    b.takes({by_li(b.only_alert().id, domain::claim{{"li"}})});
    b.takes({b.press("b2", 1)});
    b.clock.fast_forward(seconds(30));
    b.takes({b.press("b2", 2)});
    b.fast_forward(seconds(0));
    EXPECT_EQ(b.notices(alert_of(b, "home:h2").id), texts{"duty_phone:second_alert"});
}

TEST(one_operator, is_not_alone_while_another_was_heard_of_lately) {
    bench_top b([](domain::plan& p) {
        p.steps = {
            {.after = seconds(30), .tell = audience::duty_phone, .unless = step_unless::free}};
    });
    b.takes({b.press("w1", 1)});
    auto const first = b.only_alert().id;
    b.takes({by_li(first, domain::claim{{"li"}})});
    b.takes({by_li(first, domain::note{{"zhao"}, "我在"})});
    b.takes({b.press("b2", 1)});
    b.fast_forward(seconds(30));
    EXPECT_TRUE(b.notices(alert_of(b, "home:h2").id).empty());
}

namespace {

void sends_after_a_minute(domain::plan& p) {
    if (p.kind == domain::alert_kind::sos) p.order->when = domain::offer_when::unless_cleared;
    if (p.kind != domain::alert_kind::bed) return;
    p.level = domain::priority::p2;
    p.order.reset(); // it is the operator's
}

} // namespace

TEST(a_joined_signal, of_a_kind_that_is_sent_for_at_once_sends_though_a_press_came_before_it) {
    bench_top b(sends_after_a_minute);
    b.takes({b.press("w1", 1)});
    EXPECT_TRUE(b.record.holds().offers.empty()) << "an operator may still cancel it";
    b.takes({b.press("w1", 2, domain::signal_kind::fall_confirmed)});
    EXPECT_FALSE(b.record.holds().offers.empty());
    EXPECT_EQ(b.record.holds().orders.size(), 1U);
}

TEST(a_joined_signal, of_somebody_at_high_risk_sends_at_once_though_something_lesser_was_open) {
    for (bool const at_risk : {false, true}) {
        auto r1 = resident("r1").at_home("h1").wears("w1");
        if (at_risk) r1.high_risk();
        bench_top b(
            a_city().with_station("s1").with(r1).with(worker("k1").of("p1").certified("first_aid")),
            sends_after_a_minute);
        b.takes({b.press("w1", 1, domain::signal_kind::bed)});
        ASSERT_EQ(b.only_alert().level, domain::priority::p2);
        b.takes({b.press("w1", 2)});
        EXPECT_EQ(b.record.holds().offers.empty(), !at_risk);
    }
}

// 杭州 天水街道, one real case: 10:24 the alarm, 10:25 the call back, 10:26 the taxi refuses, 10:27
// the community is asked, 10:30 on the scene.
TEST(the_case_of_tianshui, falls_back_on_the_community_within_a_minute) {
    bench_top b([](domain::plan& p) {
        p.steps = {{.after = seconds(30), .asks = ask::ring_back, .unless = step_unless::handled}};
        p.go = {{domain::go_trouble::nobody, ask::committee, {}, audience::shift_leader}};
        p.order->certificate = "first_aid";
        p.order->offers_at_once = 2;
        p.order->offer_lease = seconds(300); // they do answer
    });
    b.takes({b.press("w1", 1)}); // 10:24
    auto const id = b.only_alert().id;
    b.takes({by_li(id, domain::claim{{"li"}})});
    b.fast_forward(seconds(30));
    EXPECT_TRUE(b.only_alert().progress.asks.contains(ask::ring_back));
    b.fast_forward(seconds(30)); // 10:25
    b.takes({by_li(id, domain::done_as_asked{{"li"}, ask::ring_back, "摔倒了，起不来"})});
    EXPECT_TRUE(b.only_alert().progress.asks.empty());
    b.fast_forward(seconds(60)); // 10:26
    worker_says(b, reply_kind::decline);
    worker_says(b, reply_kind::decline);
    EXPECT_EQ(b.only_order().state, domain::order_state::unfilled);
    EXPECT_TRUE(b.only_alert().progress.asks.contains(ask::committee)) << "by 10:27";
    EXPECT_EQ(b.notices(id), texts{"shift_leader:nobody_to_go"});
    b.takes({by_li(id, domain::done_as_asked{{"li"}, ask::committee, "居委会派人了"})});
    b.fast_forward(seconds(60)); // 10:27
    b.takes({by_li(id, domain::claim{{"li"}})});
    b.fast_forward(seconds(180)); // 10:30
    b.takes({by_li(id, domain::claim{{"li"}})});
    b.takes({by_li(id, domain::close{{"li"}, domain::disposition::helped, "居委会到场"})});
    EXPECT_EQ(b.only_alert().outcome, domain::disposition::helped);
    EXPECT_EQ(b.only_alert().closed_at.value() - b.only_alert().opened_at, domain::minutes(6));
    EXPECT_EQ(b.notices(id).back(), "shift_leader:ended");
}

TEST(a_locked_door, brings_the_key_holder_when_its_five_minutes_are_over) {
    bench_top b([](domain::plan& p) {
        p.go = {{domain::go_trouble::no_access, ask::key_holder, {}, {}},
                {domain::go_trouble::no_access, ask::dial_119, {}, {}}};
    });
    b.takes({b.press("w1", 1)});
    worker_says(b, reply_kind::accept);
    worker_says(b, reply_kind::no_access);
    EXPECT_TRUE(b.only_alert().progress.asks.empty());
    b.fast_forward(seconds(300));
    EXPECT_EQ(to_string(b.only_alert().progress.asks), "key_holder");
    b.fast_forward(seconds(300));
    EXPECT_EQ(to_string(b.only_alert().progress.asks), "119,key_holder");
}

namespace {

// Presses, and li finds that it was nothing.
void false_alarm(bench_top& b, int sequence) {
    b.takes({b.press("w1", sequence)});
    auto const id = alert_of(b, "resident:r1").id;
    b.takes({by_li(id, domain::claim{{"li"}})});
    b.takes({by_li(id, domain::close{{"li"}, domain::disposition::false_alarm, "老人说按错了"})});
}

std::size_t cause_visits(bench_top const& b) {
    std::size_t count = 0;
    for (auto const& [id, o] : b.record.holds().orders)
        count += o.service.value == "cause_visit" ? 1U : 0U;
    return count;
}

} // namespace

TEST(false_alarms, three_in_a_day_or_five_in_a_week_bring_a_visit_and_mute_nothing) {
    bench_top b;
    for (int n = 1; n <= 4; ++n) {
        false_alarm(b, n);
        b.clock.fast_forward(domain::hours(15));
    }
    EXPECT_EQ(cause_visits(b), 0U) << "two in any 24 hours, four in the week";
    false_alarm(b, 5);
    EXPECT_EQ(cause_visits(b), 1U);

    bench_top day;
    for (int n = 1; n <= 3; ++n)
        false_alarm(day, n);
    EXPECT_EQ(cause_visits(day), 1U);
    day.takes({day.press("w1", 9)});
    EXPECT_EQ(alert_of(day, "resident:r1").level, domain::priority::p1);
    EXPECT_EQ(alert_of(day, "resident:r1").due_at, day.clock.now() + seconds(30));
}

TEST(a_resident, may_have_a_plan_of_his_own_until_its_last_day_is_over) {
    domain::plan own;
    own.kind = domain::alert_kind::sos;
    own.digest = "r1s own";
    own.answer = {{domain::site_level::city, seconds(60)}};
    own.own = domain::own_plan{
        {"r1"}, {{"li"}, {"zhao"}}, std::chrono::sys_days(std::chrono::year(2026) / 11 / 24)};
    bench_top b({}, {own}); // it is 08:00 on the 23rd, local time
    auto const plan_of_a_press = [&](int sequence) {
        b.takes({b.press("w1", sequence)});
        auto const a = alert_of(b, "resident:r1");
        b.takes({by_li(a.id, domain::claim{{"li"}})});
        b.takes({by_li(a.id, domain::close{{"li"}, domain::disposition::helped, {}})});
        return a.plan;
    };
    EXPECT_EQ(plan_of_a_press(1), "r1s own");
    b.takes({b.press("b2", 1)});
    EXPECT_EQ(alert_of(b, "home:h2").plan, "sos") << "nobody else's";
    b.clock.fast_forward(domain::hours(39)); // 23:00 on the 24th
    EXPECT_EQ(plan_of_a_press(2), "r1s own");
    b.clock.fast_forward(domain::hours(1));
    EXPECT_EQ(plan_of_a_press(3), "sos");
}

} // namespace linli::tests
