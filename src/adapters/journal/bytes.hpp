// Numbers and checksums as they lie on disk: little-endian, CRC-32C.
#pragma once

#include <array>
#include <boost/crc.hpp>
#include <boost/endian/conversion.hpp>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace linli::journal {

template <std::unsigned_integral number>
void append_number(std::string& to, number value) {
    std::array<unsigned char, sizeof(number)> raw{};
    boost::endian::endian_store<number, sizeof(number), boost::endian::order::little>(raw.data(),
                                                                                      value);
    to.append(raw.begin(), raw.end());
}

// The caller has checked that the bytes are there.
template <std::unsigned_integral number>
[[nodiscard]] number number_at(std::string_view bytes, std::size_t at) {
    std::array<unsigned char, sizeof(number)> raw{};
    bytes.copy(reinterpret_cast<char*>(raw.data()), raw.size(), at);
    return boost::endian::endian_load<number, sizeof(number), boost::endian::order::little>(
        raw.data());
}

[[nodiscard]] inline std::uint32_t crc32c(std::string_view bytes) {
    boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> sum;
    sum.process_bytes(bytes.data(), bytes.size());
    return sum.checksum();
}

} // namespace linli::journal
