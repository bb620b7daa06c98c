#pragma once

#include <string_view>

#include "hotline/core/input.hpp"

// What a command may say. It goes into SIP requests and into names of files, so it may not carry
// anything else there.
namespace linli::hotline {

inline constexpr std::size_t most_digits = 64;
inline constexpr std::size_t most_sounds = 32; // said one after the other
inline constexpr unsigned most_times = 10;     // that they are said

bool is_sound(std::string_view name);
bool is_address(std::string_view text);
bool is_own_header(std::string_view name, std::string_view value); // X-… only
bool may_ring(ring const& what);
bool may_say(std::vector<sound> const& what);
bool may_originate(originate const& what); // but for the times, which a duration bounds

} // namespace linli::hotline
