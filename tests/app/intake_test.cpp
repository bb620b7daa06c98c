// What waits in the journal goes to the record in two lanes, and nobody's words change places.
#include <deque>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/bench_top.hpp"
#include "app/intake.hpp"

namespace linli::tests {
namespace {

using domain::signal_kind;

// A journal that a test fills by hand.
class hand_filled final : public app::inbox {
public:
    explicit hand_filled(boost::asio::io_context& loop)
        : bell_(loop, boost::asio::steady_timer::time_point::max()) {}

    void put(app::input what) {
        waiting_.push_back({++last_, {std::move(what)}});
        bell_.cancel();
    }
    std::vector<item> next(std::size_t most) override {
        std::vector<item> some;
        for (; !waiting_.empty() && some.size() < std::min(most, at_once); waiting_.pop_front())
            some.push_back(std::move(waiting_.front()));
        return some;
    }
    runtime::task<void> wait() override {
        if (!waiting_.empty()) co_return;
        auto const ended = co_await bell_.async_wait(runtime::use_task_tuple);
        static_cast<void>(ended);
    }
    void done(std::vector<token> const& names) override {
        finished.insert(finished.end(), names.begin(), names.end());
    }

    std::size_t at_once = 1000;
    std::vector<token> finished;

private:
    boost::asio::steady_timer bell_;
    std::deque<item> waiting_;
    token last_ = 0;
};

struct intake_bench : bench_top {
    hand_filled journal{loop};
    app::intake intake{journal, dispatch, clock};

    // Until nothing is left that could happen.
    void settles() {
        boost::asio::cancellation_signal stop;
        boost::asio::co_spawn(
            loop, intake.run(),
            boost::asio::bind_cancellation_slot(stop.slot(), [](std::exception_ptr) {}));
        loop.restart();
        loop.poll();
        stop.emit(boost::asio::cancellation_type::terminal);
        loop.poll();
    }
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
