#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "hotline/core/words.hpp"

// The three of a talk as the engine and the mixer name them to each other.
namespace linli::hotline {

inline constexpr std::size_t parties = 3;
inline constexpr std::array<std::string_view, parties> party_names{"caller", "leg", "third"};

inline std::string_view to_text(party who) {
    return party_names[static_cast<std::size_t>(who)];
}

inline std::optional<party> party_of(std::string_view text) {
    auto const at = std::ranges::find(party_names, text);
    if (at == party_names.end()) return std::nullopt;
    return static_cast<party>(at - party_names.begin());
}

} // namespace linli::hotline
