// The async vocabulary: blocking_pool, work_scope, with_deadline. No test waits for real seconds,
// and one that would hang is a failure of the thing it tests.
#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/blocking_pool.hpp"
#include "runtime/cancellation.hpp"
#include "runtime/growing_pause.hpp"
#include "runtime/log.hpp"
#include "runtime/with_deadline.hpp"
#include "runtime/work_scope.hpp"

namespace linli::runtime {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Runs the loop until nothing is left to do; the work's exception comes out.
void run(boost::asio::io_context& loop, task<> work) {
    boost::asio::co_spawn(loop, std::move(work), [](std::exception_ptr error) {
        if (error) std::rethrow_exception(error);
    });
    loop.run();
    loop.restart();
}

class log_lines {
public:
    std::vector<std::string> lines;

private:
    log::redirection to_here_{[this](std::string_view line) { lines.emplace_back(line); }};
};

task<> wait_for_ever() {
    auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer never(executor, 24h);
    co_await never.async_wait(use_task);
}

task<> pause(std::chrono::milliseconds length) {
    auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor, length);
    co_await timer.async_wait(use_task);
}

task<> fail(std::string reason) {
    co_await pause(0ms);
    throw std::runtime_error(reason);
}

// ---- blocking_pool

task<> ask_which_threads(blocking_pool& pool) {
    auto const loop_thread = std::this_thread::get_id();
    auto job = [] { return std::this_thread::get_id(); };
    auto const job_thread = co_await pool.run(std::move(job));
    EXPECT_NE(job_thread, loop_thread);
    EXPECT_EQ(std::this_thread::get_id(), loop_thread);
}

TEST(blocking_pool, runs_the_job_elsewhere_and_comes_back) {
    boost::asio::io_context loop(1);
    blocking_pool pool(2);
    run(loop, ask_which_threads(pool));
}

task<> run_all_kinds(blocking_pool& pool) {
    auto moved_in = std::make_unique<int>(7);
    auto move_only = [moved = std::move(moved_in)]() mutable { return std::move(moved); };
    auto const value = co_await pool.run(std::move(move_only));
    EXPECT_EQ(*value, 7);
    bool done = false;
    auto without_value = [&done] { done = true; };
    co_await pool.run(std::move(without_value));
    EXPECT_TRUE(done);
}

TEST(blocking_pool, takes_move_only_jobs_and_jobs_without_a_value) {
    boost::asio::io_context loop(1);
    blocking_pool pool(1);
    run(loop, run_all_kinds(pool));
}

task<> run_throwing(blocking_pool& pool) {
    auto job = []() -> int { throw std::runtime_error("deadlock detected"); };
    auto const value = co_await pool.run(std::move(job));
    ADD_FAILURE() << value;
}

TEST(blocking_pool, hands_on_the_jobs_exception) {
    boost::asio::io_context loop(1);
    blocking_pool pool(1);
    EXPECT_THROW(run(loop, run_throwing(pool)), std::runtime_error);
}

task<> run_holding(blocking_pool& pool) {
    auto const lease = std::make_shared<int>(1);
    auto job = [held = lease] { return *held; };
    auto const value = co_await pool.run(std::move(job));
    EXPECT_EQ(value, 1);
    EXPECT_EQ(lease.use_count(), 1);
}

TEST(blocking_pool, has_released_what_the_job_held_before_the_coroutine_goes_on) {
    boost::asio::io_context loop(1);
    blocking_pool pool(2);
    for (int i = 0; i < 100; ++i)
        run(loop, run_holding(pool));
}

// Whoever waits may be the loop's last; what a thread did to the loop afterwards would be done to
// one that is gone (seen once in ten busy runs).
TEST(blocking_pool, touches_a_loop_no_more_once_the_coroutine_has_gone_on) {
    blocking_pool pool(2);
    for (int i = 0; i < 500; ++i) {
        boost::asio::io_context loop(1);
        run(loop, ask_which_threads(pool));
    }
}

task<> add_many(blocking_pool& pool, std::atomic<int>& sum) {
    for (int i = 0; i < 50; ++i) {
        auto job = [&sum, text = std::string(40, 'x')] { sum += static_cast<int>(text.size()); };
        co_await pool.run(std::move(job));
    }
}

task<> add_from_many_tasks(blocking_pool& pool, work_scope& scope, std::atomic<int>& sum) {
    for (int i = 0; i < 20; ++i)
        scope.spawn("add", add_many(pool, sum));
    while (scope.size() > 0)
        co_await pause(1ms);
}

TEST(blocking_pool, serves_many_coroutines) {
    boost::asio::io_context loop(1);
    blocking_pool pool(4);
    work_scope scope(loop.get_executor());
    std::atomic<int> sum = 0;
    run(loop, add_from_many_tasks(pool, scope, sum));
    EXPECT_EQ(sum, 20 * 50 * 40);
}

