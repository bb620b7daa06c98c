#include "simulation/fortune.hpp"

#include <algorithm>

namespace linli::simulation {

namespace {

constexpr int worst_per_mille = 150;

// Outside of the database: only a death can stop them half-way.
bool is_outside(place where) {
    return where == place::journal || where == place::send || where == place::carry ||
           where == place::tapes;
}

bool only_reads(place where) {
    return where == place::read || where == place::due || where == place::registry ||
           where == place::pages || where == place::placed_read || where == place::recordings_read;
}

// How much more often something strikes where the house comes seldom.
int worse_luck(place where) {
    switch (where) {
    case place::order_numbers:
    case place::plans:
    case place::calls:
    case place::telemetry:
        return 20;
    case place::outbox_sent:
        return 5;
    case place::recordings:
    case place::tapes:
    case place::pages:
    case place::complaints:
    case place::proofs:
        return 90;
    default:
        return 1;
    }
}

} // namespace

std::vector<fate> fates_of(place where) {
    if (is_outside(where)) return {fate::crash_before, fate::crash_after};
    if (only_reads(where)) return {fate::crash_before, fate::crash_after, fate::away, fate::hang};
    if (where == place::commit)
        return {fate::crash_before, fate::crash_after, fate::away,    fate::hang,
                fate::hang_done,    fate::in_doubt,    fate::conflict};
    return {fate::crash_before, fate::crash_after, fate::away,
            fate::hang,         fate::hang_done,   fate::in_doubt};
}

fate fortune::by_chance(place where) {
    auto const strikes = [&](int per_mille) {
        return chance_.per_mille(std::min(per_mille * worse_luck(where), worst_per_mille));
    };
    if (strikes(now_.crash_per_mille))
        return chance_.percent(50) ? fate::crash_before : fate::crash_after;
    if (is_outside(where)) return fate::fine;
    if (strikes(now_.away_per_mille)) return fate::away;
    if (strikes(now_.hang_per_mille))
        return only_reads(where) || chance_.percent(50) ? fate::hang : fate::hang_done;
    if (only_reads(where)) return fate::fine;
    if (strikes(now_.in_doubt_per_mille)) return fate::in_doubt;
    if (where == place::commit && strikes(now_.conflict_per_mille)) return fate::conflict;
    return fate::fine;
}

fate fortune::next(place where) {
    auto const told = struck_.find(points_.size());
    points_.push_back(where);
    auto const drawn = by_chance(where);
    auto const met = told == struck_.end() ? drawn : told->second;
    ++times_[static_cast<std::size_t>(where)][static_cast<std::size_t>(met)];
    return met;
}

bool fortune::dies_at_await() {
    auto const number = awaits_++;
    if (points_.size() != points_at_last_await_) fresh_awaits_.push_back(number);
    points_at_last_await_ = points_.size();
    if (!struck_awaits_.empty() && struck_awaits_.contains(number)) return true;
    return now_.crash_per_million_awaits > 0 &&
           chance_.below(1'000'000) < static_cast<std::uint64_t>(now_.crash_per_million_awaits);
}

domain::duration fortune::pause() {
    if (now_.slow_percent == 0 || !chance_.percent(now_.slow_percent)) return domain::duration{0};
    return chance_.between(domain::duration{0}, now_.slowest_call);
}

} // namespace linli::simulation
