#pragma once

#include <optional>
#include <string_view>

#include "domain/ids.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"

namespace linli::wire {

inline constexpr std::size_t most_samples = 1000;

// Total: every payload is telemetry of that device, if only an empty one. What can be read is read;
// the bytes are kept (the first 64 KiB) when anything in them could not be: no message, a code that
// we don't know, a value that no instrument gives, more than `most_samples`.
domain::telemetry read_telemetry(domain::device_id const& device, std::string_view payload,
                                 std::optional<std::string_view> content_type,
                                 domain::instant received_at);

} // namespace linli::wire
