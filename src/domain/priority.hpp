#pragma once

#include <cstdint>

namespace linli::domain {

// P1 emergency, P2 important, P3 routine, P4 notice: maintenance list only.
enum class priority : std::uint8_t { p1 = 1, p2 = 2, p3 = 3, p4 = 4 };

inline bool is_worse(priority a, priority b) {
    return a < b;
}

} // namespace linli::domain
