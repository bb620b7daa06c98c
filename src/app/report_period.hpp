#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/time.hpp"

namespace linli::app {

// A day or a month, as the installation's clocks show it.
struct report_period {
    std::string text; // "2026-11-28", "2026-11"
    domain::instant from;
    domain::instant until; // without it

    bool operator==(report_period const&) const = default;
};

// "2026-11-28", and nothing else.
std::optional<std::chrono::sys_days> parse_day(std::string_view text);

std::optional<report_period> parse_period(std::string_view text, domain::minutes utc_offset);

} // namespace linli::app
