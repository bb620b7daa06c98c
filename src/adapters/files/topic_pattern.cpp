#include <algorithm>

#include "adapters/files/device_mapping.hpp"

namespace linli::files {

namespace {

constexpr std::string_view device_level = "{device}";

// Takes the first level off.
std::string_view take_level(std::string_view& rest) {
    auto const slash = rest.find('/');
    auto const level = rest.substr(0, slash);
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
    return level;
}

std::ptrdiff_t levels_of(std::string_view topic) {
    return std::ranges::count(topic, '/') + 1;
}

bool is_any(std::string_view level) {
    return level == "+" || level == device_level;
}

} // namespace

bool topics_overlap(std::string_view one, std::string_view other) {
    if (levels_of(one) != levels_of(other)) return false;
    for (auto left = levels_of(one); left > 0; --left) {
        auto const a = take_level(one);
        auto const b = take_level(other);
        if (a != b && !is_any(a) && !is_any(b)) return false;
    }
    return true;
}

std::optional<std::string_view> match_topic(std::string_view pattern, std::string_view topic) {
    if (levels_of(pattern) != levels_of(topic)) return std::nullopt;
    std::string_view device;
    for (auto left = levels_of(pattern); left > 0; --left) {
        auto const wanted = take_level(pattern);
        auto const found = take_level(topic);
        if (wanted == device_level) device = found;
        if (wanted != found && !is_any(wanted)) return std::nullopt;
    }
    return device;
}

std::string topic_filter(std::string_view pattern) {
    std::string filter(pattern);
    if (auto const at = filter.find(device_level); at != std::string::npos)
        filter.replace(at, device_level.size(), 1, '+');
    return filter;
}

} // namespace linli::files
