// Telemetry's way from its journal to its record.
#include <deque>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/telemetry_intake.hpp"
#include "runtime/work_scope.hpp"
#include "support/evening.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_telemetry.hpp"
#include "support/run_on.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using app::telemetry_inbox;

// What a journal would hold.
class waiting_room final : public telemetry_inbox {
public:
    explicit waiting_room(boost::asio::io_context& loop) : bell_(loop) {}

    void put(domain::telemetry what) {
        items_.push_back({++last_, std::move(what)});
        bell_.cancel();
    }
    std::vector<token> const& finished() const { return done_; }

    runtime::task<std::vector<item>> next(std::size_t most) override {
        std::vector<item> taken;
        while (!items_.empty() && taken.size() < most) {
            taken.push_back(std::move(items_.front()));
            items_.pop_front();
        }
        co_return taken;
    }
    runtime::task<void> wait() override {
        bell_.expires_at(boost::asio::steady_timer::time_point::max());
        co_await bell_.async_wait(runtime::use_task_tuple);
    }
    std::string bytes_of(token name) const override { return "bytes " + std::to_string(name); }
    runtime::task<void> done(std::vector<token> const& names) override {
        done_.insert(done_.end(), names.begin(), names.end());
        co_return;
    }

private:
    std::deque<item> items_;
    token last_ = 0;
    std::vector<token> done_;
    boost::asio::steady_timer bell_;
};

class telemetry : public testing::Test {
protected:
    telemetry() {
        tasks_.spawn("intake", intake_.run());
        tasks_.spawn("pages", intake_.turn_pages());
    }
    void TearDown() override { run_on(loop_, tasks_.stop()); }

    void comes(std::uint64_t sequence) {
        domain::telemetry t;
        t.device = {"w1"};
        t.event = domain::make_event_id(t.device, {1, sequence});
        t.received_at = clock_.now();
        t.battery = {{clock_.now(), 80}};
        inbox_.put(std::move(t));
    }
    void goes_on(domain::duration by = 0s) {
        clock_.fast_forward(by);
        loop_.restart();
        loop_.poll();
    }

    boost::asio::io_context loop_;
    manual_clock clock_{evening};
    waiting_room inbox_{loop_};
    memory_telemetry record_;
    bool knows_the_time_ = true;
    app::telemetry_intake intake_{inbox_,  record_,
                                  clock_,  std::chrono::days(30),
                                  nullptr, [this] { return knows_the_time_; }};
    runtime::work_scope tasks_{loop_.get_executor()};
};

} // namespace

TEST_F(telemetry, is_kept_and_then_done_with) {
    comes(1);
    comes(1);
    comes(2);
    goes_on();
    EXPECT_EQ(record_.kept().size(), 2U);
    EXPECT_EQ(record_.batches(), 1U);
    EXPECT_THAT(inbox_.finished(), testing::ElementsAre(1, 2, 3));
    EXPECT_EQ(intake_.so_far().kept, 2U);
    EXPECT_EQ(intake_.so_far().repeated, 1U);
}

TEST_F(telemetry, that_comes_one_by_one_is_kept_a_few_times_a_second) {
    comes(1);
    goes_on();
    for (std::uint64_t sequence = 2; sequence < 20; ++sequence) {
        comes(sequence);
        goes_on();
    }
    EXPECT_EQ(record_.batches(), 1U);
    goes_on(1s);
    EXPECT_EQ(record_.batches(), 2U);
    EXPECT_EQ(record_.kept().size(), 19U);
}

TEST_F(telemetry, waits_while_the_database_is_away_and_is_not_done_with) {
    record_.away(true);
    comes(1);
    goes_on();
    goes_on(1min);
    EXPECT_TRUE(intake_.so_far().is_stuck);
    EXPECT_THAT(inbox_.finished(), testing::IsEmpty());
    record_.away(false);
    goes_on(1s);
    EXPECT_FALSE(intake_.so_far().is_stuck);
    EXPECT_EQ(record_.kept().size(), 1U);
    EXPECT_THAT(inbox_.finished(), testing::ElementsAre(1));
}

TEST_F(telemetry, one_that_the_database_refuses_is_kept_as_its_bytes_and_holds_up_nobody) {
    for (std::uint64_t sequence = 1; sequence <= 5; ++sequence)
        comes(sequence);
    record_.cannot_store({"w1:1:3"});
    goes_on();
    auto const kept = record_.kept();
    EXPECT_EQ(kept.size(), 5U);
    EXPECT_EQ(kept.at("w1:1:3").raw, "bytes 3");
    EXPECT_TRUE(kept.at("w1:1:3").battery.empty());
    EXPECT_EQ(kept.at("w1:1:4").battery.size(), 1U);
    EXPECT_EQ(intake_.so_far().refused, 1U);
    EXPECT_EQ(inbox_.finished().size(), 5U);
}

TEST_F(telemetry, of_a_month_ago_is_forgotten_by_the_house_itself) {
    comes(1);
    goes_on();
    EXPECT_EQ(record_.days().size(), 1U);
    goes_on(std::chrono::days(29));
    EXPECT_EQ(record_.days().size(), 1U);
    goes_on(std::chrono::days(2));
    EXPECT_EQ(record_.days().size(), 0U);
}

TEST_F(telemetry, is_not_forgotten_while_the_house_may_not_know_how_late_it_is) {
    comes(1);
    goes_on();
    knows_the_time_ = false;
    goes_on(std::chrono::days(365));
    EXPECT_EQ(record_.days().size(), 1U);
    knows_the_time_ = true;
    goes_on(std::chrono::minutes(10));
    EXPECT_EQ(record_.days().size(), 0U);
}

} // namespace linli::tests
