#pragma once

#include <string>

#include "app/time_line.hpp"

namespace linli::cli {

// For a person: the steps one under the other, further in the further from the button, each with
// how long it took since the one before; then what is missing, and when it is due.
std::string trace_text(app::time_line const& what, domain::instant now);

// For programs, in one line: times in UTC, gaps in microseconds.
std::string trace_json(app::time_line const& what);

} // namespace linli::cli
