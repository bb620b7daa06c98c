#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace linli::simulate {

// A city of invented people: Lanzhou's districts and streets with their official codes, and nobody
// in them who exists. Telephone numbers begin with 000 and ring nowhere; there are no identity
// numbers.
struct demo_city {
    std::uint64_t seed = 1;
    std::size_t residents = 3000;
    std::size_t providers = 12;
    std::size_t workers = 150;
};

struct demo_city_counts {
    std::size_t areas = 0;
    std::size_t sites = 0;
    std::size_t homes = 0;
    std::size_t residents = 0;
    std::size_t contacts = 0;
    std::size_t devices = 0;
    std::size_t providers = 0;
    std::size_t workers = 0;
    std::size_t zones = 0;
    std::size_t silences = 0;
};

inline constexpr auto demo_city_area = "620100"; // installation.area for this city

// Writes the files of files::read_registry but limits.csv. Same city, same bytes.
demo_city_counts write_demo_city(std::filesystem::path const& folder, demo_city const& city);

} // namespace linli::simulate
