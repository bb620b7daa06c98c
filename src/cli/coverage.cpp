// Before the night: what help cannot reach, why, and who must mend it.
#include "cli/coverage.hpp"

#include <charconv>
#include <fstream>
#include <iostream>
#include <limits>
#include <optional>
#include <stdexcept>

#include <boost/json.hpp>

#include "adapters/postgres/coverage.hpp"
#include "cli/coverage_text.hpp"
#include "cli/progress.hpp"
#include "runtime/machine_time.hpp"
#include "runtime/utc_text.hpp"
#include "server/plans.hpp"
#include "server/tonight.hpp"

namespace linli::cli {

namespace {

constexpr std::size_t rows_on_a_screen = 10; // of each reason; a file has them all
constexpr int found_gaps = 2;

std::chrono::sys_days parse_day(std::string const& text) {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    auto const number = [&](std::size_t at, std::size_t size, auto& into) {
        auto const* begin = text.data() + at;
        auto const [end, wrong] = std::from_chars(begin, begin + size, into);
        return wrong == std::errc{} && end == begin + size;
    };
    bool const fits = text.size() == 10 && text[4] == '-' && text[7] == '-' && number(0, 4, year) &&
                      number(5, 2, month) && number(8, 2, day);
    std::chrono::year_month_day const date{std::chrono::year(year), std::chrono::month(month),
                                           std::chrono::day(day)};
    if (!fits || !date.ok())
        throw std::runtime_error("\"" + text + "\" is no day: write it as 2026-11-23");
    return date;
}

std::string name_of(std::chrono::sys_days day) {
    return "tonight-" + runtime::utc_text(day).substr(0, 10) + ".txt";
}

boost::json::object to_json(app::coverage_gap const& gap) {
    boost::json::object one;
    one["kind"] = std::string(domain::to_text(app::kind_of(gap.why)));
    one["reason"] = std::string(domain::to_text(gap.why));
    one["subject"] = gap.subject;
    one["area"] = gap.area.value;
    one["mender"] = boost::json::object{{"kind", std::string(domain::to_text(gap.who.kind))},
                                        {"id", gap.who.id}};
    one["remedy"] = std::string(words_of(gap.why).remedy_zh);
    one["remedy_en"] = std::string(words_of(gap.why).remedy_en);
    one["figure"] = gap.figure;
    if (gap.since) one["since"] = runtime::utc_text(*gap.since);
    boost::json::array hours;
    for (auto const& each : gap.hours)
        hours.push_back(boost::json::object{{"from", runtime::utc_text(each.from)},
                                            {"until", runtime::utc_text(each.until)}});
    if (!hours.empty()) one["hours"] = std::move(hours);
    return one;
}

std::string to_json(app::coverage_report const& report) {
    boost::json::object whole;
    whole["day"] = runtime::utc_text(report.day).substr(0, 10);
    whole["made_at"] = runtime::utc_text(report.made_at);
    whole["residents"] = report.residents;
    whole["homes"] = report.homes;
    whole["devices"] = report.devices;
    whole["providers"] = report.providers;
    whole["workers"] = report.workers;
    boost::json::object counts;
    for (auto const& [kind, count] : report.counts())
        counts[std::string(domain::to_text(kind))] = count;
    whole["counts"] = std::move(counts);
    boost::json::array gaps;
    for (auto const& each : report.gaps)
        gaps.push_back(to_json(each));
    whole["gaps"] = std::move(gaps);
    return boost::json::serialize(whole);
}

app::coverage_report make_report(runtime::config const& config) {
    auto const plans = server::load_plan_book({config.files.plans});
    auto const rules = server::coverage_rules_of(config, *plans);
    auto const now = runtime::machine_time();
    auto const seen =
        postgres::read_coverage(config.database.url, now, [](std::size_t done, std::size_t total) {
            show_progress("coverage", done, total);
        });
    return app::find_gaps(seen, rules, now);
}

app::coverage_report stored_report(runtime::config const& config, std::string const& day) {
    auto kept = postgres::report_of(config.database.url, parse_day(day));
    if (!kept)
        throw std::runtime_error("no report is kept for " + day +
                                 ": the server makes one a day, at [coverage] at");
    return std::move(*kept);
}

void write_file(std::filesystem::path file, app::coverage_report const& report,
                std::string const& text) {
    if (std::filesystem::is_directory(file)) file /= name_of(report.day);
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    if (!out)
        throw std::runtime_error(file.string() + " can't be written: is the folder there, and is "
                                                 "it yours?");
    std::cerr << "written: " << file.string() << '\n';
}

} // namespace

int check_coverage(runtime::config const& config, coverage_choices const& c) {
    auto const report = c.stored.empty() ? make_report(config) : stored_report(config, c.stored);
    auto const offset = config.installation.utc_offset;
    if (!c.out.empty())
        write_file(c.out, report,
                   c.json ? to_json(report) + '\n'
                          : to_text(report, offset, std::numeric_limits<std::size_t>::max()));
    if (c.json && c.out.empty())
        std::cout << to_json(report) << '\n';
    else
        std::cout << to_text(report, offset, rows_on_a_screen);
    std::cout.flush();
    if (!std::cout) throw std::runtime_error("the report can't be written to standard output");
    return report.gaps.empty() ? 0 : found_gaps;
}

} // namespace linli::cli
