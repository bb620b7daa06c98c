#pragma once

#include <map>
#include <memory>
#include <vector>

#include "simulation/branch_office.hpp"
#include "simulation/commit_rules.hpp"
#include "simulation/device.hpp"
#include "simulation/house.hpp"
#include "simulation/ledger.hpp"
#include "simulation/provider.hpp"
#include "simulation/roads.hpp"
#include "simulation/run.hpp"
#include "simulation/scene.hpp"
#include "simulation/seat.hpp"
#include "simulation/town.hpp"

namespace linli::simulation {

// A town with its house, and the time that passes in it. Everything happens on one thread, in an
// order that the seed decides.
class world {
public:
    world(std::uint64_t seed, town of, std::ostream* tell);

    scene& here() { return here_; }
    fortune& luck() { return luck_; }
    class house& house() {
        return house_;
    }
    device& device_called(std::string const& id) { return *devices_.at(id); }
    device& any_device();
    provider& any_provider();

    // Lets time pass; stops at the first fault.
    void run_for(domain::duration time);
    bool is_broken() const { return here_.fault.has_value(); }

    void weather_is(weather const& now);
    void database_goes_for(domain::duration time);
    void plans_change() { ++plan_edition_; }
    void people_come_to_senses();

    // Nothing is open, nothing waits anywhere.
    bool is_quiet() const;
    void check_quiet();

    outcome tell_outcome();

private:
    void deliver(app::outbox_row const& row);
    void settle();
    void look_at_clock();

    scene here_;
    fortune luck_{here_.chance, here_.now};
    ledger book_{here_};
    commit_rules rules_{here_};
    twin_journal journal_;
    class house house_;
    branch_office branch_;
    roads by_{here_, house_};
    std::map<std::string, std::unique_ptr<device>> devices_;
    std::map<std::string, std::unique_ptr<provider>> providers_;
    std::vector<std::unique_ptr<seat>> seats_;
    int plan_edition_ = 1;
    int outages_ = 0; // of the database, that have not ended
    bool boot_is_planned_ = false;
    domain::instant fair_since_;
    domain::instant looked_at_;
};

} // namespace linli::simulation
