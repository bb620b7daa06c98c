#pragma once

#include "simulation/scene.hpp"

namespace linli::simulation {

// Rule 3: nothing open is overdue by more than the allowed lateness.
void check_nothing_overdue(scene& here, domain::duration allowed);

// All have helped, for long: nothing is left open, nothing untold.
void check_all_ended(scene& here);

// Nobody has answered, for long: every ladder stands at its top and goes on ringing.
void check_all_ring(scene& here);

} // namespace linli::simulation
