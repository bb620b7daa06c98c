#pragma once

#include <vector>

#include "app/record.hpp"

namespace linli::app {

// Its alert is open, and hears what goes wrong with it.
bool is_heard(view const& seen, domain::order const& o);

// About whom the visits may raise an alert: one that is open belongs to the picture, so that it is
// joined.
std::vector<domain::subject> raised_by_visits(view const& seen);

} // namespace linli::app
