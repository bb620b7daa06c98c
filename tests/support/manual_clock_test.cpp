#include "support/manual_clock.hpp"

#include <string>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "support/evening.hpp"

namespace linli::tests {

using domain::seconds;

namespace {

using said = std::vector<std::string>;

runtime::task<void> say_after(manual_clock& time, domain::duration wait, std::string what,
                              said& all) {
    auto const when = time.now() + wait;
    co_await time.wait_until(when);
    all.push_back(std::move(what));
}

runtime::task<void> say_when_rung(manual_clock& time, app::bell& by, std::string what, said& all) {
    auto const latest = time.now() + domain::hours(1);
    co_await time.wait_until(latest, by);
    all.push_back(std::move(what));
}

struct bedroom {
    manual_clock time{evening};
    said all;
    boost::asio::io_context loop; // dies first, with those who still wait

    void spawn(domain::duration wait, std::string what) {
        boost::asio::co_spawn(loop, say_after(time, wait, std::move(what), all),
                              boost::asio::detached);
        run();
    }
    void run() {
        loop.restart();
        loop.poll();
    }
    void fast_forward(domain::duration by) {
        time.fast_forward(by);
        run();
    }
};

} // namespace

TEST(manual_clock, time_stands_still_until_it_is_moved) {
    bedroom b;
    b.spawn(seconds(30), "rung");
    EXPECT_EQ(b.time.now(), evening);
    EXPECT_TRUE(b.all.empty());
    b.fast_forward(seconds(30) - domain::duration(1));
    EXPECT_TRUE(b.all.empty());
    b.fast_forward(domain::duration(1));
    EXPECT_EQ(b.all, (said{"rung"}));
    EXPECT_EQ(b.time.waiting(), 0U);
}

TEST(manual_clock, whoever_waits_is_woken_in_the_order_of_the_times) {
    bedroom b;
    b.spawn(seconds(3600), "hour");
    b.spawn(seconds(45), "first");
    b.spawn(seconds(120), "second");
    EXPECT_EQ(b.time.next_waited_for(), evening + seconds(45));
    b.fast_forward(domain::hours(2));
    EXPECT_EQ(b.all, (said{"first", "second", "hour"}));
    EXPECT_EQ(b.time.next_waited_for(), std::nullopt);
}

TEST(manual_clock, what_is_past_is_not_waited_for) {
    bedroom b;
    b.spawn(seconds(0), "now");
    b.spawn(seconds(-5), "past");
    EXPECT_EQ(b.all, (said{"now", "past"}));
}

TEST(manual_clock, a_bell_wakes_whoever_waits_by_it_and_nobody_else) {
    bedroom b;
    app::bell hers;
    b.spawn(seconds(30), "sleeps on");
    boost::asio::co_spawn(b.loop, say_when_rung(b.time, hers, "rung", b.all),
                          boost::asio::detached);
    b.run();
    hers.ring();
    b.run();
    EXPECT_EQ(b.all, (said{"rung"}));
    EXPECT_EQ(b.time.now(), evening);
    EXPECT_EQ(b.time.waiting(), 1U);
}

TEST(manual_clock, a_ring_that_nobody_waits_for_is_not_remembered) {
    bedroom b;
    app::bell hers;
    hers.ring();
    boost::asio::co_spawn(b.loop, say_when_rung(b.time, hers, "rung", b.all),
                          boost::asio::detached);
    b.run();
    EXPECT_TRUE(b.all.empty());
}

TEST(manual_clock, a_task_that_outlives_its_bell_waits_on) {
    bedroom b;
    {
        app::bell hers;
        boost::asio::co_spawn(b.loop, say_when_rung(b.time, hers, "an hour", b.all),
                              boost::asio::detached);
        b.run();
    }
    b.fast_forward(domain::hours(1));
    EXPECT_EQ(b.all, (said{"an hour"}));
}

TEST(manual_clock, a_cancelled_wait_leaves_no_waiter_behind) {
    bedroom b;
    boost::asio::cancellation_signal stop;
    boost::asio::co_spawn(b.loop, say_after(b.time, seconds(30), "x", b.all),
                          boost::asio::bind_cancellation_slot(stop.slot(), boost::asio::detached));
    b.run();
    EXPECT_EQ(b.time.waiting(), 1U);
    stop.emit(boost::asio::cancellation_type::terminal);
    b.run();
    EXPECT_EQ(b.time.waiting(), 0U);
}

TEST(manual_clock, a_loop_that_dies_with_a_waiting_task_leaves_no_waiter_behind) {
    manual_clock time(evening);
    said all;
    {
        boost::asio::io_context loop;
        boost::asio::co_spawn(loop, say_after(time, seconds(30), "x", all), boost::asio::detached);
        loop.poll();
        EXPECT_EQ(time.waiting(), 1U);
    }
    EXPECT_EQ(time.waiting(), 0U);
}

} // namespace linli::tests
