#pragma once

#include <string>

#include "system/load/audit.hpp"

namespace linli::tests::crash {

using load::audit;
using load::heard_offers;
using load::ledger;
using load::record_picture;

// The table of figures, one a line.
std::string figures_of(ledger const& outside, heard_offers const& heard,
                       record_picture const& record, audit const& found);

} // namespace linli::tests::crash
