#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/ids.hpp"
#include "domain/signal.hpp"
#include "domain/time.hpp"

namespace linli::wire {

// Total: every payload is a signal. What can be read is read; the kind of what is no message, or
// of a kind that we don't know, is `unreadable`. The bytes are kept (the first 64 KiB) when
// anything in them could not be read. `door` is where it came in ("mqtt"), `device` who the
// credential says it is.
domain::signal read_signal(domain::device_id const& device, std::string_view payload,
                           std::optional<std::string_view> content_type, std::string door,
                           domain::instant received_at);

} // namespace linli::wire
