#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/watch_tcp/frame.hpp"
#include "domain/ids.hpp"
#include "domain/signal.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"

namespace linli::watch_tcp {

inline constexpr std::string_view door = "watch_tcp";

// Whether the frame has to be written down before anybody is answered: every AL; every status that
// says sos, fall, removed, a fence or a dying battery; and whatever can't be read, because it may
// have been one of these. No position is needed, and no true length.
bool is_signal(frame const& f);

// Total: what the bytes say of that device. Of several bits the worst is the kind, and the text
// tells all of them. `unreadable` if nothing can be made of them.
domain::signal read_signal(domain::device_id const& device, std::string_view bytes,
                           domain::instant received_at);

// Whether it measures: a position, or a vital sign. Such a frame may be a signal as well.
bool is_telemetry(frame const& f);

// Total. A position without a fix leaves its battery; what can't be read is kept as its bytes.
domain::telemetry read_telemetry(domain::device_id const& device, std::string_view bytes,
                                 domain::instant received_at);

} // namespace linli::watch_tcp
