#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace linli::wire {

// What a stranger wrote, as text that the database and a page can take: valid UTF-8 without NUL
// (U+FFFD stands for each byte that isn't), at most `most` characters.
std::string clean_text(std::string_view bytes, std::size_t most);

bool is_utf8(std::string_view bytes);

} // namespace linli::wire
