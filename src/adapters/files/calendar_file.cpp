#include "adapters/files/calendar_file.hpp"

#include <optional>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "adapters/files/file_error.hpp"
#include "adapters/files/strict_toml.hpp"

namespace linli::files {

namespace {

using presence = strict_table::presence;
using std::chrono::sys_days;

constexpr std::chrono::days longest{31}; // what is more was mistyped

bool is_weekend(sys_days day) {
    std::chrono::weekday const which(day);
    return which == std::chrono::Saturday || which == std::chrono::Sunday;
}

// As a notice says it: off from a day until another, and which weekends are worked for it.
void take_holiday(toml::table const& section, toml_problems& problems,
                  domain::working_calendar& into) {
    std::string name;
    std::optional<sys_days> from;
    std::optional<sys_days> until;
    std::vector<sys_days> worked;
    strict_table keys(section, "holiday", problems);
    keys.text("name", presence::required, name);
    keys.date("from", presence::required, from);
    keys.date("until", presence::required, until);
    keys.dates("worked", presence::optional, worked);
    keys.finish();
    if (!from || !until) return;
    if (*until < *from || *until - *from >= longest)
        return problems.add(section, fmt::format("holiday {}: until is not within {} days of from",
                                                 name, longest.count()));
    for (auto day = *from; day <= *until; day += std::chrono::days(1))
        into.holidays.insert(day);
    for (auto const& day : worked) {
        if (!is_weekend(day))
            problems.add(section, fmt::format("holiday {}: worked may name Saturdays and Sundays "
                                              "only; other days are worked anyway",
                                              name));
        into.worked_weekends.insert(day);
    }
}

// Of two holidays one may not have off what the other has worked.
void check_both(toml::table const& file, domain::working_calendar const& all,
                toml_problems& problems) {
    for (auto const& day : all.worked_weekends) {
        if (!all.holidays.contains(day)) continue;
        std::chrono::year_month_day const date(day);
        problems.add(file,
                     fmt::format("{:04}-{:02}-{:02} is both worked and a holiday: keep one",
                                 static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                                 static_cast<unsigned>(date.day())));
    }
}

} // namespace

domain::working_calendar parse_calendar(std::string_view text, std::string const& origin) {
    auto const root = parse_toml(text, origin);
    toml_problems problems(origin);
    domain::working_calendar all;
    strict_table file(root, "", problems);
    for (auto const* each : file.sections("holiday", presence::required))
        take_holiday(*each, problems, all);
    file.finish();
    check_both(root, all, problems);
    auto texts = std::move(problems).texts();
    if (!texts.empty()) throw file_error(std::move(texts));
    return all;
}

domain::working_calendar load_calendar(std::filesystem::path const& file) {
    return parse_calendar(read_text(file, "copy it from config/calendar.toml"), file.string());
}

} // namespace linli::files
