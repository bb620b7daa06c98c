#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace linli::bench {

// A whole city of invented people, as large as one likes: Linyi's counties by their official codes,
// some streets in each, three homes for four residents, a watch for each resident, known by a
// number as long as an IMEI. Same city, same bytes; telephone numbers begin with 000 and ring
// nowhere.
struct whole_city {
    std::uint64_t seed = 1;
    std::size_t residents = 10'000;
    std::size_t contacts_each = 1; // of a resident
    std::size_t streets_each = 13; // of a county; each has a service station
    std::size_t providers = 60;
    std::size_t workers = 1'500;
};

inline constexpr auto whole_city_area = "371300"; // installation.area for this city

std::size_t streets_of(whole_city const& city);
std::size_t homes_of(whole_city const& city);
std::string device_of(std::size_t resident); // "861300000000017"
std::string resident_name(std::size_t resident);

// All that `linli import` reads; answers the rows in the files.
std::size_t write_whole_city(std::filesystem::path const& folder, whole_city const& city);

} // namespace linli::bench
