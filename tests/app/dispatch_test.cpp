// The way into the record, on the twin: what a batch comes to.
#include <algorithm>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/bench_top.hpp"

namespace linli::tests {

namespace {

// Behind everybody's back, as another version of this program has left it.
template <class Row>
void is_left(bench_top& b, Row const& row, std::vector<Row> app::changes::*in) {
    app::changes all;
    all.at = b.clock.now();
    (all.*in).push_back(row);
    ASSERT_TRUE(run_on(b.loop, b.record.commit(all)));
}

domain::order order_at(bench_top const& b, std::string const& home) {
    for (auto const& [id, each] : b.record.holds().orders)
        if (each.home.value == home) return each;
    throw std::runtime_error("no order at " + home);
}

} // namespace

using domain::signal_kind;

TEST(dispatch, a_press_costs_one_read_and_one_commit) {
    bench_top b;
    b.takes({b.press("w1", 1)}); // takes a block of order numbers as well
    auto const reads = b.record.reads();
    auto const commits = b.record.commits();
    b.takes({b.press("b2", 1)});
    EXPECT_EQ(b.record.reads() - reads, 1U);
    EXPECT_EQ(b.record.commits() - commits, 1U);
}

TEST(dispatch, two_presses_of_one_batch_see_each_other) {
    bench_top b;
    b.takes({b.press("w1", 1), b.press("w1", 2), b.press("w1", 2)});
    EXPECT_EQ(b.only_alert().signals, 2U);
    EXPECT_EQ(b.only_order().alert, b.only_alert().id);
    EXPECT_EQ(b.told("device:w1"), 3U) << "every press is receipted, the resend as well";
}

TEST(dispatch, a_birth_or_a_last_will_is_receipted_to_nobody) {
    bench_top b;
    auto will = b.press("w1", 1);
    will.kind = signal_kind::offline;
    will.is_awaited = false;
    b.takes({will});
    EXPECT_EQ(b.told("device:w1"), 0U);
    will.is_awaited = true; // the same word as a signal, which is repeated
    b.takes({will});
    EXPECT_EQ(b.told("device:w1"), 1U);
}

TEST(dispatch, a_press_of_a_device_that_nobody_has_any_more_is_before_the_whole_citys_desks) {
    bench_top b(a_city().with_station("s1").with_device("x1"));
    b.takes({b.press("x1", 1)});
    EXPECT_EQ(to_string(b.only_alert().about), "device:x1");
    EXPECT_EQ(b.only_alert().area.value, city_area);
    EXPECT_EQ(b.told("device:x1"), 1U);
}

TEST(dispatch, orders_of_one_batch_spread_over_the_workers) {
    bench_top b;
    b.takes({b.press("w1", 1), b.press("b2", 1)});
    EXPECT_EQ(b.told("provider:p1"), 1U);
    EXPECT_EQ(b.told("provider:p2"), 1U);
}

TEST(dispatch, every_candidate_that_was_looked_at_has_a_stored_reason) {
    bench_top b;
    b.takes({b.press("w1", 1)});
    auto const& searches = b.record.holds().searches;
    ASSERT_EQ(searches.size(), 1U);
    ASSERT_EQ(searches[0].ranked.size(), 2U);
    EXPECT_EQ(searches[0].ranked[0].why, domain::match_reason::chosen);
    EXPECT_EQ(searches[0].ranked[1].why, domain::match_reason::next);
}

TEST(dispatch, a_lost_race_reads_and_decides_again) {
    bench_top b;
    b.record.fail_next_commit(app::record_errc::conflict);
    b.record.fail_next_commit(app::record_errc::conflict);
    auto const verdicts = b.takes({b.press("w1", 1)});
    EXPECT_FALSE(verdicts[0].set_aside);
    EXPECT_EQ(b.only_alert().signals, 1U);
}

TEST(dispatch, tells_nobody_before_the_commit) {
    bench_top b;
    b.record.fail_next_commit(app::record_errc::away);
    EXPECT_FALSE(b.tries({b.press("w1", 1)}));
    EXPECT_TRUE(b.committed.empty()) << "what is told from here goes to devices and people";
    b.record.fail_next_commit(app::record_errc::conflict);
    b.takes({b.press("w1", 1)});
    EXPECT_EQ(b.committed.size(), 1U) << "only of the attempt that won";
}

TEST(dispatch, a_commit_in_doubt_is_tried_again_and_changes_nothing_twice) {
    bench_top b;
    b.record.fail_next_commit(app::record_errc::away, memory_record::moment::after_applying);
    EXPECT_EQ(b.tries({b.press("w1", 1)}).error(), app::record_errc::away);
    b.takes({b.press("w1", 1)});
    EXPECT_EQ(b.only_alert().signals, 1U);
    EXPECT_EQ(b.record.holds().orders.size(), 1U);
}

TEST(dispatch, away_leaves_the_roster_as_it_was) {
    bench_top b;
    b.record.fail_next_commit(app::record_errc::away);
    EXPECT_FALSE(b.tries({b.press("w1", 1)}));
    b.takes({b.press("w1", 1)});
    EXPECT_EQ(b.told("provider:p1"), 1U) << "the nearest is asked, not thought to be busy";
}

TEST(dispatch, one_bad_signal_among_many_is_stripped_and_raises_all_the_same) {
    bench_top b;
    auto bad = b.press("w1", 1);
    bad.text = "what the database does not take";
    b.record.cannot_store(bad.event);
    std::vector<app::input> batch;
    for (int n = 1; n <= 7; ++n)
        batch.emplace_back(b.press("b2", n));
    batch.insert(batch.begin() + 3, bad);
    auto const verdicts = b.takes(batch);
    ASSERT_EQ(verdicts.size(), 8U);
    for (auto const& v : verdicts)
        EXPECT_FALSE(v.set_aside);
    EXPECT_EQ(b.record.holds().signals.size(), 8U);
    EXPECT_EQ(b.record.holds().alerts.size(), 2U);
}

TEST(dispatch, a_bad_signal_that_loses_a_race_besides_is_not_set_aside) {
    bench_top b;
    b.record.fail_next_commit(app::record_errc::bad_data);
    b.record.fail_next_commit(app::record_errc::conflict);
    auto const verdicts = b.takes({b.press("w1", 1)});
    EXPECT_FALSE(verdicts.at(0).set_aside);
    EXPECT_EQ(b.record.holds().alerts.size(), 1U);
}

TEST(dispatch, an_alert_whose_plan_nobody_can_read_any_more_stops_no_other_and_goes_on) {
    bench_top b;
    b.takes({b.press("w1", 1)});
    auto newer = b.only_alert();
    newer.plan = "newer"; // no reader of this bench knows any but its own
    ASSERT_TRUE(run_on(b.loop, b.record.keep_plans({{"newer", "a_key_of_tomorrow = true"}})));
    is_left(b, newer, &app::changes::alerts);
    b.takes({b.press("b2", 1)});
    b.fast_forward(domain::seconds(31));
    ASSERT_EQ(b.record.holds().alerts.size(), 2U);
    for (auto const& [id, each] : b.record.holds().alerts)
        EXPECT_EQ(each.rung, 1U) << each.plan << ": the second rung of the plan in force";
    EXPECT_EQ(b.record.holds().alerts.at(newer.id).plan, "newer") << "what ran can be found";
}

TEST(dispatch, an_order_whose_plan_nobody_can_read_any_more_keeps_the_clocks_of_its_service) {
    bench_top b;
    b.takes({b.press("w1", 1)});
    auto newer = b.only_order();
    newer.plan = "newer";
    ASSERT_TRUE(run_on(b.loop, b.record.keep_plans({{"newer", "a_key_of_tomorrow = true"}})));
    is_left(b, newer, &app::changes::orders);
    b.fast_forward(domain::seconds(46));
    EXPECT_EQ(b.told("provider:p2"), 1U) << "the first has said nothing";
}

TEST(dispatch, what_throws_is_set_aside_alone) {
    bench_top b([](domain::plan& p) {
        if (p.kind == domain::alert_kind::smoke) p.order.reset();
    });
    b.takes({b.press("w1", 1), b.press("b2", 1)});
    auto bad = order_at(b, "h1");
    bad.plan = "smoke"; // which has no clocks for an order
    is_left(b, bad, &app::changes::orders);
    b.clock.fast_forward(domain::seconds(46));
    auto const good = order_at(b, "h2");
    std::vector<app::input> const batch{app::order_due{bad.id}, app::order_due{good.id}};
    auto const verdicts = b.takes(batch);
    ASSERT_EQ(verdicts.size(), 2U);
    EXPECT_TRUE(verdicts[0].set_aside);
    EXPECT_FALSE(verdicts[1].set_aside);
    EXPECT_NE(order_at(b, "h2"), good) << "its offer is over, and the next is asked";
}

TEST(dispatch, an_unknown_device_raises_at_the_citys_desk) {
    bench_top b;
    b.takes({b.press("nobodys", 1), b.press("nor_this", 1)});
    EXPECT_EQ(to_string(b.only_alert().about), "area:310000/mqtt");
    EXPECT_EQ(b.only_alert().signals, 2U);
    EXPECT_EQ(b.only_alert().desk.value, "city");
    EXPECT_TRUE(b.record.holds().orders.empty()) << "nobody knows where to go";
}

TEST(dispatch, low_battery_goes_to_the_maintenance_list_and_disturbs_nobody) {
    bench_top b;
    b.takes({b.press("w1", 1, signal_kind::battery), b.press("w1", 2, signal_kind::battery)});
    EXPECT_TRUE(b.record.holds().alerts.empty());
    ASSERT_EQ(b.record.holds().maintenance.size(), 1U);
    EXPECT_EQ(b.record.holds().maintenance.begin()->second.times, 2);
}

TEST(dispatch, closing_an_alert_cancels_the_order_that_nobody_has_taken) {
    bench_top b;
    b.takes({b.press("w1", 1)});
    auto const id = b.only_alert().id;
    b.takes({app::alert_command{id, domain::claim{{"op1"}}}});
    b.takes({app::alert_command{
        id, domain::close{{"op1"}, domain::disposition::false_alarm, "老人说按错了"}}});
    EXPECT_EQ(b.only_order().state, domain::order_state::cancelled);
    EXPECT_EQ(b.only_order().reason, "closed:false_alarm");
    EXPECT_EQ(b.told("provider:p1"), 2U) << "who was told of the start is told of the end";
}

TEST(dispatch, a_close_does_not_pass_over_a_press_that_has_just_joined) {
    using domain::disposition;
    bench_top b;
    b.takes({b.press("w1", 1)});
    auto const id = b.only_alert().id;
    b.takes({app::alert_command{id, domain::claim{{"op1"}}}});
    auto const seen = b.only_alert().signals;
    b.takes({b.press("w1", 2)});
    ASSERT_EQ(b.only_alert().signals, seen + 1);
    b.takes({app::alert_command{id, domain::claim{{"op1"}}}}); // she answers, by the telephone
    auto const before = b.only_alert();
    app::alert_command const handling{id, domain::handle{{"op1"}}, seen};
    app::alert_command closing{id, domain::close{{"op1"}, disposition::helped, "well"}, seen};
    for (auto const& each : b.takes({handling, closing})) // on a page that she opened before
        EXPECT_EQ(each.refused, domain::refusal::stale);
    EXPECT_EQ(b.only_alert(), before);
    closing.if_signals = seen + 1;
    EXPECT_FALSE(b.takes({closing})[0].refused);
    EXPECT_EQ(b.takes({handling})[0].refused, domain::refusal::closed) << "that says more";
}

TEST(dispatch, steps_and_notes_do_not_make_a_close_stale) {
    bench_top b;
    b.takes({b.press("w1", 1)});
    auto const id = b.only_alert().id;
    b.takes({app::alert_command{id, domain::claim{{"op1"}}}});
    auto const version = b.only_alert().version;
    b.takes({app::alert_command{id, domain::note{{"op2"}, "the son has rung"}}});
    EXPECT_NE(b.only_alert().version, version);
    auto const closed = b.takes(
        {app::alert_command{id, domain::close{{"op1"}, domain::disposition::helped, "well"}, 1}});
    EXPECT_FALSE(closed[0].refused);
}

TEST(dispatch, an_order_that_was_accepted_meanwhile_is_not_cancelled_as_unanswered) {
    bench_top b;
    b.takes({b.press("w1", 1)});
    auto const seen = b.only_order().state;
    ASSERT_EQ(seen, domain::order_state::offered);
    b.takes({b.says(domain::reply_kind::accept)});
    domain::cancel const cancel{{domain::actor_kind::operator_, "op1", {}}, "false_alarm"};
    app::order_command command{b.only_order().id, cancel, seen};
    EXPECT_EQ(b.takes({command})[0].refused, domain::refusal::stale);
    EXPECT_EQ(b.only_order().state, domain::order_state::accepted);
    command.if_state = domain::order_state::accepted;
    EXPECT_FALSE(b.takes({command})[0].refused);
    EXPECT_EQ(b.only_order().state, domain::order_state::stood_down);
}

namespace {

// By the registry she lives there from now on.
void moves_to(bench_top& b, char const* resident, char const* home) {
    auto town = b.record.town();
    for (auto& each : town.residents)
        if (each.id.value == resident) each.home = {home};
    b.record.becomes(std::move(town));
    ASSERT_TRUE(run_on(b.loop, b.dispatch.refresh_registry(true)));
}

std::vector<std::string> orders_of(bench_top const& b) {
    std::vector<std::string> all;
    for (auto const& [id, o] : b.record.holds().orders)
        all.push_back(o.home.value + ' ' + std::string(to_text(o.state)) + ' ' + o.reason);
    return all;
}

} // namespace

TEST(dispatch, moved_since_and_presses_again_who_was_on_the_way_to_the_old_door_turns_round) {
    bench_top b;
    b.takes({b.press("w1", 1)});
    b.takes({b.says(domain::reply_kind::accept)});
    b.takes({b.says(domain::reply_kind::en_route)});
    moves_to(b, "r1", "h2");
    b.takes({b.press("w1", 2)});
    EXPECT_EQ(b.only_alert().home.value, "h2");
    EXPECT_THAT(orders_of(b),
                testing::UnorderedElementsAre("h1 stood_down elsewhere", "h2 offered "));
    auto const& news = b.news();
    EXPECT_EQ(b.record.holds().orders.at(news.order).home.value, "h2");
    EXPECT_EQ(news.offer.state, domain::offer_state::open) << "somebody is asked for the new door";
    b.takes({b.press("w1", 3)});
    EXPECT_EQ(b.record.holds().orders.size(), 2U) << "and one goes there";
}

TEST(dispatch, who_goes_to_the_new_door_in_his_place_waits_for_no_word) {
    bench_top b([](domain::plan& p) { p.order->when = domain::offer_when::unless_cleared; });
    b.takes({b.press("w1", 1)});
    b.fast_forward(domain::seconds(60));
    b.takes({b.says(domain::reply_kind::accept)});
    moves_to(b, "r1", "h2");
    b.takes({b.press("w1", 2)});
    EXPECT_THAT(orders_of(b),
                testing::UnorderedElementsAre("h1 stood_down elsewhere", "h2 offered "));
}

TEST(dispatch, a_handled_alert_of_who_has_moved_since_sends_help_to_the_new_door) {
    bench_top b([](domain::plan& p) {
        if (p.kind == domain::alert_kind::vitals) p.level = domain::priority::p2;
    });
    b.takes({b.press("w1", 1, signal_kind::vitals)});
    auto const id = b.only_alert().id;
    b.takes({app::alert_command{id, domain::claim{{"op1"}}}});
    b.takes({app::alert_command{id, domain::handle{{"op1"}}}});
    moves_to(b, "r1", "h2");
    b.takes({b.press("w1", 2)});
    EXPECT_EQ(b.only_alert().state, domain::alert_state::raised);
    EXPECT_EQ(b.only_alert().home.value, "h2");
    EXPECT_THAT(orders_of(b),
                testing::UnorderedElementsAre("h1 cancelled elsewhere", "h2 offered "));
}

TEST(dispatch, moved_to_another_stations_street_a_press_rings_there) {
    bench_top b(a_city()
                    .with_station("s1")
                    .with(resident("r1").at_home("h1").wears("w1"))
                    .with(worker("k1").of("p1").certified("first_aid"))
                    .with_station("s2")
                    .with(home("h2"))
                    .with(worker("k2").of("p1").certified("first_aid")));
    b.takes({b.press("w1", 1)});
    ASSERT_EQ(b.only_alert().desk.value, "s1");
    moves_to(b, "r1", "h2");
    b.takes({b.press("w1", 2)});
    EXPECT_EQ(b.only_alert().area.value, "310000s2");
    EXPECT_EQ(b.only_alert().desk.value, "s2");
}

namespace {

// A street of homes with a button each, where nobody goes.
city street_without_help(int homes) {
    auto town = a_city().with_station("s1");
    for (int i = 1; i <= homes; ++i)
        town.with(home("h" + std::to_string(i)).has("b" + std::to_string(i)));
    return town;
}

int due_in(bench_top const& b, domain::instant now, domain::seconds from_now) {
    return static_cast<int>(std::ranges::count_if(b.record.holds().orders, [&](auto const& each) {
        return each.second.due_at == now + from_now;
    }));
}

} // namespace

TEST(dispatch, of_many_whom_nobody_was_found_for_a_turn_looks_for_some_and_no_press_waits_longer) {
    bench_top b(street_without_help(45));
    std::vector<app::input> presses;
    for (int i = 1; i <= 45; ++i)
        presses.emplace_back(b.press("b" + std::to_string(i), 1));
    b.takes(presses);
    auto const& searches = b.record.holds().searches;
    ASSERT_EQ(searches.size(), 45U) << "whoever presses is looked for at once";
    b.clock.fast_forward(domain::seconds(60));
    std::vector<app::input> due;
    for (auto const& [id, o] : b.record.holds().orders)
        due.emplace_back(app::order_due{id});
    b.takes(due);
    EXPECT_EQ(searches.size(), 65U);
    auto const now = b.clock.now();
    EXPECT_EQ(due_in(b, now, domain::seconds(60)), 20);
    EXPECT_EQ(due_in(b, now, domain::seconds(1)), 20);
    EXPECT_EQ(due_in(b, now, domain::seconds(2)), 5);
    b.fast_forward(domain::seconds(2));
    EXPECT_EQ(searches.size(), 90U) << "nobody is left out";
}

TEST(dispatch, a_press_after_arrival_on_a_handled_alert_brings_a_new_order) {
    bench_top b;
    b.takes({b.press("w1", 1)});
    auto const id = b.only_alert().id;
    b.takes({app::alert_command{id, domain::claim{{"op1"}}}});
    auto const offer = b.record.holds().offers.begin()->second;
    for (auto const step : {domain::reply_kind::accept, domain::reply_kind::arrived}) {
        domain::reply r;
        r.offer = offer.id;
        r.provider = offer.provider;
        r.kind = step;
        b.takes({r});
    }
    b.takes({app::alert_command{id, domain::handle{{"op1"}}}});
    b.takes({b.press("w1", 2)});
    EXPECT_EQ(b.only_alert().state, domain::alert_state::raised);
    EXPECT_EQ(b.record.holds().orders.size(), 2U);
}

} // namespace linli::tests
