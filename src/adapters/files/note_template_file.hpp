#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "app/note_templates.hpp"

namespace linli::files {

// config/note_templates.toml, in the order of its digits. Throws file_error with all that is wrong.
std::vector<app::note_template> parse_note_templates(std::string_view text,
                                                     std::string const& origin);
std::vector<app::note_template> load_note_templates(std::filesystem::path const& file);

} // namespace linli::files
