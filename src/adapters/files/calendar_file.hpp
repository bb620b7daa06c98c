#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "domain/working_calendar.hpp"

namespace linli::files {

// config/calendar.toml: public holidays, and the weekends that are worked in their place. Throws
// file_error with all that is wrong with it.
domain::working_calendar parse_calendar(std::string_view text, std::string const& origin);
domain::working_calendar load_calendar(std::filesystem::path const& file);

} // namespace linli::files
