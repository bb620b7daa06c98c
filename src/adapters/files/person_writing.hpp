#pragma once

#include <string>
#include <string_view>

#include "app/person_file.hpp"

namespace linli::files {

// What is stored about one resident, for another program.
std::string person_json(app::person_file const& file);

// The same for himself: one page in Chinese that needs nothing beside it, to be read and printed.
// Pictures are in it. Sections without rows are named, so that he sees that there is nothing.
std::string person_page(app::person_file const& file, domain::minutes utc_offset);

// In Chinese; of what has no words yet, its own name.
std::string_view section_words(std::string_view section);
std::string_view column_words(std::string_view column);

} // namespace linli::files
