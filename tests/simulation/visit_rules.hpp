#pragma once

#include <set>

#include "simulation/scene.hpp"

namespace linli::simulation {

// Rule 3, for whoever goes: his visit may outlive its alert, or have none. When the house is quiet,
// each time that he gave no word, stood before a locked door or failed was heard: by the alert that
// sent him, as long as that was open, else by one of its own, once until there was a word from him
// again. And of these visits somebody has said that they need an ambulance: there is such an alert.
void check_visits_are_heard(scene& here, std::set<domain::order_id> const& need_120);

} // namespace linli::simulation
