#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "adapters/files/file_error.hpp"
#include "domain/thresholds.hpp"

namespace linli::files {

// What an installation agrees for everybody: limits of vitals, the fence's and the silence's times.
// Throws file_error with all that is wrong.
domain::thresholds parse_thresholds(std::string_view text, std::string const& origin);
domain::thresholds load_thresholds(std::filesystem::path const& file);

} // namespace linli::files
