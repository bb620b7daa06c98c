// What waits in the journal goes to the record in lanes, calls for help first, and nobody's words
// change places.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/bench_top.hpp"
#include "app/hand_filled.hpp"
#include "app/intake.hpp"
#include "runtime/work_scope.hpp"

namespace linli::tests {
namespace {

using domain::signal_kind;

struct intake_bench : bench_top {
    hand_filled journal{loop};
    app::intake intake{journal, dispatch, clock};

    void settles() { run_until_settled(loop, intake); }
    // More than two batches.
    void a_city_comes_back(int devices = 600) {
        for (int n = 1; n <= devices; ++n)
            journal.put(press("c" + std::to_string(n), 1, signal_kind::test));
    }
    std::vector<std::string> stored() const {
        std::vector<std::string> events;
        for (auto const& each : committed)
            for (auto const& s : each.signals)
                events.push_back(s.what.event.value);
        return events;
    }
};

// Its lanes run while the test goes on.
struct running_intake : intake_bench {
    runtime::work_scope tasks{loop.get_executor()};

    running_intake() {
        tasks.spawn("intake", intake.run());
        looks();
    }
    ~running_intake() { run_on(loop, tasks.stop()); }
    // Lets the loop do what it can without waiting.
    void looks() {
        loop.restart();
        loop.poll();
    }
};

TEST(intake, keeps_what_one_device_says_in_its_order) {
    intake_bench b;
    b.journal.at_once = 1; // so that each would go to the lane that is free
    for (int n = 1; n <= 20; ++n)
        b.journal.put(b.press("w1", n));
    b.settles();
    ASSERT_EQ(b.stored().size(), 20U);
    for (int n = 1; n <= 20; ++n)
        EXPECT_EQ(b.stored()[static_cast<std::size_t>(n - 1)], "w1:1:" + std::to_string(n));
    EXPECT_EQ(b.only_alert().signals, 20U);
    EXPECT_EQ(b.journal.finished.size(), 20U);
}

TEST(intake, keeps_the_order_also_when_the_first_of_them_loses_a_race) {
    intake_bench b;
    b.takes({b.press("b2", 1)}); // has the block of order numbers, so that no lane waits for it
    b.record.fail_next_commit(app::record_errc::conflict);
    b.journal.at_once = 1;
    for (int n = 1; n <= 3; ++n)
        b.journal.put(b.press("w1", n));
    b.settles();
    EXPECT_THAT(b.stored(), testing::ElementsAre("b2:1:1", "w1:1:1", "w1:1:2", "w1:1:3"));
}

TEST(intake, does_not_let_one_device_wait_for_another) {
    intake_bench b;
    b.journal.at_once = 2;
    b.journal.put(b.press("w1", 1));
    b.journal.put(b.press("w1", 2));
    b.journal.put(b.press("w1", 3)); // waits for the first two
    b.journal.put(b.press("b2", 1)); // doesn't
    b.settles();
    EXPECT_EQ(b.record.holds().alerts.size(), 2U);
    EXPECT_THAT(b.stored(), testing::UnorderedElementsAre("w1:1:1", "w1:1:2", "w1:1:3", "b2:1:1"));
    EXPECT_THAT(b.stored(),
                testing::Not(testing::ElementsAre("w1:1:1", "w1:1:2", "w1:1:3", "b2:1:1")));
}

TEST(intake, takes_a_call_for_help_before_what_a_city_tells_that_comes_back) {
    intake_bench b;
    b.a_city_comes_back();
    b.journal.put(b.press("w1", 1));
    b.settles();
    ASSERT_EQ(b.stored().size(), 601U);
    EXPECT_EQ(b.stored().front(), "w1:1:1");
    EXPECT_EQ(b.journal.finished.size(), 601U) << "and nobody is forgotten for it";
}

TEST(intake, who_calls_again_while_his_first_call_is_taken_waits_for_nobody_else_to_speak) {
    intake_bench b;
    b.journal.at_once = 1;
    b.journal.put(b.press("c1", 1, signal_kind::test)); // each has a lane for itself
    b.journal.put(b.press("c2", 1, signal_kind::test));
    b.journal.put(b.press("w1", 1)); // goes by the lane for calls
    b.journal.put(b.press("w1", 2, signal_kind::fall));
    b.journal.put(b.press("w1", 3, signal_kind::battery));
    b.settles();
    EXPECT_THAT(b.stored(), testing::IsSupersetOf({"w1:1:1", "w1:1:2", "w1:1:3"}));
    EXPECT_EQ(b.journal.finished.size(), 5U);
}

TEST(intake, takes_what_the_caller_has_told_before_with_his_call) {
    intake_bench b;
    b.a_city_comes_back(300);
    b.journal.put(b.press("w1", 1, signal_kind::test));
    b.a_city_comes_back(300);
    b.journal.put(b.press("w1", 2));
    b.settles();
    ASSERT_GE(b.stored().size(), 2U);
    EXPECT_EQ(b.stored()[0], "w1:1:1");
    EXPECT_EQ(b.stored()[1], "w1:1:2");
}

TEST(intake, a_call_that_was_heard_and_is_said_again_waits_for_one_that_was_not) {
    intake_bench b;
    for (int n = 1; n <= 300; ++n)
        b.journal.put(b.press("w" + std::to_string(n), 1));
    b.settles();
    b.journal.finished.clear();
    for (int n = 1; n <= 300; ++n)
        b.journal.put(b.press("w" + std::to_string(n), 1)); // items 301 to 600
    b.journal.put(b.press("b2", 1));
    b.settles();
    ASSERT_EQ(b.journal.finished.size(), 301U);
    EXPECT_EQ(b.journal.finished.front(), 601U);
}

TEST(intake, two_lanes_that_meet_at_one_alert_lose_nothing) {
    intake_bench b;
    b.journal.at_once = 1;
    for (int n = 1; n <= 40; ++n) // all of them join the door's one alert
        b.journal.put(b.press("nobodys" + std::to_string(n), 1));
    b.settles();
    EXPECT_EQ(b.only_alert().signals, 40U);
    EXPECT_EQ(b.journal.finished.size(), 40U);
    EXPECT_EQ(b.intake.set_aside(), 0U);
}

TEST(intake, takes_of_long_lists_what_one_commit_can_bear_and_all_of_them_in_the_end) {
    intake_bench b;
    for (int n = 1; n <= 14; ++n) {
        std::vector<app::input> list;
        for (int i = 1; i <= 100; ++i) {
            auto each = b.press("w" + std::to_string(i), n);
            each.raw = std::string(n <= 10 ? 0 : 50'000, 'x');
            list.emplace_back(std::move(each));
        }
        b.journal.put(std::move(list));
    }
    b.settles();
    EXPECT_EQ(b.stored().size(), 1400U);
    EXPECT_EQ(b.journal.finished.size(), 14U);
    for (auto const& each : b.committed) {
        EXPECT_LE(each.signals.size(), 256U + 99U);
        std::size_t raw = 0;
        for (auto const& s : each.signals)
            raw += s.what.raw.size();
        EXPECT_LE(raw, (4U << 20U) + 100U * 50'000);
    }
    EXPECT_TRUE(std::ranges::is_sorted(b.journal.finished)) << "one device's, in its order";
}

TEST(intake, holds_its_batches_while_the_database_is_away) {
    intake_bench b;
    b.record.away(true);
    b.journal.at_once = 1;
    b.journal.put(b.press("w1", 1));
    b.journal.put(b.press("b2", 1));
    b.settles();
    EXPECT_TRUE(b.intake.is_stuck());
    EXPECT_TRUE(b.journal.finished.empty());
}

TEST(intake, what_waits_behind_its_senders_words_waits_since_it_came) {
    running_intake b;
    b.record.away(true);
    b.journal.put(b.press("w1", 1));
    b.looks();
    auto const came = b.clock.now();
    b.journal.put(b.press("w1", 2)); // behind the first
    b.looks();
    b.clock.fast_forward(domain::seconds(4));
    b.looks();
    EXPECT_EQ(b.intake.waiting_since(), came);
    b.journal.when_done = [&b] { b.record.away(true); }; // it takes the first, and goes again
    b.record.away(false);
    b.clock.fast_forward(domain::seconds(1));
    b.looks();
    EXPECT_THAT(b.journal.finished, testing::ElementsAre(1));
    EXPECT_EQ(b.intake.undecided_since(), came + domain::seconds(5)) << "its batch is new";
    EXPECT_EQ(b.intake.waiting_since(), came);
    b.journal.when_done = {};
    b.record.away(false);
    b.clock.fast_forward(domain::seconds(1));
    b.looks();
    EXPECT_FALSE(b.intake.waiting_since());
}

TEST(intake, hands_out_once_the_signals_that_the_record_refuses) {
    intake_bench b;
    b.record.fail_next_commit(app::record_errc::bad_data);
    b.record.fail_next_commit(app::record_errc::bad_data); // nor without its words
    b.journal.put(b.press("w1", 1));
    b.settles();
    EXPECT_EQ(b.intake.set_aside(), 1U);
    auto const aside = b.intake.take_set_aside();
    ASSERT_EQ(aside.size(), 1U);
    EXPECT_EQ(aside[0].event.value, "w1:1:1");
    EXPECT_TRUE(b.intake.take_set_aside().empty());
    EXPECT_TRUE(b.journal.finished.empty()) << "it stays in the journal";
}

} // namespace
} // namespace linli::tests
