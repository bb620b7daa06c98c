#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "simulation/dice.hpp"
#include "simulation/weather.hpp"

namespace linli::simulation {

// Where the house touches the world: every such touch is a point at which it may die.
enum class place : std::uint8_t {
    read,
    commit,
    due,
    order_numbers,
    registry,
    take_outbox,
    outbox_sent,
    plans,
    journal,
    send,
};

enum class fate : std::uint8_t {
    fine,
    crash_before, // nothing has been done
    crash_after,  // it is done, and nobody has heard
    away,         // not done, and the house is told so
    in_doubt,     // done, and the house is told that it is not
    conflict,     // a race is lost (commit)
};

// What happens at each point: by chance and weather, or as told beforehand.
class fortune {
public:
    fortune(dice& chance, weather const& now) : chance_(chance), now_(now) {}

    // The points are counted over all lives of the house.
    void strike(std::size_t point, fate what) { struck_[point] = what; }

    fate next(place where);
    domain::duration pause(); // how long the database takes

    std::vector<place> const& points() const { return points_; }

private:
    fate by_chance(place where);

    dice& chance_;
    weather const& now_;
    std::map<std::size_t, fate> struck_;
    std::vector<place> points_;
};

} // namespace linli::simulation
