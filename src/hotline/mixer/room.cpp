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

void room::among(std::vector<party> const& those) {
    for (std::size_t i = 0; i < parties; ++i) {
        auto& one = sides_[i];
        bool const was = std::exchange(
            one.is_among, std::ranges::find(those, static_cast<party>(i)) != those.end());
        if (!was) one.begins = true;
    }
}

void room::take(party from, std::string_view datagram) {
    auto const packet = read_rtp(datagram);
    if (!packet) return;
    auto& one = side_of(from);
    ++one.packets;
    one.from.take(*packet);
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
    constexpr std::uint32_t version_2 = 0x80;
    constexpr std::uint32_t marked = 0x80;
    std::string bytes;
    bytes.reserve(12 + heard.size());
    append(bytes, version_2, 1);
    append(bytes,
           static_cast<std::uint32_t>(to.codec) | (std::exchange(to.begins, false) ? marked : 0),
           1);
    append(bytes, to.sequence++, 2);
    append(bytes, time_, 4);
    append(bytes, to.source, 4);
    for (auto const each : heard)
        bytes += static_cast<char>(g711::encoded(to.codec, each));
    return bytes;
}

} // namespace linli::hotline
