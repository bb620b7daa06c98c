// Hints between servers, on a real database: heard by the others, few, and again after an outage.
#include "adapters/postgres/commit_hints.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <pqxx/pqxx>

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using hints = postgres::commit_hints;

std::string database() {
    auto const* given = std::getenv("LINLI_TEST_DATABASE");
    if (!given) throw std::runtime_error("start this program by tests/support/with_postgres");
    return given;
}

struct server {
    explicit server(boost::asio::io_context& on) : loop(on) {}

    boost::asio::io_context& loop;
    int heard = 0;
    hints its{database(), loop.get_executor(), [this] { ++heard; }};
};

class commit_hints : public testing::Test {
protected:
    // Lets the loop run until it is so, or 10 s are over: the database takes the time that it
    // takes.
    template <class F>
    bool comes_true(F is_so) {
        auto const late = std::chrono::steady_clock::now() + 10s;
        while (!is_so() && std::chrono::steady_clock::now() < late) {
            loop.restart();
            loop.run_one_for(5ms);
        }
        return is_so();
    }
    // Both listen: each start is a hint to look.
    void begin() {
        ASSERT_TRUE(comes_true([&] { return one.heard == 1 && two.heard == 1; }));
    }
    std::vector<pid_t> processes() {
        pqxx::connection c(database());
        pqxx::nontransaction in(c);
        std::vector<pid_t> found;
        for (auto const& row : in.exec("select pid from pg_stat_activity "
                                       "where application_name = 'linli-hints'"))
            found.push_back(row[0].as<pid_t>());
        return found;
    }
    void breaks_connections() {
        pqxx::connection c(database());
        pqxx::nontransaction in(c);
        in.exec("select pg_terminate_backend(pid, 5000) from pg_stat_activity "
                "where application_name = 'linli-hints'");
    }

    boost::asio::io_context loop;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard{
        loop.get_executor()};
    server one{loop};
    server two{loop};
};

} // namespace

TEST_F(commit_hints, the_other_server_hears_it_and_this_one_does_not) {
    begin();
    one.its.committed();
    EXPECT_TRUE(comes_true([&] { return two.heard == 2; }));
    two.its.committed();
    EXPECT_TRUE(comes_true([&] { return one.heard == 2; }));
    EXPECT_EQ(two.heard, 2);
}

TEST_F(commit_hints, many_commits_are_a_few_hints_and_the_last_one_counts) {
    begin();
    auto const began = std::chrono::steady_clock::now();
    int commits = 0;
    ASSERT_TRUE(comes_true([&] {
        for (int i = 0; i < 100; ++i, ++commits)
            one.its.committed();
        return two.heard >= 6;
    }));
    auto const before_last = two.heard;
    one.its.committed();
    ASSERT_TRUE(comes_true([&] { return two.heard > before_last; }));
    auto const took = std::chrono::steady_clock::now() - began;
    EXPECT_LE(two.heard - 1, took / 50ms + 1);
    EXPECT_GT(commits, 500);
}

TEST_F(commit_hints, after_a_lost_connection_everybody_looks_and_is_heard_again) {
    begin();
    breaks_connections();
    one.its.committed(); // told when there is a connection again, if not before
    EXPECT_TRUE(comes_true([&] { return one.heard >= 2 && two.heard >= 2; }));
    ASSERT_TRUE(comes_true([&] { return processes().size() == 2; }));
    auto const before = two.heard;
    one.its.committed();
    EXPECT_TRUE(comes_true([&] { return two.heard > before; }));
}

TEST_F(commit_hints, nobody_is_called_who_is_there_no_longer) {
    int heard = 0;
    auto three = std::make_unique<hints>(database(), loop.get_executor(), [&] { ++heard; });
    ASSERT_TRUE(comes_true([&] { return heard == 1; }));
    for (int i = 0; i < 5; ++i) {
        one.its.committed();
        ASSERT_TRUE(comes_true([&] { return two.heard > i; }));
    }
    three.reset();
    auto const before = heard;
    auto const others = two.heard;
    one.its.committed();
    ASSERT_TRUE(comes_true([&] { return two.heard > others; }));
    EXPECT_EQ(heard, before);
}

TEST_F(commit_hints, a_frozen_database_does_not_hold_up_a_server_that_ends) {
    begin();
    auto three = std::make_unique<server>(loop);
    ASSERT_TRUE(comes_true([&] { return three->heard == 1; }));
    auto const frozen = processes();
    for (auto const each : frozen)
        ::kill(each, SIGSTOP);
    three->its.committed();
    auto const began = std::chrono::steady_clock::now();
    three.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
    for (auto const each : frozen)
        ::kill(each, SIGCONT);
}

} // namespace linli::tests
