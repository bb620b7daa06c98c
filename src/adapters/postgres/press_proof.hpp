#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "domain/signal.hpp"

namespace linli::postgres {

// What the record says of these presses, each by a resident of his own.
struct press_proof {
    std::size_t presses = 0;
    std::size_t alerts = 0;
    std::size_t orders = 0;
    std::size_t answered = 0; // the alert closed, the order followed up, a worker at the door
    std::size_t lost = 0;     // not in the record, or without an alert or an order
    std::size_t doubled = 0;  // more than one alert or order

    bool holds() const { return lost == 0 && doubled == 0 && answered == presses; }
};

// Throws pqxx's exceptions.
press_proof prove_presses(std::string const& connection_string,
                          std::vector<domain::event_id> const& events);

// What a city sees beside its presses.
struct side_happenings {
    std::vector<domain::event_id> fell;
    std::vector<domain::device_id> wandered;
    std::vector<domain::device_id> silent;
};

// What the record says of them.
struct side_proof {
    std::size_t falls_answered = 0;   // raised, somebody at the door, the alert closed
    std::size_t falls_taken_back = 0; // by the wearer within the countdown: nobody was rung
    std::size_t wanderers = 0;        // one alert each, closed by a person
    std::size_t silences = 0;
    std::size_t refused = 0;     // offers
    std::size_t rungs_empty = 0; // alerts that passed by a rung with nobody on duty
};

side_proof prove_beside(std::string const& connection_string, side_happenings const& what);

} // namespace linli::postgres
