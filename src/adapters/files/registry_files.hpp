#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/registry_form.hpp"

namespace linli::files {

using app::registry_problem;
using app::registry_problems;
using app::registry_reading;

// "homes.csv:12: latitude 103.8: swapped with longitude? Write latitude first"
std::string to_text(registry_problem const& problem);

// Reads areas.csv, sites.csv, homes.csv, residents.csv, contacts.csv, devices.csv, providers.csv,
// workers.csv, limits.csv, silences.csv and zones.geojson, those that are there, and checks every
// cell and reference. Each row stands for the whole record: an empty cell empties it (but a
// worker's rating). A column that isn't there says nothing (registry_reading::absent), and where
// something may stand already a warning tells so.
registry_reading read_registry(std::filesystem::path const& folder, app::known_registry known);
registry_reading read_registry(std::vector<app::registry_file> const& files,
                               app::known_registry known);

// The same checks of a sheet's cells, whose lines are counted from 1.
registry_reading read_sheet(domain::sheet which, std::vector<app::cells_of_row> const& rows,
                            app::known_registry known);

// A file that read_registry takes again. CSV begins with a byte order mark, by which spreadsheets
// know UTF-8, and has no cell that they would run.
app::registry_file write_sheet(domain::sheet which, std::vector<app::cells_of_row> const& rows);

// These, for whoever keeps the registry.
app::registry_form registry_form();

} // namespace linli::files
