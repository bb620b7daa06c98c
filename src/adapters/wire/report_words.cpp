#include "adapters/wire/report_words.hpp"

#include <fmt/core.h>

#include "adapters/wire/console_parts.hpp"
#include "adapters/wire/parts.hpp"
#include "adapters/wire/wire_form.hpp"
#include "linli/v1/hotline.pb.h"
#include "linli/v1/office.pb.h"

namespace linli::wire {

namespace {

std::string word(auto value) {
    return std::string(domain::to_text(value));
}

std::string day_text(std::chrono::sys_days day) {
    std::chrono::year_month_day const d(day);
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(d.year()),
                       static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()));
}

std::string time_text(domain::instant at) {
    auto const day = std::chrono::floor<std::chrono::days>(at);
    std::chrono::hh_mm_ss const time(std::chrono::floor<std::chrono::seconds>(at - day));
    return fmt::format("{}T{:02}:{:02}:{:02}Z", day_text(day), time.hours().count(),
                       time.minutes().count(), time.seconds().count());
}

void write_gap(app::coverage_gap const& gap, v1::CoverageGap& into) {
    into.set_kind(word(app::kind_of(gap.why)));
    into.set_why(word(gap.why));
    into.set_subject(shown_text(gap.subject));
    into.set_area(shown_text(gap.area.value));
    into.set_mender_kind(word(gap.who.kind));
    into.set_mender(shown_text(gap.who.id));
    into.set_figure(gap.figure);
    write_time(gap.since, &v1::CoverageGap::mutable_since, into);
    for (auto const& each : gap.hours) {
        auto& hours = *into.add_hours();
        write_time<v1::CoverageHours>(each.from, &v1::CoverageHours::mutable_from, hours);
        write_time<v1::CoverageHours>(each.until, &v1::CoverageHours::mutable_until, hours);
    }
}

void write_figure(app::report_figure const& figure, v1::ReportFigure& into) {
    into.set_name(figure.name);
    into.set_value(figure.value);
    into.set_of(figure.of);
    into.set_all(figure.all);
    into.set_unit(word(figure.unit));
}

// A spreadsheet computes what begins like this, also in a file that somebody was sent.
std::string cell(std::string const& text) {
    bool const is_formula =
        !text.empty() && std::string_view("=+-@\t\r\n").find(text[0]) != std::string_view::npos;
    std::string quoted = is_formula ? "\"'" : "\"";
    for (char const c : text)
        quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + '"';
}

// Of whom and of when a day's or a month's report is.
template <class Report, class Message>
void write_head(Report const& report, Message& into) {
    into.set_area(shown_text(report.area.value));
    into.set_area_name(shown_text(report.area_name));
    into.set_period(report.period);
    write_time<Message>(report.made_at, &Message::mutable_made_at, into);
}

} // namespace

std::string encode_night(app::night_part const& tonight) {
    auto const number = [](int count) { return static_cast<std::uint32_t>(count); };
    v1::CoverageReport message;
    write_time<v1::CoverageReport>(tonight.made_at, &v1::CoverageReport::mutable_made_at, message);
    message.set_day(day_text(tonight.day));
    message.set_residents(number(tonight.counts.residents));
    message.set_homes(number(tonight.counts.homes));
    message.set_devices(number(tonight.counts.devices));
    message.set_providers(number(tonight.providers));
    message.set_workers(number(tonight.counts.workers));
    for (auto const& [kind, gaps] : tonight.gaps) {
        auto& count = *message.add_counts();
        count.set_kind(word(kind));
        count.set_gaps(number(gaps));
    }
    for (auto const& gap : tonight.first_gaps)
        write_gap(gap, *message.add_gaps());
    return bytes_of(message, form::json);
}

std::string encode_service(app::service_report const& report) {
    v1::ServiceReport message;
    write_head(report, message);
    for (auto const& line : report.lines) {
        auto& into = *message.add_lines();
        into.set_area(shown_text(line.area.value));
        into.set_area_name(shown_text(line.area_name));
        into.set_own(line.is_own);
        for (auto const& each : line.figures)
            write_figure(each, *into.add_figures());
    }
    for (auto const& each : report.missing)
        message.add_missing(each);
    return bytes_of(message, form::json);
}

std::string encode_hotline(app::hotline_report const& report) {
    v1::HotlineReport message;
    write_head(report, message);
    for (auto const& line : report.lines) {
        auto& into = *message.add_lines();
        into.set_part(word(line.part));
        into.set_name(shown_text(line.name));
        for (auto const& each : line.figures)
            write_figure(each, *into.add_figures());
    }
    if (auto const& worst = report.worst) {
        auto& into = *message.mutable_worst();
        write_time<v1::WorstDay>(worst->from, &v1::WorstDay::mutable_from, into);
        write_time<v1::WorstDay>(worst->until, &v1::WorstDay::mutable_until, into);
        into.set_answered_in_time(worst->answered_in_time);
        into.set_calls(worst->calls);
    }
    return bytes_of(message, form::json);
}

// Counts in full: {:g} alone rounds them from a million on.
std::string hotline_csv(app::hotline_report const& report) {
    std::string text = "\xEF\xBB\xBF"
                       "period,area,part,name,figure,value,of,all,unit\r\n";
    auto const row = [&](std::string const& part, std::string const& name,
                         app::report_figure const& figure) {
        text +=
            fmt::format("{},{},{},{},{},{:.10g},{},{},{}\r\n", cell(report.period),
                        cell(shown_text(report.area.value)), part, cell(shown_text(name)),
                        cell(figure.name), figure.value, figure.of, figure.all, word(figure.unit));
    };
    for (auto const& line : report.lines)
        for (auto const& each : line.figures)
            row(word(line.part), line.name, each);
    if (auto const& worst = report.worst)
        row("worst_day", time_text(worst->from),
            {"calls_answered_in_15s", app::figure_unit::ratio,
             static_cast<double>(worst->answered_in_time) / worst->calls, worst->answered_in_time,
             worst->calls});
    return text;
}

std::string service_csv(app::service_report const& report) {
    std::string text = "\xEF\xBB\xBF"
                       "period,area,area_name,own,figure,value,of,all,unit\r\n";
    for (auto const& line : report.lines)
        for (auto const& each : line.figures)
            text += fmt::format("{},{},{},{},{},{:.10g},{},{},{}\r\n", cell(report.period),
                                cell(shown_text(line.area.value)), cell(shown_text(line.area_name)),
                                line.is_own ? 1 : 0, cell(each.name), each.value, each.of, each.all,
                                word(each.unit));
    return text;
}

} // namespace linli::wire
