#pragma once

#include "app/outgoing.hpp"
#include "domain/responder.hpp"

namespace linli::app {

// What of a visit whoever goes is shown, by what he is: the same on his page and in what his
// provider's system is told.
visit shown_to(visit whole, domain::responder_kind who);

} // namespace linli::app
