#pragma once

#include <cstdint>

#include "g711/g711.hpp"

namespace linli::recordings {

// Of both laws the same sound (ITU-T G.711).
inline char a_law_of_mu_law(char sample) {
    auto const heard = g711::decoded(g711::ulaw, static_cast<std::uint8_t>(sample));
    return static_cast<char>(g711::encoded(g711::alaw, heard));
}

inline constexpr char a_law_silence = '\xd5';

} // namespace linli::recordings
