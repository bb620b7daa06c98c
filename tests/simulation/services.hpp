#pragma once

#include <functional>

#include "app/calls.hpp"
#include "app/command_record.hpp"
#include "app/complaints.hpp"
#include "app/desk.hpp"
#include "app/dialler.hpp"
#include "app/own_work.hpp"
#include "app/visit_proofs.hpp"

namespace linli::simulation {

// What a person can ask of one process of the house.
struct services {
    app::desk& desk;
    app::calls& calls;
    app::own_work& own;
    app::complaints& complaints;
    app::complaint_record& complaints_kept;
    app::visit_proofs& proofs;
    app::command_record& commands;
    app::clock& clock;
    app::id_source& ids;
    app::dialler& dialler;
};

using answer = app::record_result<app::verdict>;
using deed = std::function<runtime::task<answer>(services&)>;
using on_answer = std::function<void(answer const&)>;

} // namespace linli::simulation
