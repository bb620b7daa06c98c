#pragma once

#include <string>
#include <vector>

#include "app/outgoing.hpp"

namespace linli::simulation {

// Stands for the wire's encoding: a payload is the number of a letter that is kept here, over every
// restart of the house.
class letters {
public:
    std::string seal(app::outgoing const& what) {
        all_.push_back(what);
        return std::to_string(all_.size() - 1);
    }
    app::outgoing open(std::string const& payload) const { return all_.at(std::stoul(payload)); }

private:
    std::vector<app::outgoing> all_;
};

} // namespace linli::simulation
