#include "cli/trace_text.hpp"

#include <boost/json.hpp>
#include <fmt/core.h>

#include "runtime/utc_text.hpp"

namespace linli::cli {

namespace json = boost::json;

namespace {

using namespace std::chrono_literals;

// "16:20:01.123456", in UTC as everywhere on the command line.
std::string time_of_day(domain::instant at) {
    auto const below_a_second = at - std::chrono::floor<domain::seconds>(at);
    return runtime::utc_text(at).substr(11, 8) + fmt::format(".{:06}", below_a_second.count());
}

std::string span(domain::duration d) {
    auto const us = d.count();
    if (d < 1ms) return fmt::format("{} us", us);
    if (d < 1s) return fmt::format("{:.2f} ms", static_cast<double>(us) / 1e3);
    if (d < 2min) return fmt::format("{:.1f} s", static_cast<double>(us) / 1e6);
    if (d < 2h) return fmt::format("{} min", us / 60'000'000);
    return fmt::format("{} h", us / 3'600'000'000);
}

std::string due_text(domain::instant at, domain::instant now) {
    auto const when = runtime::utc_text(at).substr(0, 19) + 'Z';
    if (at <= now) return fmt::format("was due at {}, {} ago", when, span(now - at));
    return fmt::format("due at {}, in {}", when, span(at - now));
}

// The button stands at the left edge, the door further in.
int depth_of(app::time_line_of whose) {
    switch (whose) {
    case app::time_line_of::signal:
        return 0;
    case app::time_line_of::alert:
    case app::time_line_of::request:
        return 1;
    case app::time_line_of::order:
        return 2;
    case app::time_line_of::message:
        return 3;
    }
    return 0;
}

std::string line_of(app::time_line_entry const& e) {
    auto const gap = e.after ? "+" + span(*e.after) : std::string();
    auto text = fmt::format("{}  {:>10}  {:<{}}{:<16} {}", time_of_day(e.at), gap, "",
                            2 * depth_of(e.of), e.step, e.what);
    text.erase(text.find_last_not_of(' ') + 1);
    return text + '\n';
}

std::string day_of(domain::instant at) {
    return runtime::utc_text(at).substr(0, 10);
}

std::string lines_text(app::time_line const& what) {
    std::string text;
    std::string day;
    for (auto const& e : what.entries) {
        if (day_of(e.at) != day) {
            day = day_of(e.at);
            text += day + " UTC\n";
        }
        text += line_of(e);
    }
    return text;
}

} // namespace

std::string trace_text(app::time_line const& what, domain::instant now) {
    auto text = "EVENT " + what.event + '\n';
    for (auto const& line : what.heading)
        text += "  " + line + '\n';
    if (what.happened_at)
        text +=
            "  by the device's clock it happened at " + runtime::utc_text(*what.happened_at) + '\n';
    if (!what.is_remembered)
        text += "  this machine's server doesn't remember it: the times are the record's\n";
    text += '\n' + lines_text(what) + '\n';
    if (what.missing.empty() && !what.is_recorded)
        return text + "what came of it is not known: the record could not be asked\n";
    if (what.missing.empty()) return text + "nothing is missing\n";
    text += "MISSING\n";
    for (auto const& each : what.missing)
        text += "  " + each.what +
                (each.due_at ? "; " + due_text(*each.due_at, now) : std::string()) + '\n';
    return text;
}

std::string trace_json(app::time_line const& what) {
    json::object all{
        {"event", what.event}, {"remembered", what.is_remembered}, {"recorded", what.is_recorded}};
    if (what.happened_at) all["happened_at"] = runtime::utc_text(*what.happened_at);
    json::array about, steps, missing;
    for (auto const& line : what.heading)
        about.push_back(json::value(line));
    for (auto const& e : what.entries) {
        json::object one{{"at", day_of(e.at) + 'T' + time_of_day(e.at) + 'Z'},
                         {"of", domain::to_text(e.of)},
                         {"step", e.step},
                         {"what", e.what}};
        if (e.after) one["after_us"] = e.after->count();
        steps.push_back(std::move(one));
    }
    for (auto const& each : what.missing) {
        json::object one{{"what", each.what}};
        if (each.due_at) one["due_at"] = runtime::utc_text(*each.due_at);
        missing.push_back(std::move(one));
    }
    all["about"] = std::move(about);
    all["steps"] = std::move(steps);
    all["missing"] = std::move(missing);
    return json::serialize(all) + '\n';
}

} // namespace linli::cli
