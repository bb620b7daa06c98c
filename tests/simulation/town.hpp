#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "domain/call.hpp"
#include "domain/signal.hpp"
#include "simulation/dice.hpp"
#include "simulation/scene.hpp"
#include "support/city.hpp"
#include "support/memory_deliveries.hpp"

namespace linli::simulation {

struct device_plan {
    std::string id;
    std::vector<domain::signal_kind> kinds; // what it can report
};

// A place where a run happens: its registry, the devices of its people, and whom they want told.
struct town {
    tests::city registry;
    std::vector<device_plan> devices;
    std::vector<std::string> providers;
    std::vector<tests::known_contact> contacts;
    std::vector<tests::known_site> sites; // with whoever is told there
    std::vector<std::pair<std::string, domain::caller>> numbers;
    bool has_couple = false;
    // Our own hotline rings people; whom it can ring about an offer.
    bool speaks = false;
    std::map<domain::worker_id, std::string> telephones;
    std::map<domain::provider_id, std::string> switchboards;
};

// Two couples' worth of homes to eight, stations that close at night, workers of some providers. At
// least two may always go, so that help can reach everybody.
town any_town(dice& chance);

// The registry as the next import brings it: a device has moved to other people, or a worker has
// left or changed his hours. The two who may always go stay.
void change_registry(tests::city& registry, dice& chance);

// Whose pulse and place are watched: everybody's, by whatever he wears now.
void agree_on_care(scene& here);

// A couple and a neighbour, three workers: small enough to try every crash.
town small_town();

} // namespace linli::simulation
