#pragma once

#include "domain/time.hpp"

namespace linli::simulation {

// How bad everything outside of the house's own code is. Chances in percent, per mille or per
// million.
struct weather {
    // network
    int lost_percent = 0;     // of a device's message, or of a receipt to it
    int doubled_percent = 0;  // of any message
    int not_sent_percent = 0; // the broker does not take what the outbox sends
    int not_told_percent = 0; // a gateway does not carry a letter to its person
    domain::duration slowest{20'000};
    // the house and its database, for each call of the record
    int crash_per_mille = 0;
    int away_per_mille = 0;
    int hang_per_mille = 0; // nobody answers until the caller gives up
    int in_doubt_per_mille = 0;
    int conflict_per_mille = 0;
    int crash_per_million_awaits = 0;
    int slow_percent = 0; // calls that take up to `slowest_call`
    domain::duration slowest_call{0};
    domain::duration longest_down{1'000'000};
    domain::duration allowed_lateness{2'000'000}; // of due work, while a house can work
    // people
    domain::duration longest_step{600'000'000}; // of a worker: a way, a service
    bool helpful = true; // everybody does what he should; false: the moods of the persons' dice
    bool anybody = true; // false: nobody answers at all
    bool by_telephone = false; // whoever is asked answers when he is rung, and not before
};

inline constexpr weather fair{};

} // namespace linli::simulation
