#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/dwell.hpp"
#include "domain/named.hpp"
#include "domain/place.hpp"

namespace linli::domain {

enum class zone_kind : std::uint8_t {
    home,      // where the wearer lives
    regular,   // and may be as well: the market, the daughter's
    forbidden, // and may not: the river bank
};

template <>
struct names<zone_kind> {
    static constexpr std::array<std::pair<zone_kind, std::string_view>, 3> table{{
        {zone_kind::home, "home"},
        {zone_kind::regular, "regular"},
        {zone_kind::forbidden, "forbidden"},
    }};
};

// One polygon, with holes if it has any, as WKT: "POLYGON((103.83 36.06, …))", longitude first.
struct zone {
    std::string name; // one word: it stands in rules and event ids
    zone_kind kind = zone_kind::home;
    std::string shape;

    bool operator==(zone const&) const = default;
};

// What is wrong with a shape, empty if nothing: no polygon, crosses itself, off the globe.
std::string problem_of_shape(std::string_view wkt);

struct fence_settings {
    seconds outside{120}; // so long outside all home and regular zones
    seconds forbidden{0}; // so long inside a forbidden one
    seconds back{180};    // so long back before it is noted
    // The least radius in metres in which the wearer really is, whatever the fix says of itself.
    double gps_m = 15;
    double wifi_m = 60;
    double lbs_m = 800;
    double unknown_m = 100;

    bool operator==(fence_settings const&) const = default;
};

// In metres.
double radius_of(position const& fix, fence_settings const& with);

enum class zone_side : std::uint8_t { inside, outside, straddling };

// Where the whole circle of the fix is.
zone_side side_of(zone const& z, position const& fix, double radius_m);

// Outside all zones in which the wearer may be. Nobody has left what nobody has drawn.
finding is_outside(std::span<zone const> zones, position const& fix, double radius_m);

// Inside a forbidden one.
finding is_inside(zone const& forbidden, position const& fix, double radius_m);

} // namespace linli::domain
