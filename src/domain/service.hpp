#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/ids.hpp"
#include "domain/named.hpp"

namespace linli::domain {

// What is counted and paid.
enum class service_unit : std::uint8_t { visit, hour, meal, call };

template <>
struct names<service_unit> {
    static constexpr std::array<std::pair<service_unit, std::string_view>, 4> table{{
        {service_unit::visit, "visit"},
        {service_unit::hour, "hour"},
        {service_unit::meal, "meal"},
        {service_unit::call, "call"},
    }};
};

// The municipal 助: what a resident can wish for. The house's own services are in none.
enum class service_group : std::uint8_t {
    meal,     // 助餐
    bath,     // 助浴
    cleaning, // 助洁
    medical,  // 助医
    urgent,   // 助急
    walking,  // 助行
    shopping, // 助购
};

template <>
struct names<service_group> {
    static constexpr std::array<std::pair<service_group, std::string_view>, 7> table{{
        {service_group::meal, "meal"},
        {service_group::bath, "bath"},
        {service_group::cleaning, "cleaning"},
        {service_group::medical, "medical"},
        {service_group::urgent, "urgent"},
        {service_group::walking, "walking"},
        {service_group::shopping, "shopping"},
    }};
};

// A line of the catalogue (服务项目).
struct service {
    service_id code;
    std::string zh;
    std::string en;
    service_unit unit = service_unit::visit;
    int minutes = 60;        // usual duration of one visit or call
    std::string certificate; // what a worker must have; empty = none
    std::optional<service_group> group = {};
    std::optional<int> price_fen = {}; // of one unit; none: the catalogue says none
    std::string initials = {};         // of the Chinese name's pinyin, to type: "zc"

    bool operator==(service const&) const = default;
};

using catalogue = std::vector<service>;

// A life service, which can be booked; nothing if there is none of that code.
inline service const* find_bookable(catalogue const& all, service_id const& code) {
    for (auto const& each : all)
        if (each.code == code && each.group) return &each;
    return nullptr;
}

} // namespace linli::domain
