#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "domain/named.hpp"

namespace linli::app {

// In which coordinates a publisher draws his tiles. The house keeps WGS-84 alone; a page moves what
// it shows. cgcs2000 (天地图) lies within a metre of it; gcj02 (高德, 腾讯) some hundreds away.
enum class tile_crs : std::uint8_t { wgs84, cgcs2000, gcj02 };

// What lies under the pages' maps: an installation's own tile server, or a publisher's.
struct map_tiles {
    std::string url;    // with {z}, {x} and {y}; empty: maps are drawn without tiles
    std::string labels; // the same, above them; empty: none
    tile_crs crs = tile_crs::wgs84;
    int min_zoom = 3;
    int max_zoom = 18;
    std::string attribution; // as the publisher asks for it
    std::string approval;    // 审图号
};

} // namespace linli::app

template <>
struct linli::domain::names<linli::app::tile_crs> {
    using crs = linli::app::tile_crs;
    static constexpr std::array<std::pair<crs, std::string_view>, 3> table{{
        {crs::wgs84, "wgs84"},
        {crs::cgcs2000, "cgcs2000"},
        {crs::gcj02, "gcj02"},
    }};
};
