#pragma once

#include <cstdint>
#include <optional>

namespace linli::domain {

enum class position_source : std::uint8_t { unknown, gps, wifi, lbs };

// WGS-84, degrees; accuracy is a radius in metres, 0 when not told.
struct position {
    double latitude = 0;
    double longitude = 0;
    double accuracy_m = 0;
    position_source source = position_source::unknown;

    bool operator==(position const&) const = default;
};

// A fix that can be used: finite, on the globe, and not 0/0, which devices send for "no fix".
bool is_usable(position const& fix);

// The fix if it can be used, else nothing.
std::optional<position> usable(std::optional<position> const& fix);

// Great-circle distance in metres (haversine, mean earth radius 6,371,008.8 m, IUGG).
double distance_m(position const& from, position const& to);

} // namespace linli::domain
