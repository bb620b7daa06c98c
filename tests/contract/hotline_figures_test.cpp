// The hotline's report, on PostgreSQL: a day that was counted by hand, and the worst 24 hours
// against a look at each moment of a random month.
#include "adapters/postgres/hotline_figures.hpp"

#include <cstdlib>
#include <random>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>
#include <unistd.h>

#include "adapters/postgres/report_reading.hpp"
#include "adapters/postgres/schema.hpp"
#include "support/evening.hpp"
#include "support/run_on.hpp"

namespace linli::tests {
namespace {

using namespace std::chrono_literals;
using app::hotline_part;
using domain::instant;
using testing::ElementsAre;
using testing::IsEmpty;

// The evening is 2026-01-01 12:00 UTC; the installation's clocks show 20:00.
auto const that_day = app::parse_period("2026-01-01", 480min).value();
auto const that_month = app::parse_period("2026-01", 480min).value();

class hotline_read : public testing::Test {
protected:
    void SetUp() override {
        if (!std::getenv("LINLI_TEST_DATABASE")) GTEST_SKIP();
        name_ = "linli_hotline_" + std::to_string(::getpid());
        pqxx::connection connection(std::getenv("LINLI_TEST_DATABASE"));
        pqxx::nontransaction(connection).exec("create database " + name_);
        postgres::migrate(url(), evening);
        sql("insert into area (code, parent, name, path) values ('31', null, '城', '31'), "
            "('3101', '31', '一街', '31.3101'), ('32', null, '邻城', '32');"
            "insert into account (id, role, area, password, version) values "
            "('li', 'operator', '3101', 'x', 1), ('wang', 'operator', '31', 'x', 1), "
            "('far', 'operator', '32', 'x', 1)");
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
    static std::string at(std::optional<instant> when) {
        return when ? fmt::format("instant_of({})", when->time_since_epoch().count()) : "null";
    }

    struct call_words {
        instant came = evening;
        std::optional<domain::duration> answered = {};
        std::optional<domain::duration> ended = 600s;
        char const* line = "12349";
        char const* area = "3101";
        char const* outcome = "";
        char const* source = "hotline";
    };
    static std::string values(std::string const& id, call_words const& is) {
        auto const after = [&](std::optional<domain::duration> const& by) {
            return at(by ? std::optional<instant>(is.came + *by) : std::nullopt);
        };
        return fmt::format("('{0}', '{1}', '{0}', '', '{2}', '{3}', {4}, {4}, {5}, {6}, "
                           "nullif('{7}', ''), 1)",
                           id, is.source, is.line, is.area, at(is.came), after(is.answered),
                           after(is.ended), is.outcome);
    }
    static constexpr auto into_calls =
        "insert into call (id, source, name, personal, called, area, first_heard, rang_at, "
        "answered_at, ended_at, outcome, version) values ";
    std::string call(call_words const& is) {
        auto const id = next_id();
        sql(into_calls + values(id, is));
        return id;
    }
    void stretch(char const* who, domain::duration since, char const* state) {
        sql(fmt::format("insert into seat_stretch values ('{}', {}, '{}')", who,
                        at(evening + since), state));
    }
    void sits(char const* who, char const* state, domain::duration until) {
        sql(fmt::format("insert into seat (account, state, since, until, said_ready) values "
                        "('{}', '{}', {}, {}, {})",
                        who, state, at(evening), at(evening + until), at(evening)));
    }

    app::hotline_report of(char const* area, app::report_period const& during = that_day,
                           instant now = evening + 4h) const {
        return postgres::read_hotline(url(), {area}, during, now).value();
    }
    static app::hotline_line const& line(app::hotline_report const& report, hotline_part part,
                                         std::string const& name = "") {
        for (auto const& each : report.lines)
            if (each.part == part && each.name == name) return each;
        throw std::runtime_error("no line " + name);
    }
    static app::report_figure const& figure(app::hotline_line const& of, std::string const& name) {
        for (auto const& each : of.figures)
            if (each.name == name) return each;
        throw std::runtime_error("no figure " + name);
    }
    static std::string ratio(app::hotline_line const& of, std::string const& name) {
        return fmt::format("{}/{}", figure(of, name).of, figure(of, name).all);
    }
    static std::string time(app::hotline_line const& of, std::string const& name) {
        return fmt::format("{:g}s of {}", figure(of, name).value, figure(of, name).all);
    }
    static double count(app::hotline_line const& of, std::string const& name) {
        return figure(of, name).value;
    }

    std::string next_id() { return fmt::format("00000000-0000-7000-8000-{:012}", ++ids_); }

private:
    std::string name_;
    int ids_ = 0;
};

TEST_F(hotline_read, counts_how_soon_each_was_answered_and_who_gave_up) {
    call({.answered = 15s, .outcome = "request"});
    call({.answered = 15s + 1us, .outcome = "joined"});
    call({.answered = 60s, .line = "12350", .area = "31", .outcome = "alert"});
    call({.answered = 180s, .outcome = "no_case"});
    auto const late = call({.answered = 181s, .outcome = "no_case"});
    call({.ended = 5s, .outcome = "missed"});
    call({.ended = 5s - 1us, .outcome = "missed"});
    auto const waited = call({.ended = 200s, .line = "12350", .outcome = "missed"});
    // What doesn't count.
    call({.ended = {}}); // still waits
    call({.came = that_day.from - 1us, .answered = 1s});
    call({.came = evening + 4h, .answered = 1s}); // after the report
    call({.answered = 1s, .area = "32"});
    call({.answered = 1s, .source = "pbx"});
    sql("insert into wait_check (call, opened_at) values ('" + late + "', " + at(evening) +
        ");"
        "insert into wait_check values ('" +
        waited + "', " + at(evening) + ", " + at(evening) + ", 'wang', '')");

    auto const report = of("31");
    auto const& whole = line(report, hotline_part::whole);
    EXPECT_EQ(report.lines[0].part, hotline_part::whole);
    EXPECT_EQ(count(whole, "calls"), 8);
    EXPECT_EQ(ratio(whole, "calls_answered"), "5/8");
    EXPECT_EQ(ratio(whole, "calls_answered_in_15s"), "1/8");
    EXPECT_EQ(ratio(whole, "calls_answered_in_60s"), "3/8");
    EXPECT_EQ(ratio(whole, "calls_answered_in_180s"), "4/8");
    EXPECT_EQ(time(whole, "answer_time"), "60s of 5");
    EXPECT_EQ(time(whole, "longest_wait"), "200s of 8");
    EXPECT_EQ(ratio(whole, "abandoned_calls"), "2/8");
    EXPECT_EQ(count(whole, "abandoned_at_once"), 1);
    EXPECT_EQ(ratio(whole, "wait_checks_closed"), "1/2");
    EXPECT_EQ(count(whole, "calls_no_case"), 2);
    EXPECT_EQ(count(whole, "calls_missed"), 3);
    EXPECT_EQ(count(whole, "calls_joined"), 1);
    EXPECT_EQ(count(whole, "calls_undecided"), 0);
    EXPECT_EQ(count(line(report, hotline_part::line, "12349"), "calls"), 6);
    EXPECT_EQ(ratio(line(report, hotline_part::line, "12350"), "calls_answered"), "1/2");
    EXPECT_EQ(report.area_name, "城");
    EXPECT_THAT(report.areas, ElementsAre(domain::area_id{"31"}));
    EXPECT_EQ(count(line(of("3101"), hotline_part::whole), "calls"), 7);
    EXPECT_FALSE(postgres::read_hotline(url(), {"99"}, that_day, evening));
}

TEST_F(hotline_read, counts_what_the_seats_did) {
    stretch("li", -20h, "ready"); // before the day, which began 20 hours ago
    stretch("li", -19h, "talking");
    stretch("li", -18h, "wrapping_up");
    stretch("li", -18h + 30min, "ready");
    stretch("li", -17h, "away");
    stretch("wang", -1h, "ready"); // and her page is silent since half an hour ago
    sits("li", "away", -48h);
    sits("wang", "ready", -30min);
    sits("far", "ready", 4h);
    stretch("far", -1h, "ready");
    auto const a = call({.answered = 3s});
    auto const b = call({.answered = 3s, .area = "31"});
    sql(fmt::format("insert into call_attempt values ('{0}', 'li-1', 'li', {2}, null, {3}, "
                    "'refused'), ('{0}', 'wang-2', 'wang', {2}, {3}, {4}, 'call_ended'), "
                    "('{1}', 'li-1', 'li', {2}, null, {3}, 'not_answered'), "
                    "('{1}', 'wang-2', 'wang', {2}, {3}, {5}, 'hung_up')",
                    a, b, at(evening), at(evening + 2s), at(evening + 62s), at(evening + 32s)));

    auto const report = of("31");
    auto const& li = line(report, hotline_part::seat, "li");
    EXPECT_EQ(time(li, "talking_for"), "3600s of 1");
    EXPECT_EQ(time(li, "wrapping_up_for"), "1800s of 1");
    EXPECT_EQ(ratio(li, "occupancy"), "5400/10800"); // of 3 hours, from the day's begin
    EXPECT_EQ(count(li, "rings"), 2);
    EXPECT_EQ(ratio(li, "rings_refused"), "1/2");
    EXPECT_EQ(ratio(li, "rings_not_answered"), "1/2");
    auto const& wang = line(report, hotline_part::seat, "wang");
    EXPECT_EQ(ratio(wang, "occupancy"), "0/1800");
    EXPECT_EQ(ratio(wang, "rings_answered"), "2/2");
    EXPECT_EQ(time(wang, "talk_time"), "45s of 2"); // 60 30
    EXPECT_THROW(line(report, hotline_part::seat, "far"), std::runtime_error);
    EXPECT_THROW(line(of("3101"), hotline_part::seat, "wang"), std::runtime_error);
}

TEST_F(hotline_read, a_seat_that_talks_over_the_end_of_the_day_talks_on_the_next) {
    auto const next_day = app::parse_period("2026-01-02", 480min).value();
    stretch("li", 3h + 50min, "talking"); // ten minutes before midnight
    stretch("li", 4h + 20min, "ready");
    sits("li", "ready", 5h);
    auto const now = evening + 30h;
    EXPECT_EQ(time(line(of("31", that_day, now), hotline_part::seat, "li"), "talking_for"),
              "600s of 1");
    auto const next = of("31", next_day, now);
    auto const& li = line(next, hotline_part::seat, "li");
    EXPECT_EQ(time(li, "talking_for"), "1200s of 1");
    EXPECT_EQ(ratio(li, "occupancy"), "1200/3600") << "ready until her page was silent";
}

TEST_F(hotline_read, an_hour_without_calls_has_no_worst_day) {
    EXPECT_FALSE(of("31").worst);
    EXPECT_THAT(of("31").lines[0].figures, testing::Not(IsEmpty()));
    EXPECT_EQ(ratio(of("31").lines[0], "calls_answered"), "0/0");
}

// Of each moment at which a window of 24 hours that ends in the period could hold other calls.
std::optional<app::worst_day> worst_of(std::vector<std::pair<instant, bool>> const& calls,
                                       instant from, instant until) {
    std::vector<instant> starts{until - 24h};
    for (auto const& [at, in_time] : calls)
        for (auto const by : {-1us, 0us, 1us}) {
            starts.push_back(at + by);
            starts.push_back(at - 24h + by);
        }
    std::optional<app::worst_day> worst;
    for (auto const start : starts) {
        if (start <= from - 24h || start > until - 24h) continue;
        app::worst_day here{start, start + 24h, 0, 0};
        for (auto const& [at, in_time] : calls)
            if (at >= start && at < start + 24h) {
                ++here.calls;
                here.answered_in_time += in_time ? 1 : 0;
            }
        auto const share = [](app::worst_day const& d) {
            return static_cast<double>(d.answered_in_time) / d.calls;
        };
        if (here.calls == 0) continue;
        if (!worst || share(here) < share(*worst) ||
            (share(here) == share(*worst) && here.calls > worst->calls))
            worst = here;
    }
    return worst;
}

TEST_F(hotline_read, finds_the_worst_24_hours_wherever_they_begin) {
    unsigned seed = 20261129;
    for (int turn = 0; turn < 12; ++turn) {
        std::mt19937 dice(++seed);
        SCOPED_TRACE("seed " + std::to_string(seed));
        sql("delete from call");
        std::vector<std::pair<instant, bool>> calls;
        std::string rows;
        for (int n = 0; n < 150; ++n) {
            // Whole hours among them, so that some are exactly a day apart.
            auto const minutes = std::chrono::minutes(dice() % (33 * 1440));
            auto came = that_month.from - 24h - 12h + minutes;
            if (dice() % 3 == 0) came = std::chrono::floor<std::chrono::hours>(came);
            bool const in_time = dice() % 4 != 0;
            calls.emplace_back(came, in_time);
            rows += (rows.empty() ? "" : ", ") +
                    values(next_id(), {.came = came, .answered = in_time ? 10s : 40s});
        }
        sql(into_calls + rows);
        auto const found = of("31", that_month, evening + 24h * 90).worst;
        auto const expected = worst_of(calls, that_month.from, that_month.until);
        ASSERT_TRUE(found && expected);
        EXPECT_EQ(found->answered_in_time, expected->answered_in_time);
        EXPECT_EQ(found->calls, expected->calls);
        EXPECT_GT(found->until, that_month.from);
        EXPECT_LE(found->until, that_month.until);
        std::uint32_t inside = 0;
        for (auto const& [at, in_time] : calls)
            if (at >= found->from && at < found->until) ++inside;
        EXPECT_EQ(inside, found->calls) << "what it says of itself";
    }
}

TEST_F(hotline_read, a_day_that_is_not_over_ends_now) {
    call({.came = evening - 23h, .ended = 30s});
    call({.came = evening - 1h, .answered = 5s});
    auto const worst = of("31", that_day, evening).worst;
    ASSERT_TRUE(worst);
    EXPECT_EQ(worst->answered_in_time, 0U) << "until the second one came";
    EXPECT_LE(worst->until, evening);
}

TEST_F(hotline_read, reads_a_months_calls_and_its_seats_by_their_indexes) {
    sql("insert into call (id, source, name, personal, area, first_heard, rang_at, answered_at, "
        "ended_at, version) select md5(n::text)::uuid, 'hotline', n::text, '', '3101', "
        "instant_of(0) + n * interval '5 minutes', instant_of(0) + n * interval '5 minutes', "
        "instant_of(0) + n * interval '5 minutes' + interval '10 seconds', "
        "instant_of(0) + n * interval '5 minutes' + interval '90 seconds', 1 "
        "from generate_series(1, 100000) n; analyze call");
    pqxx::connection connection(url());
    pqxx::nontransaction in(connection);
    std::string plan;
    for (auto const& r : in.exec("explain select count(*) from call c where c.source = 'hotline' "
                                 "and c.rang_at >= instant_of(0) and "
                                 "c.rang_at < instant_of(86400000000)"))
        plan += r[0].c_str();
    EXPECT_THAT(plan, testing::HasSubstr("call_came"));
    plan.clear();
    for (auto const& r :
         in.exec("explain select c.id from call c where c.source = 'hotline' and "
                 "coalesce(c.answered_at, c.ended_at) - c.rang_at > interval '180 seconds'"))
        plan += r[0].c_str();
    EXPECT_THAT(plan, testing::HasSubstr("call_waited_long"));
}

} // namespace
} // namespace linli::tests
