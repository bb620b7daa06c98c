#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "adapters/mapped/message_reading.hpp"

namespace linli::mapped {

// Reads each sample that lies beside a mapping, config/devices/NAME/*.json, and says where the
// reading isn't the expected one; a text that begins with the file's name, for each. A sample is
//     { "topic": "…", "message": {…} or "bytes": "…", "expect": [ … ] }
// received on 2026-11-23 at 08:00 UTC, where the installation is eight hours ahead.
std::vector<std::string> sample_problems(files::device_mapping const& mapping,
                                         std::filesystem::path const& folder);
std::size_t count_samples(std::filesystem::path const& folder);

// As samples expect it: a list of what was read, in JSON.
std::string to_json(reading const& what);

} // namespace linli::mapped
