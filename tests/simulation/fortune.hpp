#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
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
    clock,
    deliveries,
    calls,
    pages, // what a worker's page reads
    telemetry,
    observation,
    complaints,
    proofs,
    commands,
    placed,      // calls that the house begins
    placed_read, // and which of them there are
    recordings,
    recordings_read,
    journal,
    send,
    carry,
    tapes, // what was recorded, on the disk
};
inline constexpr std::size_t all_places = 25;

enum class fate : std::uint8_t {
    fine,
    crash_before, // nothing has been done
    crash_after,  // it is done, and nobody has heard
    away,         // not done, and the house is told so
    hang,         // not done, and nobody answers until the house gives up
    hang_done,    // the same, and it is done
    in_doubt,     // done, and the house is told that it is not
    conflict,     // a race is lost (commit)
};
inline constexpr std::size_t all_fates = 8;

// Everything that can happen there, but `fine`.
std::vector<fate> fates_of(place where);

// What happens at each point: by chance and weather, or as told beforehand. Points, and awaits, are
// counted over all lives of all houses.
class fortune {
public:
    fortune(dice& chance, weather const& now) : chance_(chance), now_(now) {}

    void strike(std::size_t point, fate what) { struck_[point] = what; }
    void strike_await(std::size_t await) { struck_awaits_.insert(await); }

    fate next(place where);
    // One of the house's tasks goes on: true if it dies here.
    bool dies_at_await();
    domain::duration pause(); // how long the database takes

    std::vector<place> const& points() const { return points_; }
    std::size_t awaits() const { return awaits_; }
    // Of these, the first after something was done that outlives a crash.
    std::vector<std::size_t> const& fresh_awaits() const { return fresh_awaits_; }
    std::size_t times(place where, fate what) const {
        return times_[static_cast<std::size_t>(where)][static_cast<std::size_t>(what)];
    }

private:
    fate by_chance(place where);

    dice& chance_;
    weather const& now_;
    std::map<std::size_t, fate> struck_;
    std::set<std::size_t> struck_awaits_;
    std::vector<place> points_;
    std::vector<std::size_t> fresh_awaits_;
    std::size_t awaits_ = 0;
    std::size_t points_at_last_await_ = 0;
    std::array<std::array<std::size_t, all_fates>, all_places> times_{};
};

} // namespace linli::simulation
