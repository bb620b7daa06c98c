#pragma once

#include "hotline/config.hpp"

namespace linli::hotline {

// The engine with all its parts, until SIGTERM or SIGINT: then no call is let in any more, and it
// ends when the last is over, or after the configured time, or at the second signal. Throws what
// keeps it from starting.
void run_engine(config const& with);

} // namespace linli::hotline
