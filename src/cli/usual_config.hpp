#pragma once

#include <filesystem>
#include <string_view>

#include "runtime/config.hpp"

namespace linli::cli {

// Whose linli.toml is meant when the command line names none, so that what the log says to type is
// typed as it stands: $LINLI_CONFIG (`named`; may be null), the one that is `installed`, or that of
// the checkout in which somebody stands.
std::filesystem::path usual_config_file(char const* named, std::filesystem::path const& installed);

// Throws, with the line to type instead, when root would do the server's work: the server could
// neither read nor write what it makes on the way. Whose work it is, the key file's owner says.
void refuse_root(runtime::config const& config, std::filesystem::path const& file,
                 std::string_view command);

} // namespace linli::cli
