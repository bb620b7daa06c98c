#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/recent_traces.hpp"

namespace linli::http {

// What the server remembers of one event, as /trace answers it: times are microseconds since 1970
// by the house clock, a step that was not done is missing.
std::string to_json(app::event_trace const& what);

// Nothing for what is no such answer.
std::optional<app::event_trace> read_trace(std::string_view text);

// Where it is asked for: "/trace?event=w1:7:42", escaped.
std::string trace_target(std::string_view event);

} // namespace linli::http