task<> run_job(blocking_pool& pool, std::function<void()> job) {
    co_await pool.run(std::move(job));
}

TEST(blocking_pool, stop_waits_for_the_jobs_it_took) {
    boost::asio::io_context loop(1);
    blocking_pool pool(1);
    std::promise<void> started;
    std::promise<void> may_end;
    std::atomic<bool> ended = false;
    auto job = [&] {
        started.set_value();
        may_end.get_future().wait();
        ended = true;
    };
    std::thread looping([&] { run(loop, run_job(pool, job)); });
    started.get_future().wait();
    std::thread stopping([&] {
        pool.stop();
        EXPECT_TRUE(ended);
    });
    may_end.set_value();
    stopping.join();
    looping.join();
}

TEST(blocking_pool, refuses_jobs_after_stop) {
    boost::asio::io_context loop(1);
    blocking_pool pool(1);
    pool.stop();
    bool ran = false;
    try {
        run(loop, run_job(pool, [&] { ran = true; }));
        ADD_FAILURE() << "no exception";
    } catch (...) {
        EXPECT_TRUE(is_cancellation(std::current_exception()));
    }
    EXPECT_FALSE(ran);
}

// ---- work_scope

task<> stop(work_scope& scope) {
    co_await scope.stop();
}

// What a task with something to put in order does when it is cancelled.
task<> clean_up_at_the_end(bool& cleaned) {
    auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor, 24h);
    co_await timer.async_wait(use_task_tuple);
    co_await boost::asio::this_coro::reset_cancellation_state();
    co_await pause(1ms);
    cleaned = true;
}

task<> start_then_stop(work_scope& scope, bool& cleaned) {
    scope.spawn("cleaner", clean_up_at_the_end(cleaned), care::vital);
    scope.spawn("waiter", wait_for_ever());
    co_await pause(1ms);
    EXPECT_THAT(scope.names(), ElementsAre("cleaner", "waiter"));
    co_await scope.stop();
    EXPECT_TRUE(cleaned);
    EXPECT_EQ(scope.size(), 0U);
}

TEST(work_scope, stop_cancels_all_tasks_and_waits_for_their_end) {
    boost::asio::io_context loop(1);
    log_lines log;
    bool vital_ended = false;
    work_scope scope(loop.get_executor(), [&](auto, auto) { vital_ended = true; });
    bool cleaned = false;
    run(loop, start_then_stop(scope, cleaned));
    EXPECT_FALSE(vital_ended) << "it was asked to";
    EXPECT_THAT(log.lines, IsEmpty()) << "cancellation is not an error";
}

TEST(work_scope, stop_ends_tasks_that_have_not_begun) {
    boost::asio::io_context loop(1);
    work_scope scope(loop.get_executor());
    scope.spawn("waiter", wait_for_ever());
    run(loop, stop(scope));
    EXPECT_EQ(scope.size(), 0U);
}

TEST(work_scope, stops_twice_at_the_same_time) {
    boost::asio::io_context loop(1);
    work_scope scope(loop.get_executor());
    work_scope stoppers(loop.get_executor());
    bool cleaned = false;
    scope.spawn("cleaner", clean_up_at_the_end(cleaned));
    stoppers.spawn("first", stop(scope));
    stoppers.spawn("second", stop(scope));
    loop.run();
    EXPECT_TRUE(cleaned);
    EXPECT_EQ(stoppers.size(), 0U);
}

TEST(work_scope, logs_a_failed_task_by_its_name) {
    boost::asio::io_context loop(1);
    log_lines log;
    bool vital_ended = false;
    work_scope scope(loop.get_executor(), [&](auto, auto) { vital_ended = true; });
    scope.spawn("due loop", fail("column missing"));
    loop.run();
    EXPECT_THAT(log.lines, ElementsAre(HasSubstr(
                               R"(error task_failed task="due loop" error="column missing")")));
    EXPECT_FALSE(vital_ended);
    EXPECT_EQ(scope.size(), 0U);
}

TEST(work_scope, reports_a_vital_task_that_ends_by_itself) {
    boost::asio::io_context loop(1);
    log_lines log;
    std::vector<std::string> reports;
    work_scope scope(loop.get_executor(), [&](auto name, auto reason) {
        reports.push_back(std::string(name) + ": " + std::string(reason));
    });
    scope.spawn("outbox", fail("no route"), care::vital);
    loop.run();
    loop.restart();
    scope.spawn("intake", pause(0ms), care::vital);
    loop.run();
    EXPECT_THAT(reports, ElementsAre("outbox: no route", "intake: returned"));
    EXPECT_THAT(log.lines, Contains(HasSubstr("vital_task_ended task=intake")));
}

