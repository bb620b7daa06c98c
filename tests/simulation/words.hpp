#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "domain/named.hpp"
#include "simulation/fortune.hpp"

namespace linli::domain {

template <>
struct names<simulation::fate> {
    static constexpr std::array<std::pair<simulation::fate, std::string_view>, 6> table{{
        {simulation::fate::fine, "fine"},
        {simulation::fate::crash_before, "crash_before"},
        {simulation::fate::crash_after, "crash_after"},
        {simulation::fate::away, "away"},
        {simulation::fate::in_doubt, "in_doubt"},
        {simulation::fate::conflict, "conflict"},
    }};
};

} // namespace linli::domain
