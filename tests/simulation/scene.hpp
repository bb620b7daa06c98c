#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "simulation/agenda.hpp"
#include "simulation/dice.hpp"
#include "simulation/letters.hpp"
#include "simulation/sightings.hpp"
#include "simulation/trace.hpp"
#include "simulation/weather.hpp"
#include "support/evening.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_calls.hpp"
#include "support/memory_commands.hpp"
#include "support/memory_complaints.hpp"
#include "support/memory_deliveries.hpp"
#include "support/memory_observation.hpp"
#include "support/memory_offer_calls.hpp"
#include "support/memory_placed_calls.hpp"
#include "support/memory_proofs.hpp"
#include "support/memory_record.hpp"
#include "support/memory_recordings.hpp"
#include "support/memory_telemetry.hpp"

namespace linli::simulation {

// What the database says of the time, and for how long it says nothing at all.
struct database_moods {
    domain::duration ahead{0}; // of the true time
    domain::instant latest;    // that a house has stored
    domain::instant hangs_until;
};

inline std::set<std::string> devices_of(tests::city const& town) {
    std::set<std::string> all;
    for (auto const& each : town.residents)
        for (auto const& device : each.devices)
            all.insert(device.value);
    return all;
}

// What everybody in a run shares. Nothing in here dies with a house.
struct scene {
    scene(std::uint64_t seed, tests::city town, std::ostream* tell)
        : chance(seed), told(tell), record(std::move(town)) {}

    void database_is_away(bool is_away) {
        record.away(is_away);
        deliveries.away(is_away);
        calls.away(is_away);
        telemetry.away(is_away);
        observation.away(is_away);
        complaints.away(is_away);
        proofs.away(is_away);
        commands.away(is_away);
        placed.away(is_away);
        offer_calls.away(is_away);
        recordings.away(is_away);
    }

    dice chance;
    weather now = fair;
    tests::manual_clock clock{tests::evening}; // the true time, which nobody knows
    agenda todo;
    trace told;
    letters wire;
    tests::memory_record record;
    tests::memory_deliveries deliveries{record};
    tests::memory_calls calls{record};
    tests::memory_telemetry telemetry;
    tests::memory_observation observation;
    tests::memory_complaints complaints{record};
    tests::memory_proofs proofs{record};
    tests::memory_commands commands{devices_of(record.town())};
    tests::memory_placed_calls placed;
    tests::memory_offer_calls offer_calls{record, placed};
    tests::memory_recordings recordings{record, calls, placed};
    bool speaks = false; // our own hotline rings people, in place of a gateway
    database_moods database;
    domain::instant hang_given_up_at; // of a call that was struck; nothing can be done until then
    domain::duration machines_are_ahead{0};
    // The processes that run have taken their times from clocks that disagreed; a person is told of
    // it and restarts them. And whether that has been so at all.
    bool clocks_differ = false;
    bool clocks_have_differed = false;
    // What a house's clock says; rows of the record have such times.
    std::function<domain::instant()> house_now = [this] { return clock.now(); };
    std::optional<std::string> fault; // the first rule that was broken
    std::map<std::string, std::size_t> oddities;
    sightings seen;

    void after(domain::duration pause, agenda::deed what) {
        todo.at(clock.now() + pause, std::move(what));
    }
    bool tells() const { return told.listens(); }
    void note(std::string const& text) { told.note(text); }
    // No rule speaks against it, but somebody should look at it.
    void odd(std::string const& what) { ++oddities[what]; }
    void saw(rare what) { seen.events.add(what); }
    // Rule 9, as far as the clocks allow: each process writes its own time.
    void goes_back_in_time() {
        if (clocks_have_differed) return odd("a chain goes back in time, as the clocks did");
        broken("rule 9: a chain goes back in time");
    }
    void broken(std::string const& rule) {
        if (!fault) fault = rule;
        told.note("BROKEN " + rule);
    }
};

} // namespace linli::simulation
