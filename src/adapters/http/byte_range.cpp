#include "adapters/http/byte_range.hpp"

#include <algorithm>
#include <charconv>

namespace linli::http {

namespace {

std::optional<std::uint64_t> number_in(std::string_view text) {
    std::uint64_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

} // namespace

std::optional<byte_range> read_range(std::string_view header, std::uint64_t size,
                                     std::uint64_t most) {
    constexpr std::string_view unit = "bytes=";
    if (!header.starts_with(unit)) return std::nullopt;
    header.remove_prefix(unit.size());
    auto const dash = header.find('-');
    if (dash == header.npos) return std::nullopt;
    auto const first = number_in(header.substr(0, dash));
    auto const last = number_in(header.substr(dash + 1));
    bool const is_suffix = dash == 0;
    bool const is_open = dash + 1 == header.size();
    if ((!first && !is_suffix) || (!last && (!is_open || is_suffix))) return std::nullopt;
    byte_range wanted;
    wanted.from = is_suffix ? size - std::min(size, *last) : *first;
    auto const end = is_suffix || is_open || *last >= size ? size : *last + 1;
    if (wanted.from >= end) return std::nullopt;
    wanted.count = std::min(end - wanted.from, most);
    return wanted;
}

} // namespace linli::http
