#pragma once

#include <chrono>

#include "domain/time.hpp"

namespace linli::app {

// What the house clock says: a wall clock read once, and a steady clock since. It never goes back,
// not even behind what an earlier run has handed out. Whoever owns the steady clock passes what it
// shows; nothing here asks a clock.
class house_time {
public:
    house_time(domain::instant wall, domain::duration steady) : base_(wall), base_steady_(steady) {}

    // A database so far ahead of the latest time may be right after a long rest, or wrong.
    static constexpr domain::duration far_ahead = std::chrono::days(2);

    domain::instant now(domain::duration steady);

    // The database's time, and the latest that an earlier run has stored. Returns by how much the
    // clock stood wrong (positive: it was behind). A little ahead of the database it stands still
    // until that has come, far ahead it goes on from there. The wall clock that it was made with
    // counts for nothing if now() was never asked: nobody has a time of it. Except against a
    // database that is far ahead, where the earlier of the two counts: a house can go ahead at any
    // time, and never back.
    domain::duration adopt(domain::instant wall, domain::instant latest, domain::duration steady);

    // What the steady clock shows when it is so late.
    domain::duration steady_at(domain::instant when) const { return base_steady_ + (when - base_); }

private:
    domain::instant base_;
    domain::duration base_steady_;
    domain::instant latest_; // handed out; the epoch: nothing
};

} // namespace linli::app
