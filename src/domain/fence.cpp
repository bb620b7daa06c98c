#include "domain/fence.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <boost/geometry.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/geometries/polygon.hpp>

namespace linli::domain {

namespace bg = boost::geometry;

namespace {

using point = bg::model::d2::point_xy<double>;
using polygon = bg::model::polygon<point>;

constexpr double metres_a_degree = 111'195.0;

std::optional<polygon> polygon_of(std::string_view wkt) {
    polygon read;
    try {
        bg::read_wkt(std::string(wkt), read);
    } catch (bg::exception const&) {
        return std::nullopt;
    }
    bg::correct(read); // closes rings and turns them the right way
    return read;
}

// Degrees to metres east and north of the fix. A zone is a few kilometres wide at most, so a flat
// picture is exact to centimetres where it matters: near the fix.
polygon around(position const& fix, polygon degrees) {
    auto const shrink = std::cos(fix.latitude * std::numbers::pi / 180);
    bg::for_each_point(degrees, [&](point& p) {
        p = {(p.x() - fix.longitude) * metres_a_degree * shrink,
             (p.y() - fix.latitude) * metres_a_degree};
    });
    return degrees;
}

double to_border_m(polygon const& p) {
    point const here(0, 0);
    auto nearest = bg::distance(here, bg::model::linestring<point>(p.outer().begin(), //
                                                                   p.outer().end()));
    for (auto const& hole : p.inners())
        nearest = std::min(
            nearest, bg::distance(here, bg::model::linestring<point>(hole.begin(), hole.end())));
    return nearest;
}

} // namespace

std::string problem_of_shape(std::string_view wkt) {
    auto const shape = polygon_of(wkt);
    if (!shape) return "no polygon";
    bool on_globe = true;
    bg::for_each_point(*shape, [&](point const& p) {
        on_globe = on_globe && std::abs(p.x()) <= 180 && std::abs(p.y()) <= 90;
    });
    if (!on_globe) return "off the globe: longitude comes first";
    std::string why;
    return bg::is_valid(*shape, why) ? "" : why;
}

double radius_of(position const& fix, fence_settings const& with) {
    auto least = with.unknown_m;
    switch (fix.source) {
    case position_source::gps:
        least = with.gps_m;
        break;
    case position_source::wifi:
        least = with.wifi_m;
        break;
    case position_source::lbs:
        least = with.lbs_m;
        break;
    case position_source::unknown:
        break;
    }
    return std::max(fix.accuracy_m, least);
}

zone_side side_of(zone const& z, position const& fix, double radius_m) {
    auto const shape = polygon_of(z.shape);
    if (!shape) return zone_side::straddling;
    auto const here = around(fix, *shape);
    if (to_border_m(here) < radius_m) return zone_side::straddling;
    return bg::within(point(0, 0), here) ? zone_side::inside : zone_side::outside;
}

finding is_outside(std::span<zone const> zones, position const& fix, double radius_m) {
    bool any = false;
    bool unsure = false;
    for (auto const& each : zones) {
        if (each.kind == zone_kind::forbidden) continue;
        any = true;
        auto const side = side_of(each, fix, radius_m);
        if (side == zone_side::inside) return finding::no;
        unsure = unsure || side == zone_side::straddling;
    }
    if (!any) return finding::no;
    return unsure ? finding::undecided : finding::yes;
}

finding is_inside(zone const& forbidden, position const& fix, double radius_m) {
    switch (side_of(forbidden, fix, radius_m)) {
    case zone_side::inside:
        return finding::yes;
    case zone_side::outside:
        return finding::no;
    case zone_side::straddling:
        break;
    }
    return finding::undecided;
}

} // namespace linli::domain
