#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

namespace linli::recordings {

// A packet of G.711 sound, as the media server has heard it.
struct sound_packet {
    std::int64_t at_us = 0;      // since 1970, by its machine's clock
    std::uint16_t to_port = 0;   // of the media server: it says who has sent it
    bool is_a_law = true;        // else µ-law
    std::uint32_t source = 0;    // SSRC
    std::uint32_t timestamp = 0; // in samples, from anywhere
    std::string_view samples;    // valid until the next one is read; never empty
    bool operator==(sound_packet const&) const = default;
};

// A pcap file as rtpengine 10.5 writes it: records of raw IP (or Ethernet), UDP and RTP. What is
// none of ours (RTCP, keys, other codecs) is passed over; what can't be a record is the end, as is
// one that was cut off by a crash. A record is at most 65,535 bytes, so a file of any size takes
// no more memory than that.
class pcap_reader {
public:
    explicit pcap_reader(std::istream& from);

    std::optional<sound_packet> next();
    // It ended where no record ends.
    bool is_damaged() const { return is_damaged_; }

private:
    bool read_record();
    std::uint32_t number(std::string_view bytes, std::size_t at) const;

    std::istream& from_;
    std::string record_;
    std::int64_t at_us_ = 0;
    std::uint32_t link_ = 0;
    bool is_swapped_ = false; // written by a machine of the other order
    bool is_open_ = false;
    bool is_damaged_ = false;
};

} // namespace linli::recordings
