#pragma once

#include <string>

#include "domain/device_command.hpp"

namespace linli::wire {

// The payload for a device's commands.
std::string encode(domain::device_command const& what);

} // namespace linli::wire
