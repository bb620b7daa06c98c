#pragma once

#include <list>

#include "simulation/house.hpp"

namespace linli::simulation {

// A desk in a process of its own, as the command line is: for each command it opens the record,
// decides on its own picture of the registry, and goes. The server hears nothing of it.
class branch_office {
public:
    branch_office(scene& here, fortune& luck, std::function<void(app::changes const&)> committed);
    ~branch_office();

    void command(desk_deed what, desk_answered answered);
    bool settle(); // true when something was done

private:
    struct session;

    scene& here_;
    fortune& luck_;
    std::function<void(app::changes const&)> committed_;
    std::list<std::unique_ptr<session>> open_;
};

} // namespace linli::simulation
