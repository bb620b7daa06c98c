// The house's clock and the database's: a jump is raised at the city's desk, once.
#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include "system/house.hpp"

namespace linli::tests {

namespace {

constexpr auto at_the_city = "area:620100/clock";

class clocks : public testing::Test {
protected:
    // A database whose clock can be set: its sessions find this function before PostgreSQL's own.
    clocks() {
        h.server_stops();
        run("create schema settable; create table settable.by (shift interval not null); "
            "insert into settable.by values ('0 s'); "
            "create function settable.clock_timestamp() returns timestamptz language sql as "
            "'select pg_catalog.clock_timestamp() + shift from settable.by'; "
            "do $$ begin execute format('alter database %I set search_path = settable, public, "
            "pg_catalog', current_database()); end $$");
        h.keeps_its_own_time();
    }
    void database_clock_is(std::string const& shift) {
        run("update settable.by set shift = '" + shift + "'");
    }
    void run(std::string const& sql) {
        pqxx::connection c(h.config().database.url);
        pqxx::nontransaction(c).exec(sql);
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

} // namespace linli::tests
