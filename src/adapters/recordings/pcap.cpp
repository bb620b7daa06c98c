#include "adapters/recordings/pcap.hpp"

#include <algorithm>

namespace linli::recordings {

namespace {

constexpr std::uint32_t magic = 0xa1b2c3d4;
constexpr std::size_t file_head = 24;
constexpr std::size_t record_head = 16;
constexpr std::uint32_t longest_record = 65'535;
constexpr std::uint32_t link_ethernet = 1;
constexpr std::uint32_t link_raw = 101;
constexpr std::size_t ethernet_head = 14;
constexpr std::uint8_t udp = 17;
constexpr std::size_t udp_head = 8;
constexpr std::size_t rtp_head = 12;
constexpr std::uint8_t mu_law = 0;
constexpr std::uint8_t a_law = 8;

std::uint8_t byte(std::string_view from, std::size_t at) {
    return static_cast<std::uint8_t>(from[at]);
}
std::uint16_t two(std::string_view from, std::size_t at) {
    return static_cast<std::uint16_t>(byte(from, at) << 8 | byte(from, at + 1));
}
std::uint32_t four(std::string_view from, std::size_t at) {
    return std::uint32_t{two(from, at)} << 16 | two(from, at + 2);
}

// What lies in an IP packet of UDP, with the head of UDP; empty: it is none.
std::string_view udp_in(std::string_view ip) {
    constexpr std::size_t v4_head = 20, v6_head = 40;
    if (ip.empty()) return {};
    auto const version = byte(ip, 0) >> 4;
    if (version == 6)
        return ip.size() >= v6_head && byte(ip, 6) == udp ? ip.substr(v6_head) : std::string_view();
    std::size_t const head = (byte(ip, 0) & 0x0fU) * 4U;
    bool const is_one = version == 4 && head >= v4_head && ip.size() >= head && byte(ip, 9) == udp;
    return is_one ? ip.substr(head) : std::string_view();
}

// The sound in an RTP packet; empty: it has none that we know.
std::string_view sound_in(std::string_view rtp) {
    if (rtp.size() < rtp_head || byte(rtp, 0) >> 6 != 2) return {};
    auto const kind = byte(rtp, 1) & 0x7fU;
    if (kind != mu_law && kind != a_law) return {};
    std::size_t start = rtp_head + (byte(rtp, 0) & 0x0fU) * 4U;
    bool const has_extension = (byte(rtp, 0) & 0x10U) != 0;
    if (has_extension) {
        if (rtp.size() < start + 4) return {};
        start += 4 + std::size_t{two(rtp, start + 2)} * 4;
    }
    if (rtp.size() <= start) return {};
    auto const sound = rtp.substr(start);
    bool const is_padded = (byte(rtp, 0) & 0x20U) != 0;
    auto const padding = is_padded ? byte(sound, sound.size() - 1) : std::uint8_t{0};
    return padding < sound.size() ? sound.substr(0, sound.size() - padding) : std::string_view();
}

bool read_all(std::istream& from, std::string& into, std::size_t size) {
    into.resize(size);
    from.read(into.data(), static_cast<std::streamsize>(size));
    return static_cast<std::size_t>(from.gcount()) == size;
}

} // namespace

std::uint32_t pcap_reader::number(std::string_view bytes, std::size_t at) const {
    auto const big = four(bytes, at);
    return is_swapped_ ? big
                       : big >> 24 | (big >> 8 & 0xff00U) | (big << 8 & 0xff0000U) | big << 24;
}

pcap_reader::pcap_reader(std::istream& from) : from_(from) {
    std::string head;
    if (!read_all(from_, head, file_head)) {
        is_damaged_ = !head.empty() && from_.gcount() > 0;
        return;
    }
    is_swapped_ = four(head, 0) == magic;
    is_damaged_ = number(head, 0) != magic;
    link_ = number(head, 20);
    is_open_ = !is_damaged_ && (link_ == link_raw || link_ == link_ethernet);
}

bool pcap_reader::read_record() {
    std::string head;
    if (!is_open_) return false;
    bool const has_head = read_all(from_, head, record_head);
    is_open_ = has_head;
    if (!has_head) {
        is_damaged_ = from_.gcount() > 0;
        return false;
    }
    constexpr std::int64_t second = 1'000'000;
    at_us_ = number(head, 0) * second + std::min<std::int64_t>(number(head, 4), second - 1);
    auto const size = number(head, 8);
    is_open_ = size <= longest_record && read_all(from_, record_, size);
    is_damaged_ = !is_open_;
    return is_open_;
}

std::optional<sound_packet> pcap_reader::next() {
    while (read_record()) {
        std::string_view packet = record_;
        if (link_ == link_ethernet) packet.remove_prefix(std::min(ethernet_head, packet.size()));
        auto const datagram = udp_in(packet);
        if (datagram.size() < udp_head) continue;
        auto const rtp = datagram.substr(udp_head);
        auto const sound = sound_in(rtp);
        if (sound.empty()) continue;
        return sound_packet{.at_us = at_us_,
                            .to_port = two(datagram, 2),
                            .is_a_law = (byte(rtp, 1) & 0x7fU) == a_law,
                            .source = four(rtp, 8),
                            .timestamp = four(rtp, 4),
                            .samples = sound};
    }
    return std::nullopt;
}

} // namespace linli::recordings
