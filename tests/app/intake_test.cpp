// What waits in the journal goes to the record in two lanes, and nobody's words change places.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/bench_top.hpp"
#include "app/hand_filled.hpp"
#include "app/intake.hpp"

namespace linli::tests {
namespace {

using domain::signal_kind;

struct intake_bench : bench_top {
    hand_filled journal{loop};
    app::intake intake{journal, dispatch, clock};

    void settles() { run_until_settled(loop, intake); }
    std::vector<std::string> stored() const {
        std::vector<std::string> events;
        for (auto const& each : committed)
            for (auto const& s : each.signals)
                events.push_back(s.what.event.value);
        return events;
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

} // namespace
} // namespace linli::tests
