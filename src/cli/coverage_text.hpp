#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "app/coverage.hpp"

namespace linli::cli {

// What a reader is told of a reason: in Chinese, then in English.
struct reason_words {
    std::string_view zh;
    std::string_view en;
    std::string_view remedy_zh;
    std::string_view remedy_en;
};
reason_words const& words_of(app::gap_reason why);
std::string_view name_zh(app::gap_kind kind);

// "21:00–07:00 ×7", by the clock on the wall.
std::string hours_text(std::vector<app::time_range> const& hours, domain::minutes utc_offset);

// The report of an evening, to be read and to be handed on: ids, no names. At most `rows` gaps of
// each reason, and how many more there are.
std::string to_text(app::coverage_report const& report, domain::minutes utc_offset,
                    std::size_t rows);

} // namespace linli::cli
