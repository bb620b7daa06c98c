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

} // namespace linli::postgres
