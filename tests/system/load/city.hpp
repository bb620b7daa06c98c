#pragma once

#include <vector>

#include "app/registry_rows.hpp"
#include "system/load/ledger.hpp"

namespace linli::tests::load {

struct inhabitant {
    domain::device_id device; // worn by somebody who lives alone: one device, one subject
    temper of = temper::patient;
};

struct city {
    app::registry_rows rows;
    std::vector<inhabitant> inhabitants;
};

// Enough people for `rate` presses a second, and enough workers for them.
city city_for(int rate);

inline constexpr auto city_area = "620100";

} // namespace linli::tests::load
