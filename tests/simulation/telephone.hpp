#pragma once

#include <string>
#include <vector>

#include "domain/call.hpp"
#include "simulation/scene.hpp"
#include "simulation/services.hpp"
#include "simulation/tapes.hpp"

namespace linli::simulation {

// The hotline's telephone system. It tells of each call that it rings, is answered and ends, again
// and again until a server has taken it; what it tells may come twice and in any order. Queues and
// seats will be told in the same way.
class telephone {
public:
    // Asks a server, whichever answers.
    using way = std::function<void(deed, on_answer)>;
    telephone(scene& here, tapes& recorded, way to)
        : here_(here), recorded_(recorded), to_(std::move(to)) {}

    // Of somebody whose number is known, or not.
    void knows(std::string const& number, domain::caller who);
    void somebody_calls();

    bool waits() const { return untold_ > 0; }

private:
    void tell(domain::call_report what);
    void record(std::string const& name, domain::duration from, domain::duration lasts);

    scene& here_;
    tapes& recorded_;
    way to_;
    std::vector<std::string> numbers_{""}; // withheld
    std::uint64_t count_ = 0;
    std::size_t untold_ = 0;
};

} // namespace linli::simulation
