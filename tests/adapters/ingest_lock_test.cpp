// The database's word on who receives: one holder, whatever becomes of connections.
#include "adapters/postgres/ingest_lock.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include "support/run_on.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using lock = postgres::ingest_lock;

std::string database() {
    auto const* given = std::getenv("LINLI_TEST_DATABASE");
    if (!given) throw std::runtime_error("start this program by tests/support/with_postgres");
    return given;
}

class ingest_lock : public testing::Test {
protected:
    lock::answer asks(lock& who, lock::wish wish = lock::wish::take) {
        return run_on(loop, who.ask(wish));
    }
    // What was given back is free when the database has ended that session, a moment later.
    lock::word asks_until_ours(lock& who) {
        auto const end = std::chrono::steady_clock::now() + 10s;
        auto told = asks(who).says;
        while (told != lock::word::ours && std::chrono::steady_clock::now() < end)
            told = asks(who).says;
        return told;
    }
    // Of whoever has the lock: the session of the test before may still be listed beside it.
    pid_t process_of(std::string const& id) {
        pqxx::connection c(database());
        pqxx::nontransaction in(c);
        return in
            .exec1("select a.pid from pg_stat_activity a join pg_locks l on l.pid = a.pid "
                   "and l.locktype = 'advisory' and l.granted "
                   "where a.application_name = 'linli-ingest-" +
                   id + "'")[0]
            .as<pid_t>();
    }

    boost::asio::io_context loop;
    lock first{database(), "aaaa"};
    lock second{database(), "bbbb"};
};

} // namespace

TEST_F(ingest_lock, has_one_holder_and_the_others_learn_who) {
    EXPECT_EQ(asks(first).says, lock::word::ours);
    EXPECT_EQ(asks(first).says, lock::word::ours); // the same one
    auto const told = asks(second);
    EXPECT_EQ(told.says, lock::word::anothers);
    EXPECT_EQ(told.holder, "aaaa");
    run_on(loop, first.give_back());
    EXPECT_EQ(asks_until_ours(second), lock::word::ours);
    EXPECT_EQ(asks(first).holder, "bbbb");
}

TEST_F(ingest_lock, looks_without_taking) {
    EXPECT_EQ(asks(first, lock::wish::look).says, lock::word::nobodys);
    EXPECT_EQ(asks(second).says, lock::word::ours);
    EXPECT_EQ(asks(first, lock::wish::look).says, lock::word::anothers);
}

TEST_F(ingest_lock, takes_a_connection_string_of_either_form) {
    auto const* folder = std::getenv("LINLI_TEST_DATABASE");
    std::string const text(folder);
    auto const host = text.substr(5, text.find(' ') - 5);
    lock by_uri("postgresql:///postgres?user=linli&host=" + host, "cccc");
    EXPECT_EQ(asks(by_uri).says, lock::word::ours);
    EXPECT_EQ(asks(first).holder, "cccc");
}

TEST_F(ingest_lock, is_taken_again_at_once_when_only_its_connection_broke) {
    EXPECT_EQ(asks(first).says, lock::word::ours);
    pqxx::connection c(database());
    pqxx::nontransaction(c).exec1("select pg_terminate_backend(" +
                                  std::to_string(process_of("aaaa")) + ", 5000)");
    EXPECT_EQ(asks(first).says, lock::word::ours);
}

TEST_F(ingest_lock, answers_in_time_when_the_database_does_not) {
    EXPECT_EQ(asks(first).says, lock::word::ours);
    auto const frozen = process_of("aaaa");
    ::kill(frozen, SIGSTOP);
    auto const began = std::chrono::steady_clock::now();
    auto const told = asks(first);
    EXPECT_LT(std::chrono::steady_clock::now() - began, 6s);
    EXPECT_EQ(told.says, lock::word::not_known) << "its frozen session has it";
    EXPECT_EQ(asks(second).holder, "aaaa");
    ::kill(frozen, SIGCONT);
}

} // namespace linli::tests
