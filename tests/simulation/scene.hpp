#pragma once

#include <map>
#include <optional>
#include <string>

#include "simulation/agenda.hpp"
#include "simulation/dice.hpp"
#include "simulation/letters.hpp"
#include "simulation/trace.hpp"
#include "simulation/weather.hpp"
#include "support/evening.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_record.hpp"

namespace linli::simulation {

// What everybody in a run shares. Nothing in here dies with the house.
struct scene {
    scene(std::uint64_t seed, tests::city town, std::ostream* tell)
        : chance(seed), told(tell), record(std::move(town)) {}

    dice chance;
    weather now = fair;
    tests::manual_clock clock{tests::evening};
    agenda todo;
    trace told;
    letters wire;
    tests::memory_record record;
    std::optional<std::string> fault; // the first rule that was broken
    std::map<std::string, std::size_t> oddities;

    void after(domain::duration pause, agenda::deed what) {
        todo.at(clock.now() + pause, std::move(what));
    }
    void note(std::string const& text) { told.note(text); }
    // No rule speaks against it, but somebody should look at it.
    void odd(std::string const& what) { ++oddities[what]; }
    void broken(std::string const& rule) {
        if (!fault) fault = rule;
        told.note("BROKEN " + rule);
    }
};

} // namespace linli::simulation
