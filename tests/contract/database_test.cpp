// What only a database can do: keep time over a restart, and change its schema under load.
#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <thread>

#include <gmock/gmock.h>
#include <pqxx/pqxx>
#include <unistd.h>

#include "adapters/postgres/record.hpp"
#include "adapters/postgres/schema.hpp"
#include "contract/keeper.hpp"
#include "contract/registry_by_sql.hpp"
#include "contract/rows.hpp"

namespace linli::tests {
namespace {

using namespace domain;
using app::chain_of;

class a_database : public testing::Test {
protected:
    void SetUp() override {
        if (!std::getenv("LINLI_TEST_DATABASE")) GTEST_SKIP();
        name_ = "linli_database_" + std::to_string(::getpid());
        pqxx::connection connection(std::getenv("LINLI_TEST_DATABASE"));
        pqxx::nontransaction(connection).exec("create database " + name_);
    }
    void TearDown() override {
        if (name_.empty()) return;
        pqxx::connection connection(std::getenv("LINLI_TEST_DATABASE"));
        pqxx::nontransaction(connection).exec("drop database " + name_ + " with (force)");
    }

    std::string url() const {
        return std::string(std::getenv("LINLI_TEST_DATABASE")) + " dbname=" + name_;
    }
    static postgres::key_ring const& keys() {
        static auto const ring = [] {
            auto const file = std::filesystem::temp_directory_path() /
                              ("linli-database-" + std::to_string(::getpid()) + ".keys");
            auto made = postgres::key_ring::create_if_missing(file);
            std::filesystem::remove(file);
            return made;
        }();
        return ring;
    }
    std::unique_ptr<postgres::database_record> record() {
        return postgres::open_record({url(), 2}, keys());
    }
    // Its sessions are frozen: the sockets are there and nobody answers.
    void freeze_sessions(int signal) {
        pqxx::connection connection(std::getenv("LINLI_TEST_DATABASE"));
        pqxx::nontransaction in(connection);
        for (auto const& r : in.exec_params(
                 "select pid from pg_stat_activity where datname = $1 and backend_type = "
                 "'client backend'",
                 name_))
            ASSERT_EQ(::kill(r[0].as<pid_t>(), signal), 0);
    }
    void load_town() {
        pqxx::connection connection(url());
        auto town = the_town();
        for (auto& each : town.residents)
            each.language.clear(); // of which the first schema knows nothing
        write_registry(connection, keys(), town);
        pqxx::nontransaction(connection).exec("insert into plan_snapshot values ('sos-plan', '')");
    }
    // Until somebody stands before a lock that another one has.
    void somebody_waits_for(std::string const& what) {
        pqxx::connection connection(url());
        pqxx::nontransaction in(connection);
        auto const ask = "select exists (select from pg_locks where not granted and " + what + ")";
        while (!in.exec1(ask)[0].as<bool>())
            std::this_thread::yield();
    }
    std::size_t count(std::string const& table) {
        pqxx::connection connection(url());
        pqxx::nontransaction in(connection);
        return in.exec1("select count(*) from " + table)[0].as<std::size_t>();
    }

private:
    std::string name_;
};

// The alert of a device that nobody has heard of.
app::changes press(int writer, int number) {
    auto const name = std::to_string(writer) + "-" + std::to_string(number);
    auto a = open_alert(0);
    a.id.value.bytes[1] = static_cast<std::uint8_t>(writer);
    a.id.value.bytes[14] = static_cast<std::uint8_t>(number >> 8);
    a.id.value.bytes[15] = static_cast<std::uint8_t>(number);
    a.about = {subject_kind::device, name};
    a.first_event = a.last_event = {name + ":1:1"};
    return changes_of(a, signal_of(name + ":1:1", name), line(chain_of::alert, a.id.value, name));
}

TEST_F(a_database, says_what_is_wrong_with_its_schema) {
    boost::asio::io_context loop;
    auto const kept = record();
    auto const problem = [&] { return *run_on(loop, kept->schema_problem()); };
    EXPECT_THAT(problem(), testing::HasSubstr("run linli migrate"));
    postgres::migrate(url(), evening);
    EXPECT_EQ(problem(), "");
    pqxx::connection connection(url());
    pqxx::nontransaction(connection)
        .exec("insert into schema_migration select 9999, 'later', 'x', applied_at from "
              "schema_migration limit 1");
    EXPECT_THAT(problem(), testing::HasSubstr("newer version of linli"));
    kept->stop();
}

TEST_F(a_database, that_hangs_counts_as_away_and_is_asked_anew) {
    boost::asio::io_context loop;
    postgres::migrate(url(), evening);
    auto const kept = postgres::open_record({url(), 1, std::chrono::milliseconds(50)}, keys());
    ASSERT_TRUE(run_on(loop, kept->clock_times()));
    freeze_sessions(SIGSTOP);
    auto const none = run_on(loop, kept->clock_times());
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error(), app::record_errc::away);
    EXPECT_TRUE(run_on(loop, kept->clock_times())); // on another session
    freeze_sessions(SIGCONT);
    kept->stop();
}

// Between an outage and a crash lines may be written before the time is kept again.
TEST_F(a_database, remembers_the_latest_time_by_what_was_kept_and_by_the_log) {
    boost::asio::io_context loop;
    postgres::migrate(url(), evening);
    load_town();
    auto const kept = record();
    auto const latest = [&] { return run_on(loop, kept->clock_times())->latest; };
    EXPECT_TRUE(run_on(loop, kept->keep_latest_time(evening - minutes(1))));
    EXPECT_EQ(latest(), evening - minutes(1));
    auto of_now = press(1, 1);
    of_now.log[0].line.at = evening + duration(7);
    EXPECT_TRUE(run_on(loop, kept->commit(of_now)));
    EXPECT_EQ(latest(), evening + duration(7));
    EXPECT_TRUE(run_on(loop, kept->keep_latest_time(evening + minutes(1))));
    EXPECT_EQ(latest(), evening + minutes(1));
    kept->stop();
}

TEST_F(a_database, tells_a_start_what_was_stored_and_when_one_was_far_ahead) {
    boost::asio::io_context loop;
    postgres::migrate(url(), evening);
    load_town();
    auto const kept = record();
    EXPECT_TRUE(run_on(loop, kept->commit(press(1, 1)))); // by a command, before any server
    auto const begun = *run_on(loop, kept->clock_times());
    EXPECT_EQ(begun.kept, std::nullopt);
    EXPECT_EQ(begun.was_ahead, std::nullopt);
    EXPECT_TRUE(run_on(loop, kept->keep_latest_time(evening - minutes(1))));
    auto raised = press(1, 2);
    raised.signals[0].what.event = {"clock:x:ahead:1"};
    raised.signals[0].what.device = {"clock"};
    raised.signals[0].what.received_at = evening + duration(7);
    EXPECT_TRUE(run_on(loop, kept->commit(raised)));
    for (auto const& told :
         {*run_on(loop, kept->clock_times()), postgres::read_house_times(url())}) {
        EXPECT_EQ(told.kept, evening - minutes(1));
        EXPECT_EQ(told.was_ahead, evening + duration(7));
    }
    kept->stop();
}

// Stores presses until told to stop, with the columns that there were in the beginning: a server of
// the version before goes on writing until it is replaced.
struct writer {
    writer(std::string const& url, int number)
        : thread([this, url, number] {
              pqxx::connection to(url);
              while (!enough || stored < 20)
                  press(to, number);
          }) {}
    ~writer() { stops(); }

