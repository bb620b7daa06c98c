#include "app/house_time.hpp"

#include <algorithm>

namespace linli::app {

namespace {

// Two servers' clocks, or those of two runs, would drive each other on if each began where the
// other had got to.
constexpr domain::seconds most_to_stand_still{2};

} // namespace

domain::instant house_time::now(domain::duration steady) {
    latest_ = std::max(latest_, base_ + (steady - base_steady_));
    return latest_;
}

domain::duration house_time::adopt(domain::instant wall, domain::instant latest,
                                   domain::duration steady) {
    auto const before = now(steady);
    auto const reached = std::max(latest, before);
    base_ = reached - wall > most_to_stand_still ? reached : wall;
    latest_ = std::max(latest_, reached);
    base_steady_ = steady;
    return wall - before;
}

} // namespace linli::app
