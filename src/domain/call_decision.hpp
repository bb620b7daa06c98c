#pragma once

#include <optional>

#include "domain/call.hpp"
#include "domain/hotline.hpp"
#include "domain/request.hpp"

namespace linli::domain {

// Help that was opened is never taken back by a call's decision, and it may follow upon every
// other: who has said that it was nothing may still send somebody.
bool may_become(std::optional<call_outcome> const& is, call_outcome next);

// A request by whom nobody spoke with before he hung up: its ring-back comes so soon.
request hurried(request current, ring_back back, instant now);

} // namespace linli::domain
