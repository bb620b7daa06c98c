#pragma once

#include <list>
#include <memory>
#include <optional>

#include "simulation/process.hpp"

namespace linli::simulation {

// A desk in a process of its own, as the command line is: for each command it opens the record,
// decides on its own picture of the registry, and goes. The servers hear nothing of it.
class branch_office {
public:
    explicit branch_office(process::surroundings with);
    ~branch_office();

    void ask(deed what, on_answer said);
    bool settle(); // true when something was done

    void fast_forward(domain::duration by);
    std::optional<domain::instant> next_waited_for() const;

private:
    struct session;

    process::surroundings with_;
    std::list<std::unique_ptr<session>> open_;
};

} // namespace linli::simulation
