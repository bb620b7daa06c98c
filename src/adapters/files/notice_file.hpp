#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "app/notice_text.hpp"

namespace linli::files {

// config/notices.toml: what is said to people, by language, reason and kind. Throws file_error
// with all that is wrong with it: a reason without words would be a person who hears nothing, and
// contacts and staff may only be told what concerns them.
app::notice_texts load_notices(std::filesystem::path const& file);
app::notice_texts parse_notices(std::string_view text, std::string const& origin);

} // namespace linli::files
