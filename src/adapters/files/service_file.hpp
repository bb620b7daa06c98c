#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/files/file_error.hpp"
#include "domain/ids.hpp"
#include "domain/named.hpp"

namespace linli::files {

// What is counted and paid.
enum class service_unit : std::uint8_t { visit, hour, meal, call };

// A line of the catalogue.
struct service {
    domain::service_id code;
    std::string zh;
    std::string en;
    service_unit unit = service_unit::visit;
    int minutes = 60;        // usual duration of one visit or call
    std::string certificate; // what a worker must have; empty = none
};

// Throws file_error with all that is wrong.
std::vector<service> parse_services(std::string_view text, std::string const& origin);
std::vector<service> load_services(std::filesystem::path const& file);

} // namespace linli::files

template <>
struct linli::domain::names<linli::files::service_unit> {
    static constexpr std::array<std::pair<files::service_unit, std::string_view>, 4> table{{
        {files::service_unit::visit, "visit"},
        {files::service_unit::hour, "hour"},
        {files::service_unit::meal, "meal"},
        {files::service_unit::call, "call"},
    }};
};
