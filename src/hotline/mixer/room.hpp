#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hotline/core/party.hpp"
#include "hotline/mixer/inlet.hpp"

namespace linli::hotline {

// Three parties: each hears the others of those who are among each other. No clock and no socket.
class room {
public:
    // `seed` makes each side's sequence and source its own.
    explicit room(std::uint32_t seed);

    // What is sent to it; whatever of G.711 comes from it is understood. `keys`: the number by
    // which it sends and hears them (RFC 4733), if it does.
    void speaks(party who, int codec, std::optional<int> keys = {});

    void among(std::vector<party> const& those);
    void take(party from, std::string_view datagram);
    // What each is sent in these 20 ms; empty: nothing, and whoever plays it music is alone.
    std::array<std::string, parties> tick();
    // What has been pressed since the last time, said again to each who hears who has pressed it.
    struct key_packet {
        party to;
        std::string bytes;
    };
    std::vector<key_packet> keys();

    std::uint64_t packets_from(party who) const { return side_of(who).packets; }

private:
    struct side {
        inlet from;
        int codec = 8;
        std::optional<int> keys{};
        std::optional<std::uint32_t> pressed_at{}; // the key, by its own clock, and by ours
        std::uint32_t said_at = 0;
        bool is_among = false;
        std::uint64_t packets = 0;
        std::uint16_t sequence = 0;
        std::uint32_t source = 0;
        bool begins = true;
    };

    struct key_part {
        party from;
        bool begins = false;
        std::uint32_t at = 0;
        std::string event;
    };

    void take_key(party from, rtp_packet const& key);
    side& side_of(party who) { return sides_[static_cast<std::size_t>(who)]; }
    side const& side_of(party who) const { return sides_[static_cast<std::size_t>(who)]; }
    std::string packet(side& to, frame const& sound) const;

    std::uint32_t time_;
    std::array<side, parties> sides_;
    std::vector<key_part> pressed_;
};

} // namespace linli::hotline
