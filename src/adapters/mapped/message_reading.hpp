#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/files/device_mapping.hpp"
#include "domain/signal.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"

namespace linli::mapped {

// A message of a maker's device or cloud, as the journal keeps it.
struct message {
    std::string_view topic; // empty: came by HTTP
    std::string_view bytes;
    std::string_view door; // "mqtt", "http"
    domain::instant received_at;
};

struct reading {
    std::vector<domain::signal> signals;
    std::vector<domain::telemetry> telemetry;
};

// Total: what the message says by the mapping. What belongs to the signals and can't be read, or
// has a kind that the mapping doesn't know, is a signal `unreadable` with what could be read and
// the bytes; so is what no rule of the mapping is for. Never throws for what is in the bytes.
//
// A device's name is the mapping's with its id: "imede.865067123456789". So nobody who comes by
// this mapping can speak for another's device, whatever id is in the message.
reading read_message(files::device_mapping const& by, message const& what,
                     std::chrono::minutes utc_offset);

// Which journal the message goes to. Signals, if no rule is for it.
files::message_lane lane_of(files::device_mapping const& by, std::string_view topic,
                            std::string_view bytes);

// A message of a mapping that isn't there any more.
domain::signal read_unmapped(std::string_view mapping, message const& what);

// The device whom a message is laid to that names none: nobody registers it.
domain::device_id nameless(std::string_view mapping);

} // namespace linli::mapped
