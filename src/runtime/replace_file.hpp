#pragma once

#include <filesystem>
#include <functional>
#include <string_view>
#include <system_error>

namespace linli::runtime {

// The file has these bytes, whole or not at all, also over a power cut: a fresh one beside it
// (".new"), synced, takes its name. Readable by its owner alone. On an error the old one stays.
std::error_code replace_file(std::filesystem::path const& file, std::string_view bytes);

// The same for more than shall lie in memory: `write` puts it piece by piece. What it throws goes
// through, and leaves the old file.
using put_bytes = std::function<void(std::string_view piece)>;
std::error_code replace_file(std::filesystem::path const& file,
                             std::function<void(put_bytes const& put)> const& write);

} // namespace linli::runtime
