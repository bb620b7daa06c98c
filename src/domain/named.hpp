#pragma once

#include <optional>
#include <string_view>
#include <type_traits>

namespace linli::domain {

// An enumeration's words, the same in code, SQL, log, HTTP and page. Specialised beside each
// enumeration with `static constexpr std::array<std::pair<E, std::string_view>, N> table`.
template <class E>
struct names;

template <class E>
requires std::is_enum_v<E>
constexpr std::string_view to_text(E value) {
    for (auto const& [each, text] : names<E>::table)
        if (each == value) return text;
    return "?";
}

template <class E>
requires std::is_enum_v<E>
constexpr std::optional<E> from_text(std::string_view text) {
    for (auto const& [each, name] : names<E>::table)
        if (name == text) return each;
    return std::nullopt;
}

} // namespace linli::domain
