// What a telephone system says of a call, and hears. How a call stands in the queue: console_parts.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/call_record.hpp"

namespace linli::wire {

struct call_report_read {
    domain::call_report what;          // its source and time are not the body's to say
    std::optional<domain::instant> at; // by the telephone system's clock
    std::string_view wrong;            // the field without which nothing can be done; empty: none
};
// Nothing if it is no JSON of that shape.
std::optional<call_report_read> read_call_report(std::string_view json);

std::string encode_call_taken(app::known_call const& call);

} // namespace linli::wire
