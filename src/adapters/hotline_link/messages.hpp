#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/hotline_lines.hpp"

// The engine's protocol (proto/linli/hotline/v1) as the app's words and back. Nobody else on our
// side knows it. A message comes out with its four bytes of length.
namespace linli::hotline_link {

inline constexpr std::size_t largest = 4U << 20;
inline constexpr std::size_t length_bytes = 4;

// Of the four bytes.
std::size_t length_of(std::string_view bytes);

enum class heard : std::uint8_t { nothing, alive, hello, news, snapshot, not_understood };

// What stands behind the length, told on. What a newer engine says beyond it is passed over.
heard hear(std::string_view body, app::hotline_listener& tell);

std::string alive();
std::string command(std::string const& id, std::string const& call, app::line_command const& what);
std::string acknowledge(std::uint64_t through, std::vector<std::string> const& ended_calls);
// As many messages as it takes; the first makes it forget those of before.
std::vector<std::string> bound_numbers(std::vector<std::string> const& all);

} // namespace linli::hotline_link
