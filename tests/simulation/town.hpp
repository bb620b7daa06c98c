#pragma once

#include <string>
#include <utility>
#include <vector>

#include "domain/signal.hpp"
#include "simulation/dice.hpp"
#include "support/city.hpp"

namespace linli::simulation {

struct device_plan {
    std::string id;
    std::vector<domain::signal_kind> kinds; // what it can report
};

// A place where a run happens: its registry and the devices of its people.
struct town {
    tests::city registry;
    std::vector<device_plan> devices;
    std::vector<std::string> providers;
};

// Two couples' worth of homes to eight, stations that close at night, workers of some providers. At
// least two may always go, so that help can reach everybody.
town any_town(dice& chance);

// The registry as the next import brings it: a device has moved to other people, or a worker has
// left or changed his hours. The two who may always go stay.
void change_registry(tests::city& registry, dice& chance);

// A couple and a neighbour, three workers: small enough to try every crash.
town small_town();

} // namespace linli::simulation
