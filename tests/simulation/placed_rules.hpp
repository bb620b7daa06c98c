#pragma once

#include "simulation/scene.hpp"

namespace linli::simulation {

// Rule 3, for whoever is asked by telephone: while somebody holds the hotline (for long, and in
// fair weather), an offer that nobody has answered is rung, and rung again until it is taken or
// runs out.
void check_offers_are_rung(scene& here, domain::instant steady_since);

// When the house is quiet: each call that it began has ended, and its alert says how; whoever took
// or declined an offer by a key was heard; and who was told of an alert stands on it.
void check_placed_calls(scene& here);

} // namespace linli::simulation
