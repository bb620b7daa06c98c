#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "adapters/files/file_error.hpp"
#include "domain/service.hpp"

namespace linli::files {

// Throws file_error with all that is wrong.
domain::catalogue parse_services(std::string_view text, std::string const& origin);
domain::catalogue load_services(std::filesystem::path const& file);

} // namespace linli::files
