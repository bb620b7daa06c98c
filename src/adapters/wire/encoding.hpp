#pragma once

#include <string>

#include "app/outgoing.hpp"

namespace linli::wire {

// The payload for a device's receipts or a provider's offers (protobuf), or of a notice (JSON).
std::string encode(app::outgoing const& what);

} // namespace linli::wire
