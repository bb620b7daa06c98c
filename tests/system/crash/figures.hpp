#pragma once

#include <string>

#include "system/crash/audit.hpp"

namespace linli::tests::crash {

// The table of figures, one a line.
std::string figures_of(ledger const& outside, heard_offers const& heard,
                       record_picture const& record, audit const& found);

} // namespace linli::tests::crash
