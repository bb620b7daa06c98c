#include "adapters/files/threshold_file.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

#include "adapters/files/strict_toml.hpp"

namespace linli::files {

namespace {

using presence = strict_table::presence;

constexpr int most_seconds = 86'400;

domain::vital_limit take_vital(toml::table const& section, toml_problems& problems) {
    domain::vital_limit limit;
    strict_table keys(section, "vital", problems);
    keys.word("what", presence::required, limit.what);
    keys.decimal("low", 0, 1'000'000, limit.low);
    keys.decimal("high", 0, 1'000'000, limit.high);
    std::optional<double> hysteresis;
    keys.decimal("hysteresis", 0, 1000, hysteresis);
    limit.hysteresis = hysteresis.value_or(0);
    keys.seconds("lasting_s", presence::required, 0, most_seconds, limit.lasting);
    keys.finish();
    if (!limit.low && !limit.high)
        problems.add(section, "neither low nor high: give one, or remove the section");
    if (limit.low && limit.high && *limit.low >= *limit.high)
        problems.add(section, "low is not below high: correct one");
    return limit;
}

void take_vitals(strict_table& file, toml_problems& problems, domain::thresholds& into) {
    for (auto const* each : file.sections("vital", presence::required)) {
        auto const limit = take_vital(*each, problems);
        bool const twice =
            std::ranges::any_of(into.vitals, [&](auto const& v) { return v.what == limit.what; });
        if (twice)
            problems.add(*each, fmt::format("vital {} twice: keep one", to_text(limit.what)));
        into.vitals.push_back(limit);
    }
    auto const* section = file.section("news2", presence::required);
    if (!section) return;
    strict_table keys(*section, "news2", problems);
    keys.number("points", presence::required, 0, 20, into.news2_points);
    keys.seconds("lasting_s", presence::required, 0, most_seconds, into.news2_lasting);
    keys.finish();
}

void take_fence(strict_table& file, toml_problems& problems, domain::fence_settings& into) {
    auto const* section = file.section("fence", presence::required);
    if (!section) return;
    strict_table keys(*section, "fence", problems);
    keys.seconds("outside_s", presence::required, 0, most_seconds, into.outside);
    keys.seconds("forbidden_s", presence::required, 0, most_seconds, into.forbidden);
    keys.seconds("back_s", presence::required, 0, most_seconds, into.back);
    auto const radius = [&](std::string_view key, double& metres) {
        std::optional<double> told;
        keys.decimal(key, 0, 100'000, told);
        metres = told.value_or(metres);
    };
    radius("gps_m", into.gps_m);
    radius("wifi_m", into.wifi_m);
    radius("lbs_m", into.lbs_m);
    radius("unknown_m", into.unknown_m);
    keys.finish();
}

// "07:30"
void take_minute(strict_table& keys, toml::table const& section, toml_problems& problems,
                 std::string_view key, int& into) {
    std::string text;
    keys.text(key, presence::required, text);
    int hour = 0;
    int minute = 0;
    auto const* end = text.data() + text.size();
    bool fits = text.size() == 5 && text[2] == ':' &&
                std::from_chars(text.data(), text.data() + 2, hour).ptr == text.data() + 2 &&
                std::from_chars(text.data() + 3, end, minute).ptr == end;
    fits = fits && hour >= 0 && minute >= 0 && minute < 60 && hour * 60 + minute <= 24 * 60;
    if (!fits && !text.empty())
        problems.add(section, fmt::format("{} is \"{}\": write HH:MM, 00:00 to 24:00", key, text));
    if (fits) into = hour * 60 + minute;
}

void take_minutes(strict_table& keys, std::string_view key, domain::minutes& into) {
    int number = static_cast<int>(into.count());
    keys.number(key, presence::required, 1, 24 * 60, number);
    into = domain::minutes(number);
}

void take_silence(strict_table& file, toml_problems& problems, domain::inactivity_profile& into) {
    into.parts.clear();
    for (auto const* each : file.sections("silence", presence::required)) {
        domain::day_part part;
        strict_table keys(*each, "silence", problems);
        take_minute(keys, *each, problems, "from", part.from);
        take_minute(keys, *each, problems, "until", part.until);
        take_minutes(keys, "longest_min", part.longest);
        keys.finish();
        into.parts.push_back(part);
    }
    if (auto const* section = file.section("water", presence::required)) {
        strict_table keys(*section, "water", problems);
        std::optional<double> litres;
        keys.decimal("least_litres", 0, 10'000, litres);
        into.least_litres = litres.value_or(into.least_litres);
        int hours = static_cast<int>(into.water_within.count());
        keys.number("within_h", presence::required, 1, 24 * 7, hours);
        into.water_within = domain::hours(hours);
        keys.finish();
    }
    if (auto const* section = file.section("bed", presence::required)) {
        strict_table keys(*section, "bed", problems);
        take_minute(keys, *section, problems, "night_from", into.night_from);
        take_minute(keys, *section, problems, "night_until", into.night_until);
        take_minutes(keys, "out_min", into.out_of_bed);
        keys.finish();
    }
}

} // namespace

domain::thresholds parse_thresholds(std::string_view text, std::string const& origin) {
    auto const root = parse_toml(text, origin);
    toml_problems problems(origin);
    domain::thresholds read;
    strict_table file(root, "", problems);
    take_vitals(file, problems, read);
    take_fence(file, problems, read.fence);
    take_silence(file, problems, read.inactivity);
    file.finish();
    auto texts = std::move(problems).texts();
    if (!texts.empty()) throw file_error(std::move(texts));
    return read;
}

domain::thresholds load_thresholds(std::filesystem::path const& file) {
    return parse_thresholds(read_text(file, "copy it from config/thresholds.toml"), file.string());
}

} // namespace linli::files
