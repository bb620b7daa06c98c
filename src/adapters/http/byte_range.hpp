#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace linli::http {

struct byte_range {
    std::uint64_t from = 0;
    std::uint64_t count = 0; // never 0
    bool operator==(byte_range const&) const = default;
};

// Which part of `size` bytes a Range header (RFC 9110 §14.2) asks for, `most` of it at most: who
// asks for more gets the beginning of it, and is told where that ends. Nothing: it asks for none
// that is there, for several, or isn't one.
std::optional<byte_range> read_range(std::string_view header, std::uint64_t size,
                                     std::uint64_t most);

} // namespace linli::http
