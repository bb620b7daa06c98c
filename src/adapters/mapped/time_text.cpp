#include "adapters/mapped/time_text.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace linli::mapped {

namespace {

using domain::instant;

constexpr double end_of_year_9999 = 253402300800;

struct clock_time {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millisecond = 0;
};

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    if (text.size() < at + count) return std::nullopt;
    int value = 0;
    for (auto const c : text.substr(at, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = 10 * value + (c - '0');
    }
    return value;
}

std::optional<instant> instant_of(clock_time const& t) {
    std::chrono::year_month_day const day{std::chrono::year(t.year),
                                          std::chrono::month(static_cast<unsigned>(t.month)),
                                          std::chrono::day(static_cast<unsigned>(t.day))};
    bool const is_clock = t.hour < 24 && t.minute < 60 && t.second <= 60;
    if (!day.ok() || t.year < 1 || !is_clock) return std::nullopt;
    return std::chrono::sys_days(day) + std::chrono::hours(t.hour) +
           std::chrono::minutes(t.minute) + std::chrono::seconds(t.second) +
           std::chrono::milliseconds(t.millisecond);
}

int* part_of(clock_time& t, std::string_view name) {
    if (name == "yyyy" || name == "yy") return &t.year;
    if (name == "MM") return &t.month;
    if (name == "dd") return &t.day;
    if (name == "HH") return &t.hour;
    if (name == "mm") return &t.minute;
    if (name == "ss") return &t.second;
    return &t.millisecond;
}

std::optional<instant> by_pattern(std::string_view text, std::string_view pattern) {
    constexpr std::array<std::string_view, 8> names{"yyyy", "yy", "MM", "dd",
                                                    "HH",   "mm", "ss", "SSS"};
    if (text.size() != pattern.size()) return std::nullopt;
    clock_time t;
    for (std::size_t at = 0; at < pattern.size();) {
        std::string_view name;
        for (auto const each : names)
            if (name.empty() && pattern.substr(at).starts_with(each)) name = each;
        if (name.empty()) {
            if (text[at] != pattern[at]) return std::nullopt;
            ++at;
            continue;
        }
        auto const value = digits(text, at, name.size());
        if (!value) return std::nullopt;
        *part_of(t, name) = name == "yy" ? 2000 + *value : *value;
        at += name.size();
    }
    return instant_of(t);
}

// "Z", "+08:00", "+0800", "+08"
std::optional<std::chrono::minutes> offset_of(std::string_view text) {
    if (text == "Z" || text == "z") return std::chrono::minutes(0);
    if (text.size() < 3 || (text.front() != '+' && text.front() != '-')) return std::nullopt;
    auto const hours = digits(text, 1, 2);
    auto rest = text.substr(3);
    if (rest.starts_with(':')) rest.remove_prefix(1);
    auto const minutes = rest.empty() ? std::optional(0) : digits(rest, 0, 2);
    if (!hours || !minutes || (!rest.empty() && rest.size() != 2)) return std::nullopt;
    std::chrono::minutes const ahead{60 * *hours + *minutes};
    return text.front() == '-' ? -ahead : ahead;
}

std::optional<instant> by_iso8601(std::string_view text, std::chrono::minutes otherwise) {
    constexpr std::size_t to_the_second = 19; // "2026-11-23T16:20:01"
    if (text.size() < to_the_second) return std::nullopt;
    bool const between = text[10] == 'T' || text[10] == 't' || text[10] == ' ';
    auto const day = between ? by_pattern(text.substr(0, 10), "yyyy-MM-dd") : std::nullopt;
    auto const hour = digits(text, 11, 2);
    auto const minute = digits(text, 14, 2);
    auto const second = digits(text, 17, 2);
    if (!day || !hour || !minute || !second || text[13] != ':' || text[16] != ':')
        return std::nullopt;
    if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    auto rest = text.substr(to_the_second);
    std::chrono::microseconds fraction{0};
    if (rest.starts_with('.') || rest.starts_with(',')) {
        rest.remove_prefix(1);
        std::chrono::microseconds digit{100'000};
        for (; !rest.empty() && rest.front() >= '0' && rest.front() <= '9'; digit /= 10) {
            fraction += digit * (rest.front() - '0');
            rest.remove_prefix(1);
        }
    }
    auto const ahead = rest.empty() ? std::optional(otherwise) : offset_of(rest);
    if (!ahead) return std::nullopt;
    return *day + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           std::chrono::seconds(*second) + fraction - *ahead;
}

// As many microseconds as a number's unit has.
std::optional<instant> by_epoch(std::string_view text, double unit_us) {
    double value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    auto const us = value * unit_us;
    if (!(us > 0 && us < end_of_year_9999 * 1e6)) return std::nullopt; // 0: no clock
    return instant(domain::duration(std::llround(us)));
}

} // namespace

std::optional<domain::instant> read_time(std::string_view text, files::time_rule const& rule,
                                         std::chrono::minutes utc_offset) {
    auto const ahead = rule.utc ? std::chrono::minutes(0) : utc_offset;
    switch (rule.form) {
    case files::time_form::epoch_s:
        return by_epoch(text, 1e6);
    case files::time_form::epoch_ms:
        return by_epoch(text, 1e3);
    case files::time_form::iso8601:
        return by_iso8601(text, ahead);
    case files::time_form::pattern:
        break;
    }
    auto const local = by_pattern(text, rule.pattern);
    if (!local) return std::nullopt;
    return *local - ahead;
}

} // namespace linli::mapped
