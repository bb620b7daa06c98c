#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace linli::postgres {

// PostgreSQL's text form of an array, '{…}', because libpqxx 6.4.5 does not convert containers.
// Strings are always quoted, so that "NULL", commas and blanks stay what they are.

inline void append_element(std::string& into, std::string_view text) {
    into += '"';
    for (char const c : text) {
        if (c == '"' || c == '\\') into += '\\';
        into += c;
    }
    into += '"';
}

inline void append_element(std::string& into, bool value) {
    into += value ? 't' : 'f';
}

// A pointer would rather become a bool than a string_view.
inline void append_element(std::string& into, char const* text) {
    append_element(into, std::string_view(text));
}

// Shortest text that gives the same number back.
template <class Number>
requires(std::is_arithmetic_v<Number> &&
         !std::same_as<Number, bool>) void append_element(std::string& into, Number value) {
    std::array<char, 40> text;
    auto const end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    into.append(text.data(), end);
}

template <class T>
void append_element(std::string& into, std::optional<T> const& value) {
    if (value)
        append_element(into, *value);
    else
        into += "NULL";
}

// A range of strings, numbers, bools, or optionals of them.
template <class Range>
std::string array_literal(Range const& values) {
    std::string text = "{";
    for (auto const& each : values) {
        if (text.size() > 1) text += ',';
        append_element(text, each);
    }
    text += '}';
    return text;
}

// bytea in text form, "\x00ff".
inline std::string bytea_text(std::string_view bytes) {
    constexpr auto digits = "0123456789abcdef";
    std::string text = "\\x";
    text.reserve(2 + 2 * bytes.size());
    for (char const c : bytes) {
        auto const byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

} // namespace linli::postgres
