#pragma once

#include <string>

#include "app/outgoing.hpp"

namespace linli::wire {

// The payload (protobuf) for a device's receipts or a provider's offers.
std::string encode(app::outgoing const& what);

} // namespace linli::wire
