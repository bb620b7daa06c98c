#pragma once

#include "adapters/files/device_mapping.hpp"
#include "adapters/files/strict_toml.hpp"

namespace linli::files {

// [poll] of a device mapping.
poll_rule take_poll(toml::table const& section, toml_problems& problems);

} // namespace linli::files
