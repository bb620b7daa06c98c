#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

// What must hold for any input. A fuzzer takes an abort for a finding.
// (Not std::source_location: clang 14 has none with GCC's library.)
inline void require(bool holds, char const* file = __builtin_FILE(), int line = __builtin_LINE()) {
    if (holds) return;
    std::fprintf(stderr, "NOT SO: %s:%d\n", file, line);
    std::abort();
}

// Nothing that ends a line or that a terminal obeys.
inline bool is_one_line(std::string_view text) {
    return std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}
