#include "adapters/recordings/g711.hpp"

#include <array>
#include <cstdint>

namespace linli::recordings {

namespace {

// 16 bits, as all decoders give them.
int linear_of_mu_law(std::uint8_t sample) {
    constexpr int bias = 0x84;
    auto const bits = static_cast<std::uint8_t>(~sample);
    int const chord = bits >> 4 & 7;
    int const value = (((bits & 15) << 3) + bias) << chord;
    return (bits & 0x80) != 0 ? bias - value : value - bias;
}

std::uint8_t a_law_of_linear(int value) {
    constexpr int even_bits = 0x55;
    bool const is_negative = value < 0;
    int size = (is_negative ? -value - 1 : value) >> 3; // 12 bits are coded
    int chord = 0;
    for (int rest = size >> 5; rest > 0; rest >>= 1)
        ++chord;
    int const step = (chord < 2 ? size >> 1 : size >> chord) & 15;
    int const code = chord << 4 | step | (is_negative ? 0 : 0x80);
    return static_cast<std::uint8_t>(code ^ even_bits);
}

std::array<char, 256> made() {
    std::array<char, 256> all{};
    for (int each = 0; each < 256; ++each)
        all[static_cast<std::size_t>(each)] =
            static_cast<char>(a_law_of_linear(linear_of_mu_law(static_cast<std::uint8_t>(each))));
    return all;
}

} // namespace

char a_law_of_mu_law(char sample) {
    static auto const table = made();
    return table[static_cast<std::uint8_t>(sample)];
}

} // namespace linli::recordings
