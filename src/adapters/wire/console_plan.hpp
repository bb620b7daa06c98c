// The plan that runs with an alert, as one list in the order of time.
#pragma once

#include <vector>

#include "app/desk_reading.hpp"
#include "domain/plan.hpp"
#include "linli/v1/console.pb.h"

namespace linli::wire {

// `log` says which steps were passed over for another reason than an operator.
void write_plan(domain::alert const& a, domain::plan const& with,
                std::vector<app::log_entry> const& log, v1::PlanCard& into);

} // namespace linli::wire