TEST(work_scope, takes_no_task_after_stop) {
    boost::asio::io_context loop(1);
    work_scope scope(loop.get_executor());
    run(loop, stop(scope));
    scope.spawn("late", wait_for_ever());
    EXPECT_EQ(scope.size(), 0U);
    loop.run();
}

TEST(work_scope, destroyed_too_early_says_so_and_cancels) {
    boost::asio::io_context loop(1);
    log_lines log;
    {
        work_scope scope(loop.get_executor());
        scope.spawn("waiter", wait_for_ever());
    }
    loop.run();
    EXPECT_THAT(log.lines, ElementsAre(HasSubstr("task_left_running task=waiter")));
}

// ---- with_deadline

task<std::string> answer(std::string text) {
    co_await pause(0ms);
    co_return text;
}

task<> ask_in_time() {
    auto op = answer("a text too long for the small string buffer");
    auto const answered = co_await with_deadline(std::move(op), 24h);
    EXPECT_EQ(answered, "a text too long for the small string buffer");
    auto without_value = pause(0ms);
    auto const done = co_await with_deadline(std::move(without_value), 24h);
    EXPECT_TRUE(done);
}

TEST(with_deadline, hands_out_what_came_in_time) {
    boost::asio::io_context loop(1);
    run(loop, ask_in_time());
}

task<> note_the_end(bool& ended) {
    auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor, 24h);
    co_await timer.async_wait(use_task_tuple);
    ended = true;
    co_await timer.async_wait(use_task);
}

task<> ask_too_slow() {
    bool ended = false;
    auto op = note_the_end(ended);
    auto const done = co_await with_deadline(std::move(op), 1ms);
    EXPECT_FALSE(done);
    EXPECT_TRUE(ended) << "cancelled, and waited for";
    co_await pause(0ms); // the caller itself is not cancelled
}

TEST(with_deadline, cancels_what_is_too_slow) {
    boost::asio::io_context loop(1);
    run(loop, ask_too_slow());
}

task<> ask_failing() {
    auto op = fail("connection refused");
    co_await with_deadline(std::move(op), 24h);
}

TEST(with_deadline, hands_on_an_exception_at_once) {
    boost::asio::io_context loop(1);
    EXPECT_THROW(run(loop, ask_failing()), std::runtime_error);
}

// Ends with a value although it is cancelled: a commit whose answer was on its way.
task<int> committed_all_the_same() {
    auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor, 24h);
    co_await timer.async_wait(use_task_tuple);
    co_return 7;
}

task<> ask_stubborn() {
    auto op = committed_all_the_same();
    auto const value = co_await with_deadline(std::move(op), 1ms);
    EXPECT_EQ(value, 7);
}

TEST(with_deadline, does_not_lose_a_value_that_came_late) {
    boost::asio::io_context loop(1);
    run(loop, ask_stubborn());
}

task<> ask_for_ever(bool& went_on) {
    auto op = wait_for_ever();
    co_await with_deadline(std::move(op), 24h);
    went_on = true;
}

task<> start_deadline_then_stop(work_scope& scope, bool& went_on) {
    scope.spawn("asking", ask_for_ever(went_on));
    co_await pause(1ms);
    co_await scope.stop();
}

TEST(with_deadline, takes_a_cancellation_from_outside_for_no_deadline) {
    boost::asio::io_context loop(1);
    work_scope scope(loop.get_executor());
    bool went_on = false;
    run(loop, start_deadline_then_stop(scope, went_on));
    EXPECT_FALSE(went_on);
}

task<> wait_for_blocking(blocking_pool& pool) {
    auto job = [] { return std::string(60, 'y'); };
    auto op = pool.run(std::move(job));
    auto const value = co_await with_deadline(std::move(op), 24h);
    EXPECT_EQ(value, std::string(60, 'y'));
}

TEST(with_deadline, goes_with_blocking_work) {
    boost::asio::io_context loop(1);
    blocking_pool pool(1);
    run(loop, wait_for_blocking(pool));
}

TEST(growing_pause, doubles_up_to_the_longest_and_begins_again_when_it_went_well) {
    growing_pause pause;
    std::vector<std::chrono::milliseconds> lengths;
    for (int i = 0; i < 9; ++i)
        lengths.push_back(pause.next());
    EXPECT_THAT(lengths, ElementsAre(10ms, 20ms, 40ms, 80ms, 160ms, 320ms, 640ms, 1000ms, 1000ms));
    pause.reset();
    EXPECT_EQ(pause.next(), 10ms);
    growing_pause slow(3s, 4s);
    EXPECT_EQ(slow.next(), 3s);
    EXPECT_EQ(slow.next(), 4s);
}

} // namespace
} // namespace linli::runtime
