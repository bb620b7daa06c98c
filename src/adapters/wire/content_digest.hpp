#pragma once

#include <string_view>

#include "domain/ids.hpp"
#include "domain/signal.hpp"
#include "domain/time.hpp"

namespace linli::wire {

// The event id of a message that brings none: "w1:x:<16 hex of BLAKE2b(payload)>:<10 s window of
// receipt>". The same bytes within a window are one event; a replay of the journal, which keeps the
// time of receipt, finds the same id again.
domain::event_id event_id_by_content(domain::device_id const& device, std::string_view payload,
                                     domain::instant received_at,
                                     domain::seconds window = domain::seconds{10});

// The same of a message of which each one counts, though the next may have the same bytes: by its
// very time of receipt.
domain::event_id event_id_by_receipt(domain::device_id const& device, std::string_view payload,
                                     domain::instant received_at);

// The event id of a message that its sender has named in its own way: "w1:n:<16 hex>".
domain::event_id event_id_by_name(domain::device_id const& device, std::string_view name);

} // namespace linli::wire
