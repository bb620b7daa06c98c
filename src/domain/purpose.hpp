#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "domain/named.hpp"

namespace linli::domain {

// What an alert and its orders are for. A signal joins only an alert for its own purpose: a real
// press inside a drill opens one of its own. Everything but `real` runs by the same rules, tells
// nobody outside the house, keeps nobody from real work and stands in no figure.
enum class purpose : std::uint8_t {
    real,
    drill,     // 演练: begun at the desk; the people of the desk and of the providers take part
    synthetic, // the house presses its own button: only synthetic people take part
};

template <>
struct names<purpose> {
    static constexpr std::array<std::pair<purpose, std::string_view>, 3> table{{
        {purpose::real, "real"},
        {purpose::drill, "drill"},
        {purpose::synthetic, "synthetic"},
    }};
};

// Contacts, duty telephones, 120 and the guard hear of it; it is counted; it binds whoever goes.
constexpr bool is_real(purpose what) {
    return what == purpose::real;
}

// Synthetic orders go to synthetic workers, and theirs alone do.
constexpr bool may_go(purpose order, bool synthetic_worker) {
    return (order == purpose::synthetic) == synthetic_worker;
}

// Rings for synthetic alerts; no seat of any site has this name.
inline constexpr std::string_view synthetic_desk = "synthetic";

} // namespace linli::domain
