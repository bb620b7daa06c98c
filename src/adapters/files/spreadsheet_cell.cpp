#include "adapters/files/spreadsheet_cell.hpp"

namespace linli::files {

namespace {

// Also what has apostrophes before it already, or taking one away would not give the same text.
bool begins_formula(std::string_view text) {
    auto const at = text.find_first_not_of('\'');
    constexpr std::string_view begins = "=+-@\t\r\n";
    return at != text.npos && begins.find(text[at]) != begins.npos;
}

} // namespace

std::string guarded_cell(std::string_view text) {
    return (begins_formula(text) ? "'" : "") + std::string(text);
}

std::string unguarded_cell(std::string_view text) {
    if (text.starts_with('\'') && begins_formula(text)) text.remove_prefix(1);
    return std::string(text);
}

} // namespace linli::files
