#pragma once

#include <cstdint>
#include <optional>

#include "domain/plan.hpp"
#include "domain/signal.hpp"

namespace linli::domain {

// What a signal means before anybody has looked at it.
enum class meaning : std::uint8_t {
    alert,       // opens or joins an alert of `kind`
    request,     // somebody asked to be rung back
    cancelled,   // the wearer takes back what is still counted down, else as cleared
    cleared,     // noted on the open alert; never closes it (rule 7)
    maintenance, // P4: the maintenance list, never the queue
    record,      // kept, nobody is disturbed
};

struct triaged {
    meaning what = meaning::record;
    std::optional<alert_kind> kind; // with meaning::alert
    bool confirmed = false;         // no countdown, whatever the plan says
};

// Never filters: no position, a wrong clock, a low battery or a resident "in hospital" change
// nothing here (rule 6). `registered` is false for a device that nobody has registered: whatever
// it says with urgency goes to the city's desk.
triaged triage(signal_kind kind, bool registered);

} // namespace linli::domain
