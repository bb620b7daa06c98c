#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <source_location>
#include <string_view>

// What must hold for any input. A fuzzer takes an abort for a finding.
inline void require(bool holds,
                    std::source_location const& where = std::source_location::current()) {
    if (holds) return;
    std::fprintf(stderr, "NOT SO: %s:%u\n", where.file_name(), static_cast<unsigned>(where.line()));
    std::abort();
}

// Nothing that ends a line or that a terminal obeys.
inline bool is_one_line(std::string_view text) {
    return std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}
