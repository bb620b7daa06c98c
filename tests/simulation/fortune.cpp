#include "simulation/fortune.hpp"

namespace linli::simulation {

fate fortune::by_chance(place where) {
    if (chance_.per_mille(now_.crash_per_mille))
        return chance_.percent(50) ? fate::crash_before : fate::crash_after;
    if (where == place::journal || where == place::send) return fate::fine;
    if (chance_.per_mille(now_.away_per_mille)) return fate::away;
    if (where != place::commit) return fate::fine;
    if (chance_.per_mille(now_.in_doubt_per_mille)) return fate::in_doubt;
    if (chance_.per_mille(now_.conflict_per_mille)) return fate::conflict;
    return fate::fine;
}

fate fortune::next(place where) {
    auto const told = struck_.find(points_.size());
    points_.push_back(where);
    auto const drawn = by_chance(where);
    return told == struck_.end() ? drawn : told->second;
}

domain::duration fortune::pause() {
    if (!chance_.percent(now_.slow_percent)) return domain::duration{0};
    return chance_.between(domain::duration{0}, now_.slowest_call);
}

} // namespace linli::simulation
