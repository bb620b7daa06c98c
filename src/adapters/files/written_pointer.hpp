#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/files/device_mapping.hpp"
#include "adapters/files/strict_toml.hpp"

namespace linli::files {

// Nothing: it is none.
std::optional<json_pointer> pointer_of(std::string_view text);
std::string not_a_pointer(std::string_view key, std::string_view found);

// { "/messageType" = "dataReport", "/serviceId" = ["1001", "1002"] }, by the key `name`.
std::vector<condition> conditions_of(toml::node const& node, std::string_view name,
                                     toml_problems& problems);

} // namespace linli::files
