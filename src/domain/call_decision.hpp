#pragma once

#include <optional>

#include "domain/call.hpp"

namespace linli::domain {

// Help that was opened is never taken back by a call's decision, and it may follow upon every
// other: who has said that it was nothing may still send somebody.
bool may_become(std::optional<call_outcome> const& is, call_outcome next);

} // namespace linli::domain
