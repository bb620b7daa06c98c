// Statements that a coroutine awaits on its loop: what they answer, and whatever becomes of the
// line meanwhile.
#include "adapters/postgres/loop_lines.hpp"

#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include "support/run_on.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using app::record_errc;
using maybe_rows = std::optional<app::record_result<postgres::answer_rows>>;

std::string database() {
    auto const* given = std::getenv("LINLI_TEST_DATABASE");
    if (!given) throw std::runtime_error("start this program by tests/support/with_postgres");
    return given;
}

constexpr auto lock_number = 20261129;

std::vector<postgres::statement> statements() {
    auto const number = std::to_string(lock_number);
    return {{"session", "select pg_backend_pid() as pid"},
            {"kinds", "select true as yes, false as no, 31.5::float8 as real, null as nothing, "
                      "$1::text as said"},
            {"length", "select length($1::text) as said"},
            {"count", "select n from generate_series(1, $1::int) n"},
            {"waits", "select pg_advisory_lock_shared(" + number + "), pg_advisory_unlock_shared(" +
                          number + ")"},
            {"is_number", "select $1::text::int as n"}};
}

pid_t pid_in(maybe_rows const& answer) {
    return (*(**answer).begin())["pid"].as<pid_t>();
}

class loop_lines : public testing::Test {
protected:
    maybe_rows ask(std::string name, postgres::statement_values values = {}) {
        return run_on(loop, lines.ask(threads, std::move(name), std::move(values)));
    }
    // Begins a statement that waits until somebody else lets go of the lock.
    void begin_waiting(maybe_rows& into) {
        auto waits = [this, &into]() -> runtime::task<void> {
            std::string name = "waits";
            postgres::statement_values none;
            into = co_await lines.ask(threads, std::move(name), std::move(none));
        };
        boost::asio::co_spawn(
            loop, waits,
            boost::asio::bind_cancellation_slot(
                cancelled.slot(), [this](std::exception_ptr) { waiter_ended = true; }));
        while (waiting_sessions() == 0)
            loop.poll();
    }
    void run_to_its_end() {
        while (!waiter_ended)
            loop.run_one();
    }
    int waiting_sessions() {
        return holder_in
            .exec1("select count(*) from pg_locks where locktype = 'advisory' and "
                   "objid = " +
                   std::to_string(lock_number) + " and not granted")[0]
            .as<int>();
    }
    void holds_the_lock() {
        holder_in.exec("select pg_advisory_lock(" + std::to_string(lock_number) + ")");
    }
    void lets_go() {
        holder_in.exec("select pg_advisory_unlock(" + std::to_string(lock_number) + ")");
    }
    pid_t session() { return pid_in(ask("session")); }

    boost::asio::io_context loop;
    boost::asio::cancellation_signal cancelled;
    bool waiter_ended = false;
    runtime::blocking_pool threads{1};
    pqxx::connection holder{database()};
    pqxx::nontransaction holder_in{holder};
    postgres::loop_lines lines{database(), 1, statements(), 20s};
};

} // namespace

TEST_F(loop_lines, read_a_row_as_the_database_has_it) {
    auto const answer = ask("kinds", {"陈奶奶"});
    ASSERT_TRUE(answer && *answer);
    auto const row = *(**answer).begin();
    EXPECT_TRUE(row["yes"].as<bool>());
    EXPECT_FALSE(row["no"].as<bool>());
    EXPECT_EQ(row["real"].as<double>(), 31.5);
    EXPECT_TRUE(row["nothing"].is_null());
    EXPECT_STREQ(row["said"].c_str(), "陈奶奶");
}

TEST_F(loop_lines, read_all_rows_in_order) {
    auto const answer = ask("count", {"20000"});
    ASSERT_TRUE(answer && *answer);
    int expected = 0;
    for (auto const& row : **answer)
        ASSERT_EQ(row["n"].as<int>(), ++expected);
    EXPECT_EQ(expected, 20000);
}

// More than the socket takes at once.
TEST_F(loop_lines, send_a_large_value_whole) {
    auto const answer = ask("length", {std::string(20'000'000, 'x')});
    ASSERT_TRUE(answer && *answer);
    EXPECT_EQ((*(**answer).begin())["said"].as<int>(), 20'000'000);
}

TEST_F(loop_lines, go_on_after_a_statement_that_was_refused) {
    auto const before = session();
    auto const refused = ask("is_number", {"seven"});
    ASSERT_TRUE(refused);
    ASSERT_FALSE(*refused);
    EXPECT_EQ(refused->error(), record_errc::bad_data);
    EXPECT_EQ(session(), before);
}

TEST_F(loop_lines, whose_session_has_ended_say_so_and_are_opened_anew) {
    auto const before = session();
    holder_in.exec("select pg_terminate_backend(" + std::to_string(before) + ", 5000)");
    auto const none = ask("session");
    ASSERT_TRUE(none);
    ASSERT_FALSE(*none);
    EXPECT_EQ(none->error(), record_errc::away);
    EXPECT_NE(session(), before);
}

TEST_F(loop_lines, whose_session_hangs_are_given_up_and_opened_anew) {
    postgres::loop_lines hasty(database(), 1, statements(), 50ms);
    auto const session_now = [&] { return run_on(loop, hasty.ask(threads, "session", {})); };
    // On a machine that has much to do opening one may take as long as a hang: again.
    auto const pid_when_open = [&] {
        auto told = session_now();
        while (!told || !*told)
            told = session_now();
        return pid_in(told);
    };
    auto const before = pid_when_open();
    ASSERT_EQ(::kill(before, SIGSTOP), 0);
    auto const none = session_now();
    ::kill(before, SIGCONT);
    ASSERT_TRUE(none);
    ASSERT_FALSE(*none);
    EXPECT_EQ(none->error(), record_errc::away);
    EXPECT_NE(pid_when_open(), before);
}

TEST_F(loop_lines, that_are_all_busy_let_others_go_elsewhere) {
    holds_the_lock();
    maybe_rows first;
    begin_waiting(first);
    EXPECT_FALSE(ask("session"));
    lets_go();
    run_to_its_end();
    EXPECT_TRUE(first && *first);
    EXPECT_TRUE(ask("session"));
}

// What has been sent is written or not, and whoever sent it wants to know.
TEST_F(loop_lines, bring_the_answer_to_one_who_was_cancelled) {
    holds_the_lock();
    maybe_rows first;
    begin_waiting(first);
    cancelled.emit(boost::asio::cancellation_type::all);
    loop.poll();
    EXPECT_FALSE(waiter_ended);
    lets_go();
    run_to_its_end();
    EXPECT_TRUE(first && *first);
    EXPECT_TRUE(ask("session"));
}

TEST(loop_lines_away, that_cannot_be_opened_let_others_go_elsewhere) {
    boost::asio::io_context loop;
    runtime::blocking_pool threads(1);
    postgres::loop_lines lines("host=127.0.0.1 port=1 dbname=none", 1, {}, 50ms);
    EXPECT_FALSE(run_on(loop, lines.ask(threads, "any", {})));
    EXPECT_FALSE(run_on(loop, lines.ask(threads, "any", {}))); // and may be tried again
}

} // namespace linli::tests
