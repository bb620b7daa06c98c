#include "hotline/mixer/room.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "g711/g711.hpp"

namespace linli::hotline {

namespace {

void append(std::string& to, std::uint32_t number, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        to += static_cast<char>(number >> shift & 0xFFU);
}

// As rtpengine and telephones know it (RFC 3550).
std::string header(int type, bool is_marked, std::uint16_t sequence, std::uint32_t time,
                   std::uint32_t source) {
    constexpr std::uint32_t version_2 = 0x80;
    constexpr std::uint32_t marked = 0x80;
    std::string bytes;
    append(bytes, version_2, 1);
    append(bytes, static_cast<std::uint32_t>(type) | (is_marked ? marked : 0), 1);
    append(bytes, sequence, 2);
    append(bytes, time, 4);
    append(bytes, source, 4);
    return bytes;
}

std::int16_t within_bounds(int sum) {
    using bounds = std::numeric_limits<std::int16_t>;
    return static_cast<std::int16_t>(std::clamp<int>(sum, bounds::min(), bounds::max()));
}

} // namespace

room::room(std::uint32_t seed) : time_(seed) {
    for (auto& each : sides_) {
        each.source = seed++;
        each.sequence = static_cast<std::uint16_t>(seed * 31);
    }
}

void room::speaks(party who, int codec, std::optional<int> keys) {
    side_of(who).codec = codec;
    side_of(who).keys = keys;
}

void room::among(std::vector<party> const& those) {
    for (std::size_t i = 0; i < parties; ++i) {
        auto& one = sides_[i];
        bool const was = std::exchange(
            one.is_among, std::ranges::find(those, static_cast<party>(i)) != those.end());
        if (!was) one.begins = true;
    }
}

void room::take(party from, std::string_view datagram) {
    auto& one = side_of(from);
    auto const key = one.keys ? read_key(datagram, *one.keys) : std::nullopt;
    if (key) return take_key(from, *key);
    auto const packet = read_rtp(datagram);
    if (!packet) return;
    ++one.packets;
    one.from.take(*packet);
}

// All parts of a key bear the time at which it was pressed.
void room::take_key(party from, rtp_packet const& key) {
    constexpr std::size_t most = 64; // of all parties, in a tick
    auto& one = side_of(from);
    ++one.packets;
    bool const begins = one.pressed_at != key.time;
    one.pressed_at = key.time;
    if (begins) one.said_at = time_;
    if (!one.is_among || pressed_.size() >= most) return;
    pressed_.push_back({from, begins, one.said_at, std::string(key.codes)});
}

std::vector<room::key_packet> room::keys() {
    std::vector<key_packet> all;
    for (auto const& each : std::exchange(pressed_, {}))
        for (auto const who : {party::caller, party::leg, party::third}) {
            auto& to = side_of(who);
            if (who == each.from || !to.is_among || !to.keys) continue;
            auto bytes = header(*to.keys, each.begins, to.sequence++, each.at, to.source);
            all.push_back({who, bytes + each.event});
        }
    return all;
}

std::array<std::string, parties> room::tick() {
    std::array<frame, parties> said;
    std::array<int, samples_a_tick> sum{};
    for (std::size_t who = 0; who < parties; ++who) {
        said[who] = sides_[who].from.next();
        if (!sides_[who].is_among) continue;
        for (std::size_t i = 0; i < samples_a_tick; ++i)
            sum[i] += said[who][i];
    }
    std::array<std::string, parties> sent;
    for (std::size_t who = 0; who < parties; ++who) {
        if (!sides_[who].is_among) continue;
        frame others;
        for (std::size_t i = 0; i < samples_a_tick; ++i)
            others[i] = within_bounds(sum[i] - said[who][i]);
        sent[who] = packet(sides_[who], others);
    }
    time_ += samples_a_tick;
    return sent;
}

std::string room::packet(side& to, frame const& heard) const {
    bool const begins = std::exchange(to.begins, false);
    auto bytes = header(to.codec, begins, to.sequence++, time_, to.source);
    bytes.reserve(bytes.size() + heard.size());
    for (auto const each : heard)
        bytes += static_cast<char>(g711::encoded(to.codec, each));
    return bytes;
}

} // namespace linli::hotline
