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
    bool const is_in_use = latest_ != domain::instant{};
    auto const before = is_in_use ? now(steady) : base_ + (steady - base_steady_);
    auto const reached = is_in_use ? std::max(latest, before) : latest;
    bool const in_doubt = latest != domain::instant{} && wall - latest > far_ahead;
    auto const begins = in_doubt && before >= latest ? std::min(before, wall) : wall;
    base_ = reached - begins > most_to_stand_still ? reached : begins;
    latest_ = std::max(latest_, reached);
    base_steady_ = steady;
    return wall - before;
}

} // namespace linli::app
