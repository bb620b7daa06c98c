#include "g711/g711.hpp"

#include <algorithm>
#include <array>

namespace linli::g711 {

namespace {

constexpr int sign_bit = 0x80;
constexpr int step_bits = 4; // of a code, below the three of its segment
constexpr int even_bits = 0x55;
constexpr int ulaw_bias = 0x84;

constexpr std::int16_t from_alaw(int code) {
    code ^= even_bits;
    int const segment = code >> step_bits & 0x07;
    int size = ((code & 0x0F) << 4) + 8;
    if (segment > 0) size = (size + 0x100) << (segment - 1);
    return static_cast<std::int16_t>((code & sign_bit) != 0 ? size : -size);
}

constexpr std::int16_t from_ulaw(int code) {
    code = ~code & 0xFF;
    int const segment = code >> step_bits & 0x07;
    int const size = ((((code & 0x0F) << 3) + ulaw_bias) << segment) - ulaw_bias;
    return static_cast<std::int16_t>((code & sign_bit) != 0 ? -size : size);
}

template <class Decode>
constexpr std::array<std::int16_t, 256> table_of(Decode const& decode) {
    std::array<std::int16_t, 256> all{};
    for (int code = 0; code < 256; ++code)
        all[static_cast<std::size_t>(code)] = decode(code);
    return all;
}

constexpr auto alaw_table = table_of(from_alaw);
constexpr auto ulaw_table = table_of(from_ulaw);

int segment_of(int size, int first_end) {
    int segment = 0;
    for (int end = first_end; segment < 7 && size >= end; end <<= 1)
        ++segment;
    return segment;
}

int to_alaw(int sample) {
    int const sign = sample >= 0 ? sign_bit : 0;
    int const size = sample >= 0 ? sample : -sample - 1;
    int const segment = segment_of(size, 0x100);
    int const step = size >> (segment > 0 ? segment + 3 : 4) & 0x0F;
    return (sign | segment << step_bits | step) ^ even_bits;
}

int to_ulaw(int sample) {
    constexpr int largest = 32'635;
    int const sign = sample < 0 ? sign_bit : 0;
    int const size = std::min(sample < 0 ? -sample : sample, largest) + ulaw_bias;
    int const segment = segment_of(size, 0x100);
    int const step = size >> (segment + 3) & 0x0F;
    return ~(sign | segment << step_bits | step) & 0xFF;
}

} // namespace

std::int16_t decoded(int codec, std::uint8_t code) {
    return codec == ulaw ? ulaw_table[code] : alaw_table[code];
}

std::uint8_t encoded(int codec, std::int16_t sample) {
    return static_cast<std::uint8_t>(codec == ulaw ? to_ulaw(sample) : to_alaw(sample));
}

} // namespace linli::g711
