#pragma once

#include <chrono>
#include <map>

#include "domain/erasure.hpp"

namespace linli::app {

// How long what stays of somebody is kept. What isn't named stays for ever, or as long as others
// keep it.
using erasure_times = std::map<domain::erasure_rest, std::chrono::days>;

} // namespace linli::app
