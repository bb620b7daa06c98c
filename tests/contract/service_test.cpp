// The street's report, on PostgreSQL: a town whose figures were counted by hand, and the rule that
// the parts add up to their whole. What is left out is in the town, too.
#include "adapters/postgres/service_figures.hpp"

#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>
#include <unistd.h>

#include "adapters/postgres/report_reading.hpp"
#include "adapters/postgres/schema.hpp"
#include "domain/booking.hpp"
#include "support/evening.hpp"
#include "support/run_on.hpp"

namespace linli::tests {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

// The evening is 2026-01-01 12:00 UTC; the installation's clocks show 20:00.
auto const that_day = app::parse_period("2026-01-01", 480min).value();

class service_read : public testing::Test {
protected:
    void SetUp() override {
        if (!std::getenv("LINLI_TEST_DATABASE")) GTEST_SKIP();
        name_ = "linli_service_" + std::to_string(::getpid());
        pqxx::connection connection(std::getenv("LINLI_TEST_DATABASE"));
        pqxx::nontransaction(connection).exec("create database " + name_);
        postgres::migrate(url(), evening);
        sql("insert into area (code, parent, name, path) values ('31', null, '城', '31'), "
            "('3101', '31', '一街', '31.3101'), ('3102', '31', '=二街', '31.3102'), "
            "('3103', '31', '空街', '31.3103'), ('310201', '3102', '社区', '31.3102.310201'), "
            "('32', null, '邻城', '32');"
            "insert into plan_snapshot values ('plan', '')");
    }
    void TearDown() override {
        if (name_.empty()) return;
        pqxx::connection connection(std::getenv("LINLI_TEST_DATABASE"));
        pqxx::nontransaction(connection).exec("drop database " + name_ + " with (force)");
    }

    std::string url() const {
        return std::string(std::getenv("LINLI_TEST_DATABASE")) + " dbname=" + name_;
    }
    void sql(std::string const& statement) const {
        pqxx::connection connection(url());
        pqxx::nontransaction(connection).exec(statement);
    }
    static std::string at(domain::instant when) {
        return "instant_of(" + std::to_string(when.time_since_epoch().count()) + ")";
    }

    struct alert_words {
        char const* area;
        char const* kind = "sos";
        char const* outcome = ""; // empty: open
        char const* purpose = "real";
        domain::instant opened = evening;
    };
    // Its id, for what is written of it.
    std::string alert(alert_words const& is) {
        auto const id = next_id();
        bool const is_closed = *is.outcome != '\0';
        sql(fmt::format(
            "insert into alert (id, subject, kind, level, state, area, first_event, last_event, "
            "opened_at, raised_at, rang_at, signals, plan, rung, due_at, outcome, version, "
            "log_seq, log_hash, purpose) values ('{0}', 'home:{0}', '{1}', 1, '{2}', '{3}', 'e', "
            "'e', {4}, {4}, {4}, 1, 'plan', 0, {5}, nullif('{6}', ''), 1, 1, '', '{7}')",
            id, is.kind, is_closed ? "closed" : "raised", is.area, at(is.opened),
            is_closed ? "null" : at(is.opened), is.outcome, is.purpose));
        return id;
    }
    struct order_words {
        std::string alert;
        char const* area;
        char const* state;
        int rating = 0;
        char const* purpose = "real";
        char const* place = "home";
    };
    std::string order(order_words const& is) {
        auto const id = next_id();
        bool const is_over =
            std::string("followed_up cancelled failed").find(is.state) != std::string::npos;
        sql(fmt::format(
            "insert into service_order (id, number, service, level, alert, subject, area, place, "
            "event, state, opened_at, worker, round, plan, due_at, rating, version, log_seq, "
            "log_hash, purpose) values ('{0}', '{0}', 'emergency', 1, '{1}', 's', '{2}', '{3}', "
            "'e', '{4}', {5}, 'k', 1, 'plan', {6}, nullif({7}, 0), 1, 1, '', '{8}')",
            id, is.alert, is.area, is.place, is.state, at(evening), is_over ? "null" : at(evening),
            is.rating, is.purpose));
        return id;
    }
    void log(std::string const& chain, char const* what, domain::duration after,
             char const* why = "") {
        sql(fmt::format("insert into log (chain, seq, of, at, what, by_kind, by_who, by_behalf, "
                        "why, hash) values ('{}', {}, 'alert', {}, '{}', 'house', '', '', '{}', "
                        "'')",
                        chain, ++lines_, at(evening + after), what, why));
    }

