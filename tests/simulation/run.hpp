#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "simulation/fortune.hpp"

namespace linli::simulation {

struct outcome {
    std::optional<std::string> fault;            // the first rule that was broken
    std::deque<std::string> lately;              // what happened before it
    std::map<std::string, std::size_t> oddities; // how often something looked strange
    std::map<std::string, std::size_t> seen;     // how often each rare thing happened
    std::size_t signals = 0;
    std::size_t commits = 0;
    std::uint64_t steps = 0;
    std::size_t whole_looks = 0; // at the whole record
    std::uint64_t lives = 0;     // of the house
    std::vector<place> points;
    std::size_t awaits = 0;
    std::vector<std::size_t> fresh_awaits;
    domain::duration lasted{0}; // by its clock
};

// A town by `seed`: `steps` things happen to it in foul weather, then (in some runs) nobody is
// there for a while, then all help until everything has ended. `tell` hears every line; else a run
// that fails is run again, so that it can say what happened lately.
outcome run_by_chance(std::uint64_t seed, int steps, std::ostream* tell = nullptr);

// What strikes the small evening: a fate at a point, or death at an await.
struct stroke {
    std::size_t point = 0;
    fate what = fate::crash_before;
    bool at_await = false; // then `point` counts awaits

    bool operator==(stroke const&) const = default;
};

// Helpful people do what they should; moody ones decline, forget, cancel and lose their way until
// the last press. Those who are called are helpful, and answer when our own hotline rings them.
enum class people : std::uint8_t { helpful, moody, called };

// The same small evening, fair but for the strokes.
outcome run_small_evening(people who, std::vector<stroke> const& struck,
                          std::ostream* tell = nullptr);

} // namespace linli::simulation
