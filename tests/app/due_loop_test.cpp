// Time is data: what is due is found by asking, also by a process that has just begun.
#include "app/due_loop.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "app/bench_top.hpp"
#include "runtime/work_scope.hpp"

namespace linli::tests {

namespace {

struct looping {
    bench_top b;
    app::due_loop loop{b.record, b.dispatch, b.clock};
    runtime::work_scope tasks{b.loop.get_executor()};

    ~looping() { run_on(b.loop, tasks.stop()); }

    // Lets the loop do what it can without waiting.
    void looks() {
        b.loop.restart();
        b.loop.poll();
    }
    void starts() {
        tasks.spawn("due_loop", loop.run());
        looks();
    }
    // Pressed, and then nobody ran for so long.
    void nobody_ran_for(domain::duration how_long) {
        b.takes({b.press("w1", 1)});
        ASSERT_EQ(b.only_alert().desk.value, "s1");
        b.clock.fast_forward(how_long);
    }
};

} // namespace

TEST(due_loop, does_at_its_start_what_came_due_while_nobody_ran) {
    looping l;
    l.nobody_ran_for(domain::hours(2));
    l.starts();
    EXPECT_EQ(l.b.only_alert().desk.value, "city");
    EXPECT_EQ(l.b.only_alert().rang_at, l.b.clock.now());
    ASSERT_EQ(l.b.record.holds().offers.size(), 2U);
    EXPECT_EQ(l.b.news().offer.state, domain::offer_state::open) << "the next is asked";
}

TEST(due_loop, does_what_comes_due_shortly_after_another_a_tenth_of_a_second_after_it) {
    constexpr std::chrono::milliseconds shortly{10}, a_tenth{100};
    looping l;
    l.b.takes({l.b.press("w1", 1)});
    auto const first_due = *l.b.only_alert().due_at;
    l.b.clock.fast_forward(shortly);
    l.b.takes({l.b.press("b2", 1)});
    l.b.clock.fast_forward(first_due - l.b.clock.now());
    l.starts();
    auto const& alerts = l.b.record.holds().alerts;
    ASSERT_EQ(alerts.size(), 2U);
    auto const are_due = [&] {
        return std::ranges::count_if(
            alerts, [&](auto const& each) { return *each.second.due_at <= l.b.clock.now(); });
    };
    l.b.clock.fast_forward(shortly);
    l.looks();
    EXPECT_EQ(are_due(), 1) << "with whatever else comes due until then";
    l.b.clock.fast_forward(a_tenth - shortly);
    l.looks();
    EXPECT_EQ(are_due(), 0);
}

TEST(due_loop, asks_once_for_what_one_round_takes_also_when_nothing_else_is_ahead) {
    looping l;
    l.nobody_ran_for(domain::hours(2));
    l.starts();
    EXPECT_EQ(l.b.only_alert().desk.value, "city");
    EXPECT_EQ(l.b.record.times_asked_what_is_due(), 1U);
}

TEST(due_loop, waits_with_what_a_commit_has_brought_for_a_tenth_of_a_second_since_it_last_looked) {
    constexpr std::chrono::milliseconds shortly{10}, a_tenth{100};
    looping l;
    l.starts();
    l.b.clock.fast_forward(shortly);
    l.b.takes({l.b.press("w1", 1)});
    app::changes brought;
    brought.alerts.push_back(l.b.only_alert());
    brought.alerts.back().due_at = l.b.clock.now();
    l.loop.heard(brought);
    l.looks();
    EXPECT_EQ(l.b.record.times_asked_what_is_due(), 1U);
    l.b.clock.fast_forward(a_tenth - shortly);
    l.looks();
    EXPECT_EQ(l.b.record.times_asked_what_is_due(), 2U);
}

TEST(due_loop, asks_again_while_the_database_is_away) {
    looping l;
    l.nobody_ran_for(domain::hours(2));
    l.b.record.away(true);
    l.starts();
    EXPECT_EQ(l.b.only_alert().desk.value, "s1");
    l.b.record.away(false);
    l.b.clock.fast_forward(domain::seconds(1));
    l.looks();
    EXPECT_EQ(l.b.only_alert().desk.value, "city");
}

TEST(due_loop, says_since_when_the_record_is_silent_also_when_nothing_is_due) {
    looping l;
    l.starts();
    EXPECT_FALSE(l.loop.silent_since());
    l.b.record.away(true);
    l.b.clock.fast_forward(domain::seconds(1));
    l.looks();
    auto const fell_silent = l.b.clock.now();
    EXPECT_EQ(l.loop.silent_since(), fell_silent);
    l.b.clock.fast_forward(domain::seconds(3));
    l.looks();
    EXPECT_EQ(l.loop.silent_since(), fell_silent);
    l.b.record.away(false);
    l.b.clock.fast_forward(domain::seconds(1));
    l.looks();
    EXPECT_FALSE(l.loop.silent_since());
}

} // namespace linli::tests
