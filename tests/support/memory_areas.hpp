#pragma once

#include <vector>

#include "support/city.hpp"

namespace linli::tests {

// The area and those that it lies in, from the inside out.
inline std::vector<domain::area_id> areas_around(city const& town, domain::area_id area) {
    std::vector<domain::area_id> all;
    while (!area.empty()) {
        all.push_back(area);
        domain::area_id parent;
        for (auto const& each : town.areas)
            if (each.code == area) parent = each.parent;
        area = parent;
    }
    return all;
}

} // namespace linli::tests
