// Before the night, and through it: the evening's report, and the auditor on the real server.
#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include "adapters/postgres/coverage.hpp"
#include "cli/coverage.hpp"
#include "runtime/machine_time.hpp"
#include "runtime/utc_text.hpp"
#include "server/tonight.hpp"
#include "system/house.hpp"
#include "system/until.hpp"

namespace linli::tests {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr auto six = 18 * 60;
constexpr domain::minutes in_china{480};
domain::instant const noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 4h;

TEST(evening, has_one_report_also_when_the_server_starts_late) {
    EXPECT_FALSE(server::is_report_due(six, in_china, {}, noon));
    EXPECT_FALSE(server::is_report_due(six, in_china, noon - 18h, noon + 6h - 1us));
    EXPECT_TRUE(server::is_report_due(six, in_china, noon - 18h, noon + 6h));
    EXPECT_TRUE(server::is_report_due(six, in_china, noon - 18h, noon + 11h + 59min));
    EXPECT_FALSE(server::is_report_due(six, in_china, noon + 6h, noon + 7h));
    EXPECT_FALSE(server::is_report_due(six, in_china, noon + 6h, noon + 20h)); // next morning
    EXPECT_TRUE(server::is_report_due(six, in_china, noon + 6h, noon + 30h));
}

std::string text_of(std::filesystem::path const& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

// Nobody's contacts, doors or keys are known, no device was heard of, no provider ever asked.
TEST(evening, the_server_keeps_its_report_and_a_command_reads_it) {
    house h(small_city());
    auto const minute = domain::minute_of_day(runtime::machine_time(), in_china);
    h.fast_forward(domain::minutes((six + 30 - minute + 1440) % 1440)); // to 18:30
    until("the report is made", [&] { return h.count("coverage_report") > 0; });
    until("it is counted", [&] { return h.metric("linli_coverage_gaps{kind=\"device\"}") == 2; });
    EXPECT_EQ(h.metric("linli_coverage_gaps{kind=\"plan\"}"), 0);
    h.counts("linli_coverage_gaps{kind=\"address\"}", 2);
    h.counts("linli_coverage_gaps{kind=\"provider\"}", 2);
    h.counts("linli_coverage_gaps{kind=\"loop\"}", 1); // nobody synthetic lives there

    auto const made = postgres::last_report(h.config().database.url);
    ASSERT_TRUE(made);
    auto const day =
        runtime::utc_text(app::local_day(*made, h.config().installation.utc_offset)).substr(0, 10);
    cli::coverage_choices asked;
    asked.coverage = true;
    asked.stored = day;
    asked.out = h.folder();
    testing::internal::CaptureStdout();
    EXPECT_EQ(cli::check_coverage(h.config(), asked), 2);
    auto const shown = testing::internal::GetCapturedStdout();
    EXPECT_THAT(shown, HasSubstr("缺口 gaps: 9"));
    auto const written = text_of(h.folder() / ("tonight-" + day + ".txt"));
    EXPECT_THAT(written, HasSubstr("device:w1"));
    EXPECT_THAT(written, HasSubstr("站点 site s1"));
    EXPECT_THAT(written, HasSubstr("provider:c1"));
    EXPECT_THAT(written, Not(HasSubstr("王秀兰"))); // ids only
}

TEST(evening, a_command_asks_at_any_time_and_says_what_it_can_not_know) {
    house h(small_city());
    cli::coverage_choices asked;
    asked.json = true;
    testing::internal::CaptureStdout();
    EXPECT_EQ(cli::check_coverage(h.config(), asked), 2);
    EXPECT_THAT(
        testing::internal::GetCapturedStdout(),
        HasSubstr(R"("subject":"home:h1","area":"620102","mender":{"kind":"site","id":"s1"})"));
    asked.stored = "2020-01-01";
    EXPECT_THROW(cli::check_coverage(h.config(), asked), std::runtime_error);
    asked.stored = "yesterday";
    EXPECT_THROW(cli::check_coverage(h.config(), asked), std::runtime_error);
}

// ---------------------------------------------------------------- the auditor

void sql(house const& h, std::string const& statement) {
    pqxx::connection c(h.config().database.url);
    pqxx::nontransaction(c).exec(statement);
}

constexpr std::array kinds{"no_clock", "no_owner",   "overdue",    "claim_over",
                           "untold",   "unanswered", "uncommitted"};

long findings(house const& h) {
    long all = 0;
    for (auto const* kind : kinds)
        all += h.metric(std::string("linli_audit_findings{kind=\"") + kind + "\"}");
    return all;
}

bool is_nothing_overdue(house& h) {
    try {
        return h.record().overdue == 0;
    } catch (std::runtime_error const&) { // the test's own desk finds its connection broken
        return false;
    }
}

// So much house time. Five seconds pass in a moment here, in which the house does what it would
// have done in them: a step waits for that.
void passes(house& h, int looks) {
    for (int n = 0; n < looks; ++n) {
        auto const before = h.metric("linli_audit_readings");
        until("due work is done", [&] { return is_nothing_overdue(h); });
        h.fast_forward(5s);
        until("the auditor looks", [&] { return h.metric("linli_audit_readings") > before; });
    }
}

std::string audit_line(house const& h) {
    auto const text = h.tells("/readyz");
    return text.substr(text.find(R"("name":"audit")"));
}

TEST(auditor, finds_a_signal_that_nobody_answers_and_sees_it_answered) {
    house h(small_city());
    passes(h, 8);
    EXPECT_THAT(audit_line(h), HasSubstr("nothing open lacks an owner or a running clock"));
    sql(h, "insert into signal (event, device, kind, door, subject, received_at, committed_at) "
           "values ('x:1:1', 'w1', 'sos', 'mqtt', 'resident:r1', 'epoch', 'epoch')");
    passes(h, 3);
    h.counts("linli_audit_findings{kind=\"unanswered\"}", 1);
    EXPECT_THAT(audit_line(h), HasSubstr("unanswered 1"));
    EXPECT_TRUE(h.is_ready()); // it takes presses all the same
    sql(h, "delete from signal where event = 'x:1:1'");
    passes(h, 1);
    EXPECT_EQ(findings(h), 0);
}

TEST(auditor, finds_nothing_over_a_restart_with_open_work_that_has_become_due) {
    house h(small_city());
    auto& watch = h.device("w1");
    watch.hears_stored(watch.presses_sos());
    h.server_stops();
    auto const waits = h.device("b1").presses_sos();
    h.fast_forward(10min);
    h.server_starts();
    h.device("b1").hears_stored(waits);
    for (int n = 0; n < 12; ++n) {
        passes(h, 1);
        EXPECT_EQ(findings(h), 0) << audit_line(h);
    }
    EXPECT_EQ(h.count("alert where state <> 'closed'"), 2);
}

TEST(auditor, finds_nothing_while_the_database_is_away_nor_after_it) {
    house h(small_city());
    auto& watch = h.device("w1");
    watch.hears_stored(watch.presses_sos());
    passes(h, 8);
    house::database("kill");
    auto const waiting = h.device("b1").presses_sos();
    until("it says so", [&] {
        h.fast_forward(5s);
        return audit_line(h).find("can't look") != std::string::npos;
    });
    h.fast_forward(10min);
    EXPECT_EQ(findings(h), 0);
    house::database("start");
    h.device("b1").hears_stored(waiting);
    until("it is well again", [&] { return h.is_ready(); });
    for (int n = 0; n < 12; ++n) {
        passes(h, 1);
        EXPECT_EQ(findings(h), 0) << audit_line(h);
    }
}

} // namespace
} // namespace linli::tests
