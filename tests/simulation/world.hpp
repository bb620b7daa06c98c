#pragma once

#include <map>
#include <memory>
#include <vector>

#include "simulation/branch_office.hpp"
#include "simulation/commit_rules.hpp"
#include "simulation/dark_rules.hpp"
#include "simulation/device.hpp"
#include "simulation/house.hpp"
#include "simulation/ledger.hpp"
#include "simulation/provider.hpp"
#include "simulation/roads.hpp"
#include "simulation/run.hpp"
#include "simulation/scene.hpp"
#include "simulation/seat.hpp"
#include "simulation/switchboard.hpp"
#include "simulation/tapes.hpp"
#include "simulation/telephone.hpp"
#include "simulation/town.hpp"

namespace linli::simulation {

// A town with its house, and the time that passes in it. The house has one server or two, on one
// record; one of them receives from the broker. Everything happens on one thread, in an order that
// the seed decides.
class world {
public:
    struct plan {
        std::uint64_t seed = 1;
        town of;
        int servers = 1;
        std::ostream* tell = nullptr;
        bool listens = false; // keeps what happened lately
    };
    explicit world(plan how);

    scene& here() { return here_; }
    fortune& luck() { return luck_; }
    device& device_called(std::string const& id) { return *devices_.at(id); }
    device& any_device();
    provider& any_provider();
    telephone& hotline() { return hotline_; }

    // Lets time pass; stops at the first fault.
    void run_for(domain::duration time);
    bool is_broken() const { return here_.fault.has_value(); }

    void weather_is(weather const& now);
    void database_goes_for(domain::duration time);
    void database_hangs_for(domain::duration time);
    void clocks_jump();
    void plans_change();
    void any_server_crashes();
    // As whoever was told that the clocks disagree does.
    void restart_after_a_jump();
    void receiver_changes(); // thrown out at the broker by the other
    void hotline_has_trouble();
    // What the record had refused waits in a journal until somebody restarts its server.
    void restart_those_with_something_set_aside();
    void people_come_to_senses();

    // Nothing is open, nothing waits anywhere.
    bool is_quiet() const;
    void check_quiet();

    outcome tell_outcome();

private:
    std::unique_ptr<house> a_house(std::string const& name);
    void deliver(app::outbox_row const& row);
    void committed(app::changes const& what);
    bool receive(std::vector<app::input> what);
    void ask_any(deed what, on_answer said);
    void try_device(domain::order_id const& of);
    void settle();
    void boot_soon(house& which);
    void find_receiver();
    void find_hotline_holder();
    void hotline_changes_hands();
    void look_at_the_hotline();
    void let_pass(domain::duration time);
    domain::instant next_moment(domain::instant end) const;
    domain::instant house_now();
    std::optional<domain::instant> in_charge_since() const;
    void look_at_clock();
    void look_into_the_dark();
    void heard_by_voice(std::string const& wish);
    void count_step();

    scene here_;
    fortune luck_{here_.chance, here_.now};
    ledger book_{here_};
    commit_rules rules_;
    dark_rules dark_{here_};
    tapes tapes_{here_};
    switchboard board_;
    std::vector<std::unique_ptr<house>> houses_;
    std::size_t receiver_ = 0;
    branch_office branch_;
    roads by_;
    telephone hotline_;
    std::map<std::string, std::unique_ptr<device>> devices_;
    std::map<std::string, std::unique_ptr<provider>> providers_;
    std::vector<std::unique_ptr<seat>> seats_;
    int plan_edition_ = 1;
    int outages_ = 0; // of the database, that have not ended
    std::map<house*, bool> boot_is_planned_;
    domain::instant fair_since_;
    domain::instant looked_at_;
    domain::instant last_house_now_;
    std::uint64_t steps_ = 0;
    std::uint64_t steps_at_last_look_ = 0;
    std::size_t whole_looks_ = 0;
};

} // namespace linli::simulation
