#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace linli::http {

// The value of a parameter as it was sent: of words and numbers no escape is one.
inline std::string_view parameter(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        auto const stop = std::min(query.find('&'), query.size());
        auto const each = query.substr(0, stop);
        query.remove_prefix(std::min(stop + 1, query.size()));
        if (each.size() > name.size() && each.starts_with(name) && each[name.size()] == '=')
            return each.substr(name.size() + 1);
    }
    return {};
}

// "%E7%8E%8B" and, in a query, "+" for a blank; nothing if an escape is none.
inline std::optional<std::string> unescaped(std::string_view text, bool plus_is_blank) {
    constexpr std::string_view digits = "0123456789abcdef0123456789ABCDEF";
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            plain += plus_is_blank && text[at] == '+' ? ' ' : text[at];
            continue;
        }
        auto const high = at + 2 < text.size() ? digits.find(text[at + 1]) : digits.npos;
        auto const low = at + 2 < text.size() ? digits.find(text[at + 2]) : digits.npos;
        if (high == digits.npos || low == digits.npos) return std::nullopt;
        plain += static_cast<char>(high % 16 * 16 + low % 16);
        at += 2;
    }
    return plain;
}

// The value of a parameter that somebody typed. Empty where it is broken.
inline std::string typed_parameter(std::string_view query, std::string_view name) {
    return unescaped(parameter(query, name), true).value_or("");
}

// 0 where there is none; nothing where it is no number.
template <class Number>
std::optional<Number> number(std::string_view text) {
    Number read = 0;
    if (text.empty()) return read;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return read;
}

} // namespace linli::http
