#pragma once

#include <cstdlib>

// What must hold for any input. A fuzzer takes an abort for a finding.
inline void require(bool holds) {
    if (!holds) std::abort();
}
