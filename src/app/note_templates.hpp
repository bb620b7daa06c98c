#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace linli::app {

// What an operator writes again and again into an alert's notes, in both languages of the pages. A
// digit writes one, so there are at most nine.
struct note_template {
    std::string zh;
    std::string en;

    bool operator==(note_template const&) const = default;
};
inline constexpr std::size_t most_note_templates = 9;

// Of an installation that has named none of its own; config/note_templates.toml lists the same.
std::vector<note_template> usual_note_templates();

} // namespace linli::app
