#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace linli::runtime {

// Text of others for a log or a terminal. What would end its line, or what a terminal or an editor
// obeys instead of showing it, is written as an escape; so is what is not UTF-8.

struct shown_character {
    std::string text;
    std::size_t bytes = 0; // of what it stands for
};
// The first one of a text that is not empty.
shown_character first_shown(std::string_view text);

std::string one_line(std::string_view text);
std::vector<std::string> one_line_each(std::vector<std::string> texts);

} // namespace linli::runtime
