#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "domain/named.hpp"
#include "domain/right.hpp"

namespace linli::domain {

// A sheet of the registry: what one file of an import holds.
enum class sheet : std::uint8_t {
    areas,
    sites,
    homes,
    residents,
    contacts,
    devices,
    providers,
    workers,
    limits,
    silences,
    zones,
};

template <>
struct names<sheet> {
    static constexpr std::array<std::pair<sheet, std::string_view>, 11> table{{
        {sheet::areas, "areas"},
        {sheet::sites, "sites"},
        {sheet::homes, "homes"},
        {sheet::residents, "residents"},
        {sheet::contacts, "contacts"},
        {sheet::devices, "devices"},
        {sheet::providers, "providers"},
        {sheet::workers, "workers"},
        {sheet::limits, "limits"},
        {sheet::silences, "silences"},
        {sheet::zones, "zones"},
    }};
};

// Besides see_registry and change_registry, which open the registry at all. Whoever may change a
// sheet may see what is masked in it.
bool may_see(role who, sheet what);
bool may_change(role who, sheet what);
// Bring in somebody whom nobody has vetted yet: not for whoever gains by him.
bool may_add(role who, sheet what);

} // namespace linli::domain
