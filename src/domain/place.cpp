#include "domain/place.hpp"

#include <cmath>

#include <boost/geometry/core/cs.hpp>
#include <boost/geometry/geometries/point.hpp>
#include <boost/geometry/strategies/spherical/distance_haversine.hpp>

namespace linli::domain {

namespace bg = boost::geometry;

bool is_usable(position const& fix) {
    if (!std::isfinite(fix.latitude) || !std::isfinite(fix.longitude)) return false;
    if (std::abs(fix.latitude) > 90 || std::abs(fix.longitude) > 180) return false;
    return std::abs(fix.latitude) > 1e-9 || std::abs(fix.longitude) > 1e-9;
}

std::optional<position> usable(std::optional<position> const& fix) {
    if (!fix || !is_usable(*fix)) return std::nullopt;
    return fix;
}

double distance_m(position const& from, position const& to) {
    using point = bg::model::point<double, 2, bg::cs::spherical_equatorial<bg::degree>>;
    constexpr double mean_earth_radius_m = 6371008.8;
    bg::strategy::distance::haversine<double> const haversine(mean_earth_radius_m);
    return haversine.apply(point(from.longitude, from.latitude), point(to.longitude, to.latitude));
}

} // namespace linli::domain
