#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace linli::runtime {

// For "did you mean": the word that fewest insertions, deletions, replacements and swaps of
// neighbours make of `meant`, if they are few enough to be a slip of the fingers.
std::optional<std::string> nearest_word(std::string_view meant, std::span<std::string const> words);

} // namespace linli::runtime
