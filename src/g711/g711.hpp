#pragma once

#include <cstdint>

// G.711 (ITU-T), by its RTP payload types: 8 is A-law, 0 is µ-law.
namespace linli::g711 {

inline constexpr int ulaw = 0;
inline constexpr int alaw = 8;

std::int16_t decoded(int codec, std::uint8_t code);
std::uint8_t encoded(int codec, std::int16_t sample);

} // namespace linli::g711
