#pragma once

#include "domain/alert.hpp"

namespace linli::domain {

// Whoever is meant isn't where he was when the alert was opened: a worker goes from door to door,
// and where a resident lives the registry says, also of a watch. Then help goes where this signal
// was told from. Something lesser moves nothing, nor does a visit's silence where she lived before.
bool moves_with(alert const& was, signal_joined const& joined);

} // namespace linli::domain
