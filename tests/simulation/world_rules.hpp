#pragma once

#include "simulation/scene.hpp"

namespace linli::simulation {

// The whole record at once, whatever was touched lately: what must hold between its rows (design,
// section 4), and that each chain of the log is whole and tells how its row has come to its state.
// Takes as long as the record is big, so it is done now and then.
void check_whole_world(scene& here);

} // namespace linli::simulation
