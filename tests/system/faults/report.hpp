#pragma once

#include <string>
#include <vector>

#include "system/faults/fault_case.hpp"
#include "system/faults/outcome.hpp"

namespace linli::tests::faults {

// All that is known of these cases: sums, and the longest of times. A line each, and below the
// table whatever was not as it must be.
std::string report_of(std::vector<fault_case> const& cases, std::vector<outcome> const& known,
                      std::string const& refused); // what those that need root lack here

int faults_of(std::string_view name, std::vector<outcome> const& known);
bool all_clean(std::vector<outcome> const& known);

} // namespace linli::tests::faults
