#include "runtime/one_line.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/core.h>

namespace linli::runtime {

namespace {

struct code_point {
    char32_t value = 0;
    std::size_t bytes = 0; // 0: not UTF-8
};

// The code point at the start of a text that is not empty (RFC 3629: no surrogates, no overlong
// forms, nothing above U+10FFFF).
code_point first_code_point(std::string_view text) {
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    auto const lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    std::size_t const bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {};
    char32_t value = lead & (0x7fU >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xc0U) != 0x80U) return {};
        value = (value << 6U) | (byte(i) & 0x3fU);
    }
    constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
    bool const surrogate = value >= 0xd800 && value <= 0xdfff;
    if (value < smallest[bytes] || value > 0x10ffff || surrogate) return {};
    return {value, bytes};
}

// What a terminal or an editor obeys instead of showing it: controls, line separators, and the
// marks that reverse or hide text ("trojan source").
bool is_invisible(char32_t c) {
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           c == 0x061c || (c >= 0xe0000 && c <= 0xe007f);
}

std::string escaped(char32_t c) {
    if (c == U'\n') return "\\n";
    if (c == U'\r') return "\\r";
    if (c == U'\t') return "\\t";
    return fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(c));
}

} // namespace

shown_character first_shown(std::string_view text) {
    auto const c = first_code_point(text);
    if (c.bytes == 0) return {fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0])), 1};
    if (is_invisible(c.value)) return {escaped(c.value), c.bytes};
    return {std::string(text.substr(0, c.bytes)), c.bytes};
}

std::string one_line(std::string_view text) {
    std::string line;
    while (!text.empty()) {
        auto const shown = first_shown(text);
        line += shown.text;
        text.remove_prefix(shown.bytes);
    }
    return line;
}

std::vector<std::string> one_line_each(std::vector<std::string> texts) {
    for (auto& each : texts)
        each = one_line(each);
    return texts;
}

} // namespace linli::runtime
