#pragma once

#include "app/plan_book.hpp"

namespace linli::simulation {

// Plans with the levels and orders of config/plans, one edition after the other: a restart may
// bring a newer one, while older alerts run on with theirs.
app::plan_book plans_of(int edition);

} // namespace linli::simulation
