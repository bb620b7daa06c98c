#include "app/report_period.hpp"

#include <algorithm>
#include <charconv>

namespace linli::app {

namespace {

namespace chrono = std::chrono;

constexpr std::size_t month_size = 7; // "2026-11"
constexpr std::size_t day_size = 10;  // "2026-11-28"

std::optional<int> number(std::string_view digits) {
    auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (!std::ranges::all_of(digits, is_digit)) return std::nullopt;
    int read = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), read);
    return read;
}

} // namespace

std::optional<report_period> parse_period(std::string_view text, domain::minutes utc_offset) {
    bool const is_day = text.size() == day_size && text[7] == '-';
    if ((!is_day && text.size() != month_size) || text[4] != '-') return std::nullopt;
    auto const year = number(text.substr(0, 4));
    auto const month = number(text.substr(5, 2));
    auto const day = is_day ? number(text.substr(8, 2)) : std::optional(1);
    if (!year || !month || !day || *year < 1970) return std::nullopt;
    chrono::year_month const of{chrono::year(*year), chrono::month(static_cast<unsigned>(*month))};
    chrono::year_month_day const first = of / chrono::day(static_cast<unsigned>(*day));
    if (!first.ok()) return std::nullopt;
    auto const begins = chrono::sys_days(first);
    auto const ends = is_day ? begins + chrono::days(1)
                             : chrono::sys_days((of + chrono::months(1)) / chrono::day(1));
    return report_period{std::string(text), domain::instant(begins) - utc_offset,
                         domain::instant(ends) - utc_offset};
}

std::optional<chrono::sys_days> parse_day(std::string_view text) {
    if (text.size() != day_size) return std::nullopt;
    auto const period = parse_period(text, domain::minutes(0));
    if (!period) return std::nullopt;
    return chrono::floor<chrono::days>(period->from);
}

} // namespace linli::app
