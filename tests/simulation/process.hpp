#pragma once

#include <functional>

#include "app/house_dialler.hpp"
#include "simulation/database_clock.hpp"
#include "simulation/empty_overview.hpp"
#include "simulation/life_clock.hpp"
#include "simulation/plans.hpp"
#include "simulation/services.hpp"
#include "simulation/unsteady_calls.hpp"
#include "simulation/unsteady_deliveries.hpp"
#include "simulation/unsteady_desk.hpp"
#include "simulation/unsteady_pages.hpp"
#include "simulation/unsteady_placed.hpp"
#include "simulation/unsteady_record.hpp"
#include "simulation/unsteady_recordings.hpp"
#include "simulation/unsteady_telemetry.hpp"

namespace linli::simulation {

inline constexpr domain::minutes china{480};

// What every process of the house is made of: its clock, its way to the database, and the app that
// decides. Whether it is a server or a command line, says who owns it.
class process {
public:
    struct surroundings {
        scene& here;
        fortune& luck;
        std::function<void(app::changes const&)> committed; // seen by the run's rules
    };
    process(surroundings const& with, int plan_edition, domain::duration outbox_lease,
            std::function<void()> crash, std::function<void(app::changes const&)> after_commit);

    // As the server does at its start: until the database says how late it is.
    runtime::task<bool> adopt_time();

    scene& here;
    life_clock clock;
    trouble met;
    unsteady_record record;
    unsteady_deliveries deliveries;
    unsteady_calls calls_kept;
    unsteady_pages pages;
    unsteady_telemetry telemetry;
    unsteady_observation observation;
    unsteady_complaints complaints_kept;
    unsteady_proofs proofs_kept;
    unsteady_commands commands;
    unsteady_placed placed_kept;
    unsteady_offer_calls offers_kept;
    unsteady_recordings recordings_kept;
    database_clock times;
    app::plan_book plans;
    app::id_source ids;
    app::dispatch dispatch;
    empty_overview overview;
    app::desk desk;
    app::calls calls;
    app::own_work own;
    app::complaints complaints;
    app::visit_proofs proofs;
    std::function<void()> asked; // for a call of the house
    app::house_dialler dialler;
    services offered{desk,   calls,    own,   complaints, complaints_kept,
                     proofs, commands, clock, ids,        dialler};
};

} // namespace linli::simulation
