#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/registry_rows.hpp"

namespace linli::files {

struct zone_problem {
    std::string where; // "features[3].geometry"
    std::string value;
    std::string what;
    std::string remedy;
};

struct zone_reading {
    std::vector<app::zone_row> zones; // the good ones
    std::vector<zone_problem> problems;
};

// A GeoJSON FeatureCollection (RFC 7946) of polygons, each with the properties "resident", "name"
// and "kind" (home, regular or forbidden); other properties are the drawing program's.
zone_reading parse_zones(std::string_view text);

// The same polygon in the one form in which it is stored; nothing if it is none, or has more than a
// thousand points.
std::optional<std::string> plain_shape(std::string_view wkt);

bool is_zone_name(std::string_view text);

struct written_zone {
    std::string resident;
    std::string name;
    std::string kind;
    std::string shape; // WKT
};
// What parse_zones takes.
std::string zones_text(std::vector<written_zone> const& zones);

} // namespace linli::files
