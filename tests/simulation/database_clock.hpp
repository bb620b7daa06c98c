#pragma once

#include "simulation/trouble.hpp"

namespace linli::simulation {

// The database's clock and the latest time that a house has stored there, as one process reads
// them.
class database_clock {
public:
    struct times {
        domain::instant wall;
        domain::instant latest;
    };
    database_clock(scene& here, trouble& met) : here_(here), met_(met) {}

    runtime::task<app::record_result<times>> read() { return met_.pass(place::clock, look()); }
    // Answers the database's time.
    runtime::task<app::record_result<domain::instant>> keep(domain::instant latest) {
        return met_.pass(place::clock, store(latest));
    }

private:
    runtime::task<app::record_result<times>> look();
    runtime::task<app::record_result<domain::instant>> store(domain::instant latest);
    domain::instant wall() const { return here_.clock.now() + here_.database.ahead; }

    scene& here_;
    trouble& met_;
};

} // namespace linli::simulation
