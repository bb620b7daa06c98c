#include "hotline/mixer/inlet.hpp"

#include <algorithm>

#include "g711/g711.hpp"

namespace linli::hotline {

namespace {

constexpr std::size_t header_bytes = 12;
constexpr std::int32_t waits = 240;      // samples, before a packet is heard
constexpr std::int32_t waits_long = 720; // then its clock is faster than ours, or the network was
constexpr int too_many_late = 3;
constexpr int too_many_early = 50;

std::uint32_t number_at(std::string_view bytes, std::size_t from, std::size_t count) {
    std::uint32_t number = 0;
    for (std::size_t i = from; i < from + count; ++i)
        number = number << 8U | static_cast<std::uint8_t>(bytes[i]);
    return number;
}

// Whatever it carries.
std::optional<rtp_packet> read_any(std::string_view datagram) {
    if (datagram.size() < header_bytes) return std::nullopt;
    auto const first = static_cast<std::uint8_t>(datagram[0]);
    if (first >> 6U != 2) return std::nullopt;
    std::size_t header = header_bytes + 4 * (first & 0x0FU);
    if ((first & 0x10U) != 0) { // an extension
        if (datagram.size() < header + 4) return std::nullopt;
        header += 4 + std::size_t{4} * number_at(datagram, header + 2, 2);
    }
    if (datagram.size() <= header) return std::nullopt;
    auto codes = datagram.substr(header);
    if ((first & 0x20U) != 0) { // padding, whose last byte says how much
        auto const padding = static_cast<std::uint8_t>(codes.back());
        if (padding == 0 || padding >= codes.size()) return std::nullopt;
        codes.remove_suffix(padding);
    }
    int const codec = static_cast<std::uint8_t>(datagram[1]) & 0x7F;
    return rtp_packet{codec, number_at(datagram, 4, 4), number_at(datagram, 8, 4), codes};
}

} // namespace

std::optional<rtp_packet> read_rtp(std::string_view datagram) {
    auto const read = read_any(datagram);
    bool const is_sound = read && (read->codec == g711::alaw || read->codec == g711::ulaw);
    return is_sound ? read : std::nullopt;
}

std::optional<rtp_packet> read_key(std::string_view datagram, int number) {
    constexpr std::size_t event_bytes = 4;
    auto read = read_any(datagram);
    if (!read || read->codec != number || read->codes.size() < event_bytes) return std::nullopt;
    read->codes = read->codes.substr(0, event_bytes);
    return read;
}

void inlet::begin(rtp_packet const& first) {
    kept_.fill(0);
    source_ = first.source;
    next_time_ = first.time - static_cast<std::uint32_t>(waits);
    late_ = early_ = 0;
}

void inlet::skip(std::size_t samples) {
    for (std::size_t i = 0; i < samples; ++i)
        at(i) = 0;
    index_ = (index_ + samples) % kept_.size();
    next_time_ += static_cast<std::uint32_t>(samples);
}

void inlet::take(rtp_packet const& packet) {
    if (source_ != packet.source) begin(packet);
    auto const ahead_of_us = [&] { return static_cast<std::int32_t>(packet.time - next_time_); };
    auto const length = static_cast<std::int32_t>(packet.codes.size());
    auto const most = static_cast<std::int32_t>(kept_.size());
    if (length > most) return;
    bool const is_late = ahead_of_us() < 0;
    late_ = is_late ? late_ + 1 : 0;
    if (ahead_of_us() + length > most || ahead_of_us() < -most || late_ >= too_many_late)
        begin(packet);
    else if (is_late)
        return;
    early_ = ahead_of_us() > waits_long ? early_ + 1 : 0;
    if (early_ >= too_many_early) {
        skip(static_cast<std::size_t>(ahead_of_us() - waits));
        early_ = 0;
    }
    auto const ahead = static_cast<std::size_t>(ahead_of_us());
    for (std::size_t i = 0; i < packet.codes.size(); ++i)
        at(ahead + i) = g711::decoded(packet.codec, static_cast<std::uint8_t>(packet.codes[i]));
}

frame inlet::next() {
    frame now{};
    if (!source_) return now;
    for (std::size_t i = 0; i < now.size(); ++i)
        now[i] = at(i);
    skip(now.size());
    return now;
}

} // namespace linli::hotline
