#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/ids.hpp"
#include "domain/named.hpp"
#include "domain/time.hpp"

namespace linli::domain {

enum class outage_kind : std::uint8_t {
    broker, // nobody can be heard who speaks by it
    area,   // power, network or a SIM batch: many devices of one area went together
};

template <>
struct names<outage_kind> {
    static constexpr std::array<std::pair<outage_kind, std::string_view>, 2> table{{
        {outage_kind::broker, "broker"},
        {outage_kind::area, "area"},
    }};
};

// One incident instead of a thousand entries.
struct outage {
    outage_id id;
    outage_kind kind = outage_kind::area;
    area_id area;
    instant since;
    std::optional<instant> ended;
    int devices = 0; // that went, in all

    bool operator==(outage const&) const = default;
};

struct outage_limits {
    int devices = 10; // fewer are no outage …
    int percent = 30; // … nor is a smaller share of the area's devices
    seconds window{600};
    seconds broker_grace{60};
};

struct area_tally {
    int devices = 0;
    int gone = 0; // within the window
};

// The widest of these areas (a device's own first, then those above it) that is out as a whole. One
// in which no more are gone than in the one below it is not meant: only that street is out.
std::optional<area_id> area_that_is_out(std::vector<area_id> const& upwards,
                                        std::map<area_id, area_tally> const& tallies,
                                        outage_limits const& limits);

// Nearly all are back: who is not stands on the list by itself.
bool is_over(outage const& o, int still_gone);

// Somebody who can't call for help now.
struct care_call {
    resident_id resident;
    home_id home;
    device_id device;
    bool high_risk = false;
    bool alone = false;
    instant since;
};
// Whom to ring first: high risk and alone, high risk, alone, the others; then who waits longest.
void by_risk(std::vector<care_call>& list);

} // namespace linli::domain
