#pragma once

#include <optional>
#include <string_view>

namespace linli::wire {

// The value after a key, found by looking at the text alone: the last resort for broken JSON.
std::optional<std::string_view> word_after(std::string_view key, std::string_view text);

// Without the byte order mark and blanks at the front.
std::string_view skip_blanks(std::string_view text);

} // namespace linli::wire
