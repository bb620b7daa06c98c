#include "adapters/wire/clean_text.hpp"

#include <cstdint>

namespace linli::wire {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

// Lowest and highest second byte for a first byte (Unicode 15, table 3-7): leaves out overlong
// forms, surrogates and what lies beyond U+10FFFF.
bool fits_second(std::uint8_t first, std::uint8_t second) {
    if (first == 0xE0) return second >= 0xA0 && second <= 0xBF;
    if (first == 0xED) return second >= 0x80 && second <= 0x9F;
    if (first == 0xF0) return second >= 0x90 && second <= 0xBF;
    if (first == 0xF4) return second >= 0x80 && second <= 0x8F;
    return second >= 0x80 && second <= 0xBF;
}

std::size_t length_by_first(std::uint8_t first) {
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return 2;
    if (first >= 0xE0 && first <= 0xEF) return 3;
    if (first >= 0xF0 && first <= 0xF4) return 4;
    return 0;
}

// Bytes of the character that starts there, 0 if none does.
std::size_t character_at(std::string_view bytes, std::size_t at) {
    auto const first = byte_at(bytes, at);
    auto const length = length_by_first(first);
    if (length == 0 || bytes.size() - at < length) return 0;
    if (length > 1 && !fits_second(first, byte_at(bytes, at + 1))) return 0;
    for (std::size_t i = 2; i < length; ++i)
        if ((byte_at(bytes, at + i) & 0xC0) != 0x80) return 0;
    return length;
}

} // namespace

std::string clean_text(std::string_view bytes, std::size_t most) {
    std::string text;
    std::size_t at = 0;
    for (std::size_t characters = 0; at < bytes.size() && characters < most; ++characters) {
        auto const length = character_at(bytes, at);
        if (length == 0 || bytes[at] == '\0') {
            text += replacement;
            ++at;
        } else {
            text += bytes.substr(at, length);
            at += length;
        }
    }
    return text;
}

bool is_utf8(std::string_view bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        auto const length = character_at(bytes, at);
        if (length == 0) return false;
        at += length;
    }
    return true;
}

} // namespace linli::wire
