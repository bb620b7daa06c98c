#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "app/registry_rows.hpp"

namespace linli::files {

// Something wrong in one cell or row. `value` is masked where it is personal.
struct registry_problem {
    std::string file; // "homes.csv"
    std::size_t line = 0;
    std::string field; // empty: the whole row or file
    std::string value;
    std::string what;
    std::string remedy;
};

// "homes.csv:12: latitude 103.8: swapped with longitude? Write latitude first"
std::string to_text(registry_problem const& problem);

// The first hundred are kept, all are counted.
struct registry_problems {
    std::vector<registry_problem> first;
    std::size_t count = 0;

    void add(registry_problem problem);
};

struct registry_reading {
    app::registry_rows rows; // to be imported only when there are no problems
    registry_problems problems;
    registry_problems warnings;     // worth mending; nothing is refused for them
    std::vector<std::string> files; // those that were there
};

// Reads areas.csv, sites.csv, homes.csv, residents.csv, contacts.csv, devices.csv, providers.csv,
// workers.csv, limits.csv, silences.csv and zones.geojson, those that are there, and checks every
// cell and reference. Each row stands for the whole record: an empty cell empties it (but a
// worker's rating).
registry_reading read_registry(std::filesystem::path const& folder, app::known_registry known);

} // namespace linli::files
