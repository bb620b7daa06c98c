#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace linli::tests {

// A pcap file as rtpengine writes it: raw IP, UDP, RTP.
class pcap_of {
public:
    static constexpr std::uint16_t caller = 41012, leg = 41000;

    pcap_of() {
        number(0xa1b2c3d4, 4);
        number(2, 2);
        number(4, 2);
        number(0, 4);
        number(0, 4);
        number(65535, 4);
        number(101, 4); // raw IP
    }

    // A packet that came to that port then.
    pcap_of& hears(std::int64_t at_us, std::uint16_t port, std::string_view samples,
                   std::uint32_t timestamp, std::uint8_t kind = 8, std::uint32_t source = 1) {
        std::string rtp{'\x80', static_cast<char>(kind), '\0', '\1'};
        for (auto const value : {timestamp, source})
            big(rtp, value, 4);
        rtp += samples;
        std::string ip{'\x45', '\0'};
        big(ip, static_cast<std::uint32_t>(28 + rtp.size()), 2);
        ip += std::string("\0\0\0\0\x40\x11\0\0\x7f\0\0\1\x7f\0\0\1", 16);
        big(ip, 50000, 2);
        big(ip, port, 2);
        big(ip, static_cast<std::uint32_t>(8 + rtp.size()), 2);
        big(ip, 0, 2);
        ip += rtp;
        number(static_cast<std::uint32_t>(at_us / 1'000'000), 4);
        number(static_cast<std::uint32_t>(at_us % 1'000'000), 4);
        number(static_cast<std::uint32_t>(ip.size()), 4);
        number(static_cast<std::uint32_t>(ip.size()), 4);
        bytes += ip;
        return *this;
    }

    // So many packets of 20 ms with one sample, one after the other.
    pcap_of& says(std::int64_t from_us, std::uint16_t port, char sample, int packets,
                  std::uint32_t timestamp = 1000, std::uint8_t kind = 8) {
        for (int each = 0; each < packets; ++each)
            hears(from_us + each * 20'000, port, std::string(160, sample),
                  timestamp + static_cast<std::uint32_t>(each * 160), kind, port);
        return *this;
    }

    std::string bytes;

private:
    void number(std::uint32_t value, int size) {
        for (int each = 0; each < size; ++each)
            bytes.push_back(static_cast<char>(value >> (8 * each) & 0xffU));
    }
    static void big(std::string& to, std::uint32_t value, int size) {
        for (int each = size - 1; each >= 0; --each)
            to.push_back(static_cast<char>(value >> (8 * each) & 0xffU));
    }
};

} // namespace linli::tests
