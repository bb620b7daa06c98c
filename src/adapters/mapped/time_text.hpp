#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "adapters/files/device_mapping.hpp"
#include "domain/time.hpp"

namespace linli::mapped {

// The time that a text tells by the rule; nothing when it tells none, or none that exists.
// `utc_offset` is the installation's, for texts that name no offset and aren't UTC by the rule.
std::optional<domain::instant> read_time(std::string_view text, files::time_rule const& rule,
                                         std::chrono::minutes utc_offset);

} // namespace linli::mapped
