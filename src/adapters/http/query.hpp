#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace linli::http {

// The value of a parameter. Ours are words and numbers, so no escape is one of theirs.
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
