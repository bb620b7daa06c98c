#pragma once

#include <filesystem>
#include <string_view>
#include <system_error>

namespace linli::runtime {

// The file has these bytes, whole or not at all, also over a power cut: a fresh one beside it
// (".new"), synced, takes its name. Readable by its owner alone. On an error the old one stays.
std::error_code replace_file(std::filesystem::path const& file, std::string_view bytes);

} // namespace linli::runtime