    void stops() {
        enough = true;
        if (thread.joinable()) thread.join();
    }

    void press(pqxx::connection& to, int number) {
        auto const id = std::to_string(number) + ':' + std::to_string(stored + 1);
        try {
            pqxx::work in(to);
            in.exec_params("insert into signal (event, device, kind, door, subject, received_at, "
                           "committed_at) values ($1, 'w1', 'sos', 'mqtt', $1, $2, $2)",
                           id, at);
            in.exec_params(
                "insert into alert (id, subject, kind, level, state, area, first_event, "
                "last_event, opened_at, raised_at, rang_at, signals, plan, rung, due_at, "
                "version, log_seq, log_hash) values (md5($1)::uuid, $1, 'sos', 1, 'raised', "
                "'310000', $1, $1, $2, $2, $2, 1, 'sos-plan', 0, $2, 1, 1, '')",
                id, at);
            in.commit();
            ++stored;
        } catch (pqxx::deadlock_detected const&) { // the migration holds the tables: again
        } catch (pqxx::sql_error const& error) {
            ADD_FAILURE() << error.what();
            stored += 20;
        }
    }

    static constexpr auto at = "2026-01-01 20:00:00+08";
    std::atomic<bool> enough{false};
    std::atomic<int> stored{0};
    std::thread thread;
};

TEST_F(a_database, takes_each_step_of_its_schema_while_it_is_written_to) {
    auto const steps = postgres::all_migrations();
    postgres::migrate(url(), evening, {}, steps.first(1));
    load_town();
    std::size_t stored = 0;
    for (std::size_t n = 2; n <= steps.size(); ++n) {
        writer one(url(), static_cast<int>(2 * n));
        writer other(url(), static_cast<int>(2 * n + 1));
        while (one.stored < 5 || other.stored < 5)
            std::this_thread::yield();
        EXPECT_EQ(postgres::migrate(url(), evening, {}, steps.first(n)), 1);
        one.stops();
        other.stops();
        stored += static_cast<std::size_t>(one.stored + other.stored);
        EXPECT_EQ(count("signal"), stored) << steps[n - 1].name;
        EXPECT_EQ(count("alert"), stored) << steps[n - 1].name;
    }
}

// Of two that hold what the other one wants, the database ends the one that finds it out.
TEST_F(a_database, takes_a_step_again_that_lost_against_a_writer) {
    postgres::migration const crosses{2, "002-crosses",
                                      "lock table alert in access exclusive mode;"
                                      "select pg_advisory_xact_lock(7);"
                                      "lock table signal in access exclusive mode"};
    std::array const steps{postgres::all_migrations().front(), crosses};
    postgres::migrate(url(), evening, {}, std::span(steps).first(1));
    pqxx::connection between(url());
    pqxx::nontransaction(between).exec("select pg_advisory_lock(7)");
    pqxx::connection writer(url() + " options='-c deadlock_timeout=1h'");
    pqxx::work writing(writer);
    writing.exec("lock table signal in access exclusive mode");

    std::atomic<int> lost{0};
    std::jthread migrates([&] {
        auto const impatient = url() + " options='-c deadlock_timeout=10ms'";
        auto const waits = [&](auto const&) { ++lost; };
        EXPECT_EQ(postgres::migrate(impatient, evening, {.waits = waits}, steps), 1);
    });
    somebody_waits_for("locktype = 'advisory'");
    std::jthread writes([&] {
        writing.exec("lock table alert in access exclusive mode");
        writing.commit();
    });
    somebody_waits_for("relation = 'alert'::regclass");
    pqxx::nontransaction(between).exec("select pg_advisory_unlock(7)");
    writes.join();
    migrates.join();
    EXPECT_EQ(lost, 1);
}

} // namespace
} // namespace linli::tests
