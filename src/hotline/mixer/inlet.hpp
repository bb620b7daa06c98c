#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace linli::hotline {

inline constexpr std::size_t samples_a_tick = 160; // 20 ms of 8 kHz
using frame = std::array<std::int16_t, samples_a_tick>;

// What of an RTP packet (RFC 3550) mixing needs. Nothing: it is none, or carries no G.711.
struct rtp_packet {
    int codec = 8;
    std::uint32_t time = 0;
    std::uint32_t source = 0;
    std::string_view codes;
};
std::optional<rtp_packet> read_rtp(std::string_view datagram);

// A part of a key that is pressed (RFC 4733), of who sends such by that number.
std::optional<rtp_packet> read_key(std::string_view datagram, int number);

// What comes from one party, in the order of its own clock: it waits a little, so that what the
// network has made uneven comes out even, and what is missing is silence.
class inlet {
public:
    void take(rtp_packet const& packet);
    frame next(); // of each tick

private:
    void begin(rtp_packet const& first);
    void skip(std::size_t samples);
    std::int16_t& at(std::size_t ahead) { return kept_[(index_ + ahead) % kept_.size()]; }

    std::array<std::int16_t, 8'000> kept_{}; // a second
    std::size_t index_ = 0;                  // of what is next, which was said
    std::uint32_t next_time_ = 0;            // then, by its clock
    std::optional<std::uint32_t> source_;
    int late_ = 0, early_ = 0; // in a row
};

} // namespace linli::hotline
