#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace linli::http {

// The value of a parameter that is a word or a number, so no escape is one of its.
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

// "%E5%BC%A0" as it was meant; nothing where an escape is broken, or a NUL was meant.
inline std::optional<std::string> decoded(std::string_view text) {
    std::string plain;
    while (!text.empty()) {
        char c = text.front();
        std::size_t read = 1;
        if (c == '%') {
            unsigned char byte = 0;
            auto const digits = text.substr(1, 2);
            auto const [end, error] =
                std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
            if (error != std::errc{} || digits.size() != 2 || end != digits.data() + 2 || byte == 0)
                return std::nullopt;
            c = static_cast<char>(byte);
            read = 3;
        }
        plain += c;
        text.remove_prefix(read);
    }
    return plain;
}

// The value of a parameter that somebody typed: a form writes a blank as '+'. Empty where it is
// broken.
inline std::string typed_parameter(std::string_view query, std::string_view name) {
    std::string value(parameter(query, name));
    std::replace(value.begin(), value.end(), '+', ' ');
    return decoded(value).value_or("");
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