    app::service_report of(char const* area, app::report_period const& during = that_day) const {
        return postgres::read_service(url(), {area}, during, evening + 4h).value();
    }
    static app::report_figure const& figure(app::report_line const& line, std::string const& name) {
        for (auto const& each : line.figures)
            if (each.name == name) return each;
        throw std::runtime_error("no figure " + name);
    }
    static std::string ratio(app::report_line const& line, std::string const& name) {
        auto const& f = figure(line, name);
        return fmt::format("{}/{}", f.of, f.all);
    }
    static std::string median(app::report_line const& line, std::string const& name) {
        auto const& f = figure(line, name);
        return fmt::format("{:g}s of {}", f.value, f.all);
    }
    static double count(app::report_line const& line, std::string const& name) {
        return figure(line, name).value;
    }

private:
    std::string next_id() { return fmt::format("00000000-0000-7000-8000-{:012}", ++ids_); }

    std::string name_;
    int ids_ = 0;
    int lines_ = 0;
};

TEST_F(service_read, counts_alerts_and_how_soon_they_were_taken) {
    for (auto const after : {10s, 40s, 100s}) { // 一街: three that were taken
        auto const id = alert({.area = "3101", .outcome = "helped"});
        log(id, "raised", 0s);
        log(id, "claimed", after);
        log(id, "claimed", 200s); // again: the first counts
    }
    auto const waiting = alert({.area = "3101", .kind = "smoke"});
    log(waiting, "raised", 0s);
    auto const fall = alert({.area = "310201", .kind = "fall", .outcome = "false_alarm"});
    log(fall, "countdown_began", 0s);
    log(fall, "raised", 30s);
    log(fall, "claimed", 45s); // 15 s after it rang
    alert({.area = "310201", .kind = "fall", .outcome = "cancelled_by_wearer"});
    // What doesn't count.
    alert({.area = "3101", .outcome = "helped", .purpose = "drill"});
    alert({.area = "3101", .outcome = "helped", .purpose = "synthetic"});
    alert({.area = "32"});
    alert({.area = "3101", .opened = that_day.from - 1us});
    alert({.area = "3101", .opened = that_day.until});

    auto const report = of("31");
    EXPECT_EQ(report.area_name, "城");
    ASSERT_EQ(report.lines.size(), 4U);
    auto const& city = report.lines[0];
    EXPECT_EQ(count(city, "alerts"), 6);
    EXPECT_EQ(count(city, "alerts_sos"), 3);
    EXPECT_EQ(count(city, "alerts_smoke"), 1);
    EXPECT_EQ(count(city, "alerts_fall"), 2);
    EXPECT_EQ(ratio(city, "claimed_in_15s"), "2/5");
    EXPECT_EQ(ratio(city, "claimed_in_60s"), "3/5");
    EXPECT_EQ(ratio(city, "claimed_in_180s"), "4/5");
    EXPECT_EQ(median(city, "claim_time"), "27.5s of 4"); // 10 15 40 100
    EXPECT_EQ(ratio(city, "closed"), "5/6");
    EXPECT_EQ(ratio(city, "false_alarms"), "1/5");
    EXPECT_EQ(count(city, "cancelled_by_wearer"), 1);

    auto const& first = report.lines[1];
    EXPECT_EQ(first.area.value, "3101");
    EXPECT_EQ(count(first, "alerts"), 4);
    EXPECT_EQ(count(first, "alerts_fall"), 0);
    EXPECT_EQ(median(first, "claim_time"), "40s of 3");
    auto const& second = report.lines[2]; // with the community below it
    EXPECT_EQ(count(second, "alerts"), 2);
    EXPECT_EQ(ratio(second, "claimed_in_15s"), "1/1");
    auto const& empty = report.lines[3];
    EXPECT_EQ(empty.area_name, "空街");
    EXPECT_EQ(count(empty, "alerts"), 0);
    EXPECT_EQ(ratio(empty, "claimed_in_15s"), "0/0");
    EXPECT_EQ(median(empty, "claim_time"), "0s of 0");
}

TEST_F(service_read, counts_visits_from_the_order_to_the_follow_up) {
    auto const a = alert({.area = "3101", .outcome = "helped"});
    auto const done = order({.alert = a, .area = "3101", .state = "followed_up", .rating = 5});
    log(done, "offered", 2s);
    log(done, "accepted", 20s);
    log(done, "arrived", 15min);
    auto const late = order({.alert = a, .area = "3101", .state = "completed"});
    log(late, "unfilled", 1s);
    log(late, "offered", 60s);
    log(late, "accepted", 90s);
    log(late, "late", 20min);
    log(late, "arrived", 45min);
    auto const rated = order({.alert = a, .area = "3101", .state = "followed_up", .rating = 3});
    log(rated, "offered", 4s);
    log(rated, "accepted", 8s);
    log(rated, "arrived", 50min);
    order({.alert = a, .area = "3101", .state = "unfilled"});
    order({.alert = a, .area = "3101", .state = "cancelled"});  // before anybody stood there
    order({.alert = a, .area = "3101", .state = "stood_down"}); // the same
    order({.alert = a, .area = "3101", .state = "followed_up", .place = "seat"});
    order({.alert = a, .area = "3101", .state = "followed_up", .rating = 1, .purpose = "drill"});

    auto const report = of("3101");
    ASSERT_EQ(report.lines.size(), 1U); // it has no parts
    auto const& street = report.lines[0];
    EXPECT_EQ(count(street, "orders"), 7);
    EXPECT_EQ(median(street, "dispatch_time"), "4s of 3"); // 2 4 60
    EXPECT_EQ(median(street, "accept_time"), "18s of 3");  // 4 18 30
    EXPECT_EQ(median(street, "arrival_time"), "2700s of 3");
    EXPECT_EQ(ratio(street, "arrived_in_15min"), "1/4"); // one has found nobody yet
    EXPECT_EQ(ratio(street, "arrived_in_45min"), "2/4");
    EXPECT_EQ(ratio(street, "completed"), "4/5");
    EXPECT_EQ(ratio(street, "followed_up"), "3/4");
    EXPECT_EQ(ratio(street, "overdue"), "1/7");
    EXPECT_EQ(ratio(street, "satisfied"), "1/2");
    EXPECT_THAT(report.missing, testing::Contains("abandoned_calls"));
}

TEST_F(service_read, counts_an_arrival_that_was_said_late_when_it_was_and_not_before_the_accept) {
    auto const a = alert({.area = "3101", .outcome = "helped"});
    auto const visit = [&](domain::duration accepted, domain::duration heard, char const* why) {
        auto const id = order({.alert = a, .area = "3101", .state = "completed"});
        log(id, "accepted", accepted);
        log(id, "arrived", heard, why);
        log(id, "completed", heard, "k1 earlier 2000s");
    };
    visit(20s, 50min, "k1 earlier 2400s");   // at 10 minutes
    visit(20min, 50min, "k1 earlier 2400s"); // when he had not even accepted: at 20
    visit(20s, 50min, "k1");
    log(order({.alert = a, .area = "3101", .state = "accepted"}), "accepted", 20s); // on his way
    auto const report = of("3101");
    auto const& street = report.lines[0];
    EXPECT_EQ(ratio(street, "arrived_in_15min"), "1/4");
    EXPECT_EQ(ratio(street, "arrived_in_45min"), "2/4");
    EXPECT_EQ(median(street, "arrival_time"), "1200s of 3"); // 10, 20 and 50 minutes
}

TEST_F(service_read, counts_the_registry_as_it_is) {
    sql("insert into home (id, area) values ('h1', '3101'), ('h2', '3101'), ('h3', '310201'), "
        "('h4', '310201'), ('h5', '310201');"
        "insert into resident (id, home, status, synthetic) values ('r1', 'h1', 'present', false), "
        "('r2', 'h2', 'hospital', false), ('r3', 'h3', 'moved', false), "
        "('r4', 'h4', 'present', true), ('r5', 'h3', 'present', false), "
        "('r6', 'h5', 'moved', false), ('r7', 'h5', 'present', false);"
        "insert into device (id, kind, resident, home) values ('w1', 'watch', 'r1', null), "
        "('b2', 'box', null, 'h3'), ('w3', 'watch', 'r3', null), ('w4', 'watch', 'r4', null), "
        "('b5', 'box', null, 'h3'), ('w6', 'watch', 'r6', null);"
        "insert into device_health (device, known_since, heard_at, at_broker, broker_said_at, "
        "battery_at, door) select id, instant_of(0), case when id <> 'b5' then instant_of(1) end, "
        "'none', instant_of(0), instant_of(0), '' from device;"
        "insert into maintenance (device, kind, event, since, last_at, times, ended_at) values "
        "('w1', 'battery', 'e', instant_of(0), instant_of(0), 1, null), "
        "('w1', 'offline', 'e', instant_of(0), instant_of(0), 1, instant_of(1)), "
        "('b2', 'offline', 'e', instant_of(0), instant_of(0), 1, null)");
    auto const report = of("31");
    auto const& city = report.lines[0];
    EXPECT_EQ(count(city, "residents"), 4);
    EXPECT_EQ(ratio(city, "devices_online"), "1/3");
    EXPECT_EQ(count(city, "low_batteries"), 1);
    EXPECT_EQ(ratio(city, "homes_with_device"), "2/4") << "w6 went with r6";
    EXPECT_EQ(count(report.lines[2], "residents"), 2);
    EXPECT_EQ(ratio(report.lines[2], "devices_online"), "0/2"); // silent; never heard
}

TEST_F(service_read, counts_calls_that_were_no_emergency) {
    auto const request = [&](char const* id, char const* subject, bool is_open,
                             std::string const& event = "w1:1:2") {
        sql(fmt::format("insert into request (id, subject, area, first_event, last_event, level, "
                        "state, signals, opened_at, due_at, version, log_seq, log_hash) values "
                        "('00000000-0000-7000-8000-{}', '{}', '3101', '{}', 'e', 3, '{}', 1, {}, "
                        "{}, 1, 1, '')",
                        id, subject, event, is_open ? "open" : "closed", at(evening),
                        is_open ? at(evening) : "null"));
    };
    request("000000000101", "resident:r1", false);
    request("000000000102", "resident:r2", true);
    request("000000000103", "device:w1/installation", true);
    // By telephone: nobody waited for a call back.
    request("000000000104", "resident:r3", false, domain::make_booking_event("1").value);
    request("000000000105", "resident:r4", false, domain::make_booking_event("2").value);
    auto const report = of("31");
    EXPECT_EQ(count(report.lines[0], "requests"), 2);
    EXPECT_EQ(ratio(report.lines[1], "rung_back"), "1/2");
}

// Also what lies in the city itself, and whatever comes: each count of the parts, added, is the
// whole's.
TEST_F(service_read, the_parts_add_up_to_the_whole) {
    std::minstd_rand dice(20261128); // the same each time
    auto const one_of = [&](auto const& all) { return all[dice() % std::size(all)]; };
    constexpr char const* areas[] = {"31", "3101", "3102", "310201", "3103", "32"};
    constexpr char const* kinds[] = {"sos", "fall", "smoke"};
    constexpr char const* outcomes[] = {"", "helped", "false_alarm"};
    constexpr char const* states[] = {"completed", "followed_up", "cancelled", "unfilled"};
    for (int i = 0; i < 60; ++i) {
        auto const* area = one_of(areas);
        auto const a = alert({.area = area, .kind = one_of(kinds), .outcome = one_of(outcomes)});
        log(a, "raised", 0s);
        if (dice() % 2 == 0) log(a, "claimed", std::chrono::seconds(dice() % 300));
        auto const o = order({.alert = a,
                              .area = area,
                              .state = one_of(states),
                              .rating = static_cast<int>(dice() % 6)});
        if (dice() % 2 == 0) log(o, "offered", std::chrono::seconds(dice() % 60));
        if (dice() % 2 == 0) log(o, "arrived", std::chrono::minutes(dice() % 90));
    }
    auto const report = of("31");
    ASSERT_EQ(report.lines.size(), 5U);
    EXPECT_TRUE(report.lines[4].is_own);
    EXPECT_EQ(report.lines[4].area.value, "31");
    EXPECT_GT(count(report.lines[4], "alerts"), 0);
    EXPECT_LT(count(report.lines[0], "alerts"), 60); // the other city's are not ours
    for (std::size_t i = 0; i < report.lines[0].figures.size(); ++i) {
        auto const& whole = report.lines[0].figures[i];
        std::uint32_t of_parts = 0;
        std::uint32_t all_parts = 0;
        for (std::size_t line = 1; line < report.lines.size(); ++line) {
            auto const& part = report.lines[line].figures[i];
            ASSERT_EQ(part.name, whole.name);
            of_parts += part.of;
            all_parts += part.all;
        }
        EXPECT_EQ(of_parts, whole.of) << whole.name;
        EXPECT_EQ(all_parts, whole.all) << whole.name;
    }
}

TEST_F(service_read, a_month_is_the_installations_and_no_area_is_none) {
    alert({.area = "3101", .opened = app::parse_period("2026-02", 480min)->from - 1us});
    EXPECT_EQ(count(of("31", app::parse_period("2026-01", 480min).value()).lines[0], "alerts"), 1);
    EXPECT_EQ(count(of("31", app::parse_period("2026-02", 480min).value()).lines[0], "alerts"), 0);
    EXPECT_FALSE(postgres::read_service(url(), {"99"}, that_day, evening));
}

TEST_F(service_read, knows_where_somebody_would_press) {
    sql("insert into site (id, name, level, area) values ('s1', '站', 'station', '3101');"
        "insert into home (id, area, latitude, longitude, flags) values "
        "('h1', '3101', 31.2, 121.5, '{violence}'), ('h2', '3102', null, null, '{}');"
        "insert into resident (id, home, high_risk) values ('r1', 'h1', false), "
        "('r2', 'h1', true), ('r3', 'h2', false)");
    boost::asio::io_context loop;
    auto const there = postgres::open_reports(url());
    auto const asks = [&](char const* resident, char const* home) {
        domain::resident_id const r{resident};
        domain::home_id const h{home};
        return run_on(loop, there->picture(r, h)).value();
    };
    auto const worn = asks("r1", "").value();
    EXPECT_EQ(to_string(worn.pressed.about), "resident:r1");
    EXPECT_EQ(worn.pressed.resident.value, "r1");
    EXPECT_EQ(worn.pressed.home.value, "h1");
    EXPECT_EQ(worn.pressed.area.value, "3101");
    EXPECT_FALSE(worn.pressed.high_risk);
    EXPECT_TRUE(worn.home->needs_two && worn.home->place);
    EXPECT_EQ(worn.known.sites.size(), 1U);
    EXPECT_EQ(worn.known.areas.size(), 6U);
    auto const fixed = asks("", "h1").value();
    EXPECT_EQ(to_string(fixed.pressed.about), "home:h1");
    EXPECT_TRUE(fixed.pressed.resident.empty());
    EXPECT_TRUE(fixed.pressed.high_risk); // one of them
    EXPECT_FALSE(asks("r3", "")->home->place);
    EXPECT_FALSE(asks("r9", ""));
    EXPECT_FALSE(asks("", "h9"));
    there->stop();
}

TEST_F(service_read, is_away_with_its_database) {
    boost::asio::io_context loop;
    auto const there = postgres::open_reports(url());
    domain::area_id const city{"31"};
    auto const report = run_on(loop, there->service(city, that_day, evening));
    EXPECT_THAT(report.value()->areas, ElementsAre(city));
    app::coverage_rules rules;
    rules.city = city;
    EXPECT_EQ(run_on(loop, there->look(rules, evening)).value().areas.size(), 6U);
    there->stop();
    auto const nowhere = postgres::open_reports("host=/nonexistent dbname=linli");
    EXPECT_EQ(run_on(loop, nowhere->service(city, that_day, evening)).error(),
              app::record_errc::away);
    EXPECT_EQ(run_on(loop, nowhere->look(rules, evening)).error(), app::record_errc::away);
    nowhere->stop();
}

} // namespace
} // namespace linli::tests
