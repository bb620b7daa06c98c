// What was committed is sent, in order and at least once.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "app/bench_top.hpp"
#include "app/outbox.hpp"
#include "runtime/work_scope.hpp"

namespace linli::tests {

namespace {

// A broker that can be away; whatever it takes, it acknowledges when asked to.
class switchboard final : public app::messenger {
public:
    void send(app::outbox_row const& row, std::function<void(bool)> done) override {
        if (is_away) return done(false);
        sent.push_back(row);
        if (is_slow)
            under_way.push_back(std::move(done));
        else
            done(true);
    }
    bool is_away = false;
    bool is_slow = false; // takes it, and acknowledges nothing
    std::vector<std::function<void(bool)>> under_way;
    std::vector<app::outbox_row> sent;
};

// As they were decided; what goes to a device and what goes to others doesn't wait for each other.
bool is_in_order(std::vector<app::outbox_row> const& sent) {
    auto const by_id = [](auto const& x, auto const& y) { return x.id < y.id; };
    std::vector<app::outbox_row> receipts;
    std::vector<app::outbox_row> others;
    for (auto const& each : sent)
        (each.destination.starts_with("device:") ? receipts : others).push_back(each);
    return std::ranges::is_sorted(receipts, by_id) && std::ranges::is_sorted(others, by_id);
}

struct sending {
    bench_top b;
    switchboard broker;
    app::outbox outbox{b.record, broker, b.clock};
    runtime::work_scope tasks{b.loop.get_executor()};

    ~sending() { run_on(b.loop, tasks.stop()); }

    void commits_three() {
        b.takes({b.press("w1", 1)});
        outbox.enqueue(b.committed.back().outbox);
    }
    // Lets the loop do what it can without waiting.
    void looks() {
        b.loop.restart();
        b.loop.poll();
    }
    void starts() {
        tasks.spawn("outbox", outbox.run());
        looks();
    }
};

} // namespace

TEST(outbox, sends_from_memory_at_once_in_the_order_of_the_decisions_and_forgets_what_went) {
    sending s;
    s.commits_three();
    ASSERT_GE(s.broker.sent.size(), 2U);
    EXPECT_TRUE(is_in_order(s.broker.sent));
    s.starts();
    EXPECT_TRUE(s.b.record.holds().outbox.empty());
}

TEST(outbox, keeps_the_order_over_a_broker_that_is_away) {
    sending s;
    s.broker.is_away = true;
    s.commits_three();
    s.b.takes({s.b.press("b2", 1)});
    s.outbox.enqueue(s.b.committed.back().outbox);
    auto const waiting = s.outbox.waiting();
    ASSERT_EQ(waiting, 4U) << "of each press the receipt and the offer";
    EXPECT_TRUE(s.broker.sent.empty());
    s.broker.is_away = false;
    s.outbox.look_now();
    EXPECT_EQ(s.broker.sent.size(), waiting);
    EXPECT_TRUE(is_in_order(s.broker.sent));
}

TEST(outbox, an_offer_waits_for_no_receipt) {
    sending s;
    s.broker.is_slow = true;
    std::vector<app::outbox_row> city;
    for (std::uint8_t n = 0; n < 30; ++n)
        for (std::uint8_t m = 0; m < 100; ++m) {
            app::outbox_row row;
            row.id.bytes[0] = n;
            row.id.bytes[1] = m;
            row.destination = "device:w" + std::to_string(100 * n + m);
            city.push_back(row);
        }
    s.outbox.enqueue(city);
    EXPECT_EQ(s.broker.sent.size(), 1000U) << "the others wait for these";
    s.commits_three();
    ASSERT_EQ(s.broker.sent.size(), 1001U);
    EXPECT_TRUE(s.broker.sent.back().destination.starts_with("provider:"));
    auto const acknowledged = std::exchange(s.broker.under_way, {});
    for (auto const& each : acknowledged)
        each(true);
    EXPECT_EQ(s.broker.sent.size(), 2001U);
}

TEST(outbox, does_not_forget_what_the_broker_did_not_take) {
    sending s;
    s.broker.is_away = true;
    s.b.takes({s.b.press("w1", 1)});
    s.outbox.enqueue(s.b.committed.back().outbox);
    s.starts(); // and says to the record what went: nothing
    EXPECT_EQ(s.b.record.holds().outbox.size(), 2U);
    s.broker.is_away = false;
    s.outbox.look_now();
    s.looks();
    EXPECT_EQ(s.broker.sent.size(), 2U) << "the receipt and the offer";
    EXPECT_TRUE(s.b.record.holds().outbox.empty());
}

TEST(outbox, a_broker_that_was_away_for_long_gets_all_of_it_when_it_is_back) {
    sending s;
    s.starts();
    s.broker.is_away = true;
    s.commits_three();
    for (int tenths = 0; tenths < 3000; ++tenths) {
        s.b.clock.fast_forward(std::chrono::milliseconds(100));
        s.looks();
    }
    s.broker.is_away = false;
    s.outbox.look_now();
    s.looks();
    EXPECT_EQ(s.broker.sent.size(), 2U) << "the receipt and the offer";
    s.b.clock.fast_forward(std::chrono::milliseconds(500)); // its next look
    s.looks();
    EXPECT_TRUE(s.b.record.holds().outbox.empty());
}

TEST(outbox, after_a_crash_sends_at_once_what_the_record_still_holds) {
    sending s;
    s.b.takes({s.b.press("w1", 1)}); // committed, and this process's memory of it is gone
    s.starts();
    EXPECT_EQ(s.broker.sent.size(), 2U) << "the receipt and the offer";
}

TEST(outbox, leaves_another_servers_rows_alone_until_their_lease_is_over) {
    sending s;
    s.starts(); // its first look is done
    s.b.takes({s.b.press("w1", 1)});
    s.b.clock.fast_forward(std::chrono::milliseconds(600));
    s.looks();
    EXPECT_TRUE(s.broker.sent.empty());
    s.b.clock.fast_forward(domain::seconds(10));
    s.looks();
    EXPECT_EQ(s.broker.sent.size(), 2U);
}

} // namespace linli::tests
