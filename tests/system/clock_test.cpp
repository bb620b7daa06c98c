// The house's clock and the database's: a jump is raised at the city's desk, once.
#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include "support/settable_clock.hpp"
#include "system/another_server.hpp"
#include "system/faults/server_clock.hpp"
#include "system/house.hpp"
#include "system/until.hpp"

namespace linli::tests {

namespace {

constexpr auto at_the_city = "area:620100/clock";

class clocks : public testing::Test {
protected:
    clocks() {
        h.server_stops();
        give_settable_clock(h.config().database.url);
        h.keeps_its_own_time();
    }
    void database_clock_is(std::string const& shift) { set_clock(h.config().database.url, shift); }
    void run(std::string const& sql) {
        pqxx::connection c(h.config().database.url);
        pqxx::nontransaction(c).exec(sql);
    }
    // Of telemetry, so many days behind the machine's.
    long days_kept(int behind) {
        return h.count("pg_class where relname = 'telemetry_' || to_char(pg_catalog."
                       "clock_timestamp() at time zone 'utc' - interval '" +
                       std::to_string(behind) + " days', 'YYYYMMDD')");
    }
    void gets_a_day(int behind) {
        run("do $$ declare d date := (pg_catalog.clock_timestamp() at time zone 'utc')::date - " +
            std::to_string(behind) +
            "; n text := 'telemetry_' || to_char(d, 'YYYYMMDD'); begin "
            "execute format('create table %I (like telemetry including all)', n); "
            "execute format('alter table telemetry attach partition %I for values from (%L) to "
            "(%L)', n, d, d + 1); end $$");
    }
    // Of the machine: what the house stored last.
    long is_ahead() {
        return h.count("house_clock where latest > pg_catalog.clock_timestamp() + "
                       "interval '30 min'");
    }

    house h{small_city()};
    tests::device& watch{h.device("w1")};
};

} // namespace

TEST_F(clocks, a_jump_while_running_is_one_alert_and_the_house_goes_on_in_its_own_time) {
    h.server_starts();
    database_clock_is("1 hour");
    h.sees_alert(at_the_city);
    auto const seen = h.record();
    EXPECT_EQ(seen.alerts[0].what.kind, domain::alert_kind::clock_jump);
    EXPECT_EQ(seen.alerts[0].what.level, domain::priority::p2);
    EXPECT_EQ(seen.alerts[0].what.desk.value, "city");
    watch.hears_stored(watch.presses_sos());
    EXPECT_EQ(h.count("signal where received_at > pg_catalog.clock_timestamp() + interval '1 min'"),
              0);
    database_clock_is("0 s");
    h.when("the jump back has joined", [](app::overview const& o) {
        return std::any_of(o.alerts.begin(), o.alerts.end(), [](app::alert_line const& a) {
            return to_string(a.what.about) == at_the_city && a.what.signals == 2;
        });
    });
    EXPECT_EQ(h.count("alert where kind = 'clock_jump'"), 1);
    EXPECT_EQ(h.count("signal where kind = 'clock_jump'"), 2); // one a jump, not one a second
}

TEST_F(clocks, a_start_that_would_go_back_goes_on_from_the_latest_time_and_raises_it) {
    h.server_starts();
    watch.hears_stored(watch.presses_sos());
    h.server_stops();
    database_clock_is("-1 hour");
    h.server_starts();
    h.sees_alert(at_the_city);
    watch.hears_stored(watch.presses_sos());
    EXPECT_EQ(h.count("(select at, lag(at) over (partition by chain order by seq) as before "
                      "from log) l where before > at"),
              0);
}

TEST_F(clocks, a_first_start_and_a_quick_restart_raise_nothing) {
    h.server_starts();
    h.server_stops();
    h.server_starts();
    watch.hears_stored(watch.presses_sos());
    h.server_stops();
    EXPECT_EQ(h.count("signal where kind = 'clock_jump'"), 0);
}

// It may be right: the house may have been off for so long. What it let go of would never come
// back.
TEST_F(clocks, a_start_far_ahead_is_raised_and_nothing_is_let_go_that_day) {
    h.server_starts();
    until("there is a day", [this] { return days_kept(0) == 1; });
    run("insert into access_log (at, who, what, subject, why) values "
        "(pg_catalog.clock_timestamp(), 'wang', 'looked', 'r1', '')");
    h.server_stops();
    database_clock_is("1500 days");
    h.machine_is_ahead_by(std::chrono::days(1500));
    h.server_starts();
    h.sees_alert(at_the_city);
    EXPECT_EQ(h.count("alert where kind = 'clock_jump' and desk = 'city'"), 1);
    until("its page is turned", [this] { return days_kept(-1500) == 1; });
    EXPECT_EQ(days_kept(0), 1);
    h.server_stops();
    h.server_starts(); // it has stored a time of that day by now
    watch.hears_stored(watch.presses_sos());
    EXPECT_EQ(days_kept(0), 1);
    EXPECT_EQ(h.count("access_log where who = 'wang'"), 1);
    EXPECT_EQ(h.count("signal where event like 'clock:x:ahead:%'"), 1);
    h.server_stops();
    run("update signal set received_at = received_at - interval '1 day' "
        "where event like 'clock:x:ahead:%'");
    h.server_starts(); // a day later
    until("that day is let go of", [this] { return days_kept(0) == 0; });
}

TEST_F(clocks,
       a_start_on_a_database_that_is_far_ahead_of_house_and_machine_goes_on_by_the_machine) {
    h.server_starts();
    h.server_stops();
    database_clock_is("1500 days");
    h.server_starts();
    h.sees_alert(at_the_city);
    watch.hears_stored(watch.presses_sos());
    EXPECT_EQ(is_ahead(), 0);
}

TEST_F(clocks, a_start_with_a_machines_clock_a_year_ahead_drops_no_telemetry) {
    h.server_starts();
    until("there is a day", [this] { return days_kept(0) == 1; });
    h.server_stops();
    gets_a_day(100);
    h.machine_is_ahead_by(std::chrono::days(365));
    h.server_starts();
    until("what is old is let go of", [this] { return days_kept(100) == 0; });
    EXPECT_EQ(days_kept(0), 1);
    watch.hears_stored(watch.presses_sos());
    EXPECT_EQ(is_ahead(), 0);
    EXPECT_EQ(h.count("signal where kind = 'clock_jump'"), 0);
}

// What began with the machine's time can't go back.
TEST_F(clocks, whoever_finds_the_database_a_year_behind_its_machine_starts_again_with_that) {
    h.server_starts();
    until("there is a day", [this] { return days_kept(0) == 1; });
    h.server_stops();
    gets_a_day(100);
    faults::server_clock machine(h.folder() / "time-offset");
    machine.stands_wrong_by(std::chrono::seconds(std::chrono::days(365)).count());
    another_server server(h.config(), h.folder() / "wrong");
    server.wears(machine);
    house::database("stop");
    server.starts();
    house::database("start");
    EXPECT_EQ(server.end(), 1);
    EXPECT_EQ(days_kept(0), 1);
    EXPECT_EQ(days_kept(100), 1);
    server.starts();
    until("what is old is let go of", [this] { return days_kept(100) == 0; });
    EXPECT_EQ(days_kept(0), 1);
    watch.hears_stored(watch.presses_sos());
    EXPECT_EQ(is_ahead(), 0);
    server.stops();
}

} // namespace linli::tests
