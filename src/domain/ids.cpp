#include "domain/ids.hpp"

namespace linli::domain {

namespace {

constexpr std::string_view digits = "0123456789abcdef";

// A hyphen stands before these bytes of the canonical form.
constexpr bool hyphen_before(std::size_t byte) {
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

std::optional<std::uint8_t> nibble(char c) {
    if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<std::uint8_t>(c - 'A' + 10);
    return std::nullopt;
}

} // namespace

std::string to_string(uuid const& id) {
    std::string text;
    text.reserve(36);
    for (std::size_t i = 0; i < id.bytes.size(); ++i) {
        if (hyphen_before(i)) text += '-';
        text += digits[id.bytes[i] >> 4];
        text += digits[id.bytes[i] & 15];
    }
    return text;
}

std::optional<uuid> parse_uuid(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    uuid id;
    std::size_t at = 0;
    for (std::size_t i = 0; i < id.bytes.size(); ++i) {
        if (hyphen_before(i) && text[at++] != '-') return std::nullopt;
        auto const high = nibble(text[at]);
        auto const low = nibble(text[at + 1]);
        if (!high || !low) return std::nullopt;
        id.bytes[i] = static_cast<std::uint8_t>(*high << 4 | *low);
        at += 2;
    }
    return id;
}

} // namespace linli::domain
