#include "hotline/system/voice.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <numbers>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>

#include "g711/g711.hpp"
#include "hotline/system/loopback.hpp"

namespace linli::tests {

namespace {

constexpr std::uint8_t alaw = 8;
constexpr std::uint8_t telephone_event = 101;
constexpr int samples = 160; // of 20 ms
constexpr double rate = 8'000;
constexpr double loudness = 8'000;
constexpr std::chrono::milliseconds packet_time{20};
constexpr std::size_t header_bytes = 12;

void append(std::string& to, std::uint32_t number, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        to += static_cast<char>(number >> shift & 0xFFU);
}

} // namespace

voice::voice(std::uint8_t says)
    : says_(says), socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    auto at = on_loopback(0);
    socklen_t size = sizeof at;
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0 ||
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size) != 0)
        throw std::runtime_error("no port for a voice");
    port_ = ntohs(at.sin_port);
    thread_ = std::thread([this] { run(); });
}

voice::~voice() {
    ended_ = true;
    thread_.join();
    ::close(socket_);
}

void voice::presses(int digit) {
    digit_ = digit;
}

void voice::run() {
    auto next = std::chrono::steady_clock::now();
    std::uint32_t at = 0;
    std::string const byte(samples, static_cast<char>(says_));
    char buffer[2048];
    while (!ended_) {
        pollfd wait{socket_, POLLIN, 0};
        ::poll(&wait, 1, 5);
        for (;;) {
            sockaddr_in from{};
            socklen_t size = sizeof from;
            auto const n = ::recvfrom(socket_, buffer, sizeof buffer, MSG_DONTWAIT,
                                      reinterpret_cast<sockaddr*>(&from), &size);
            if (n <= static_cast<ssize_t>(header_bytes)) break;
            take({buffer, static_cast<std::size_t>(n)}, ntohs(from.sin_port));
        }
        if (std::chrono::steady_clock::now() < next) continue;
        next += packet_time;
        if (auto const digit = digit_.exchange(-1); digit >= 0)
            for (std::uint32_t part = 1; part <= 8; ++part) {
                std::string event;
                append(event, static_cast<std::uint32_t>(digit), 1);
                append(event, part > 5 ? 0x8AU : 0x0AU, 1); // the end is said three times
                append(event, std::min<std::uint32_t>(part, 6) * samples, 2);
                send(event, telephone_event, part == 1, at);
            }
        send(hertz_ != 0 ? tone(at) : byte, alaw, at == 0, at);
        at += samples;
    }
}

void voice::take(std::string_view packet, std::uint16_t from) {
    auto const is_a_voice = [](std::string_view sound) {
        return sound.find_first_not_of(sound[0]) == sound.npos;
    };
    if (to_ != 0 && from != to_) ++from_elsewhere_;
    std::string clear;
    {
        std::lock_guard const lock(mutex_);
        if (hears_) {
            if (is_a_voice(packet.substr(header_bytes))) ++in_clear_;
            auto const proven = hears_->unprotect(packet);
            if (!proven) ++unproven_;
            if (!proven) return;
            clear = *proven;
        }
    }
    auto const sound = (clear.empty() ? packet : std::string_view(clear)).substr(header_bytes);
    constexpr std::uint8_t marked = 0x80;
    bool const is_key = (static_cast<std::uint8_t>(packet[1]) & ~marked) == telephone_event;
    if (is_key) {
        auto const digit = static_cast<std::uint8_t>(sound[0]);
        if (digit < std::size(keys_)) ++keys_[digit];
        return;
    }
    ++all_heard_;
    if (is_a_voice(sound)) ++heard_[static_cast<std::uint8_t>(sound[0])];
    keep(sound);
}

void voice::speaks_by(std::string_view key) {
    std::lock_guard const lock(mutex_);
    sends_.emplace(key);
}

void voice::hears_by(std::string_view key) {
    std::lock_guard const lock(mutex_);
    if (key.empty() || hears_by_ == key) return;
    hears_by_ = key;
    hears_.emplace(key);
}

void voice::keep(std::string_view codes) {
    std::lock_guard const lock(mutex_);
    std::int16_t least = 0, most = 0;
    for (auto const code : codes) {
        auto const sample = g711::decoded(alaw, static_cast<std::uint8_t>(code));
        least = std::min(least, sample);
        most = std::max(most, sample);
        heard_last_[next_++] = sample;
        next_ %= heard_last_.size();
    }
    if (waits_since_ && !sound_at_ && most - least > loudness)
        sound_at_ = std::chrono::steady_clock::now();
}

void voice::waits_for_sound() {
    std::lock_guard const lock(mutex_);
    waits_since_ = std::chrono::steady_clock::now();
    sound_at_.reset();
}

std::optional<std::chrono::microseconds> voice::sound_came_after() const {
    std::lock_guard const lock(mutex_);
    if (!waits_since_ || !sound_at_) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::microseconds>(*sound_at_ - *waits_since_);
}

std::string voice::tone(std::uint32_t at) const {
    constexpr char silence = '\xD5';
    if (hertz_ < 0) return std::string(samples, silence);
    std::string codes;
    for (std::uint32_t i = 0; i < samples; ++i) {
        auto const angle = 2 * std::numbers::pi * hertz_ * (at + i) / rate;
        codes += static_cast<char>(g711::encoded(
            alaw, static_cast<std::int16_t>(std::lround(loudness * std::sin(angle)))));
    }
    return codes;
}

double voice::level_of(int hertz) const {
    std::lock_guard const lock(mutex_);
    double re = 0, im = 0;
    for (std::size_t i = 0; i < heard_last_.size(); ++i) {
        auto const angle = 2 * std::numbers::pi * hertz * static_cast<double>(i) / rate;
        re += heard_last_[(next_ + i) % heard_last_.size()] * std::cos(angle);
        im += heard_last_[(next_ + i) % heard_last_.size()] * std::sin(angle);
    }
    return 2 * std::hypot(re, im) / static_cast<double>(heard_last_.size());
}

void voice::send(std::string const& payload, std::uint8_t type, bool marked, std::uint32_t at) {
    std::uint16_t const to = to_;
    if (to == 0) return;
    std::string packet;
    append(packet, 0x80U, 1);
    append(packet, type | (marked ? 0x80U : 0U), 1);
    append(packet, sequence_++, 2);
    append(packet, at, 4);
    append(packet, says_, 4); // who it is
    packet += payload;
    {
        std::lock_guard const lock(mutex_);
        if (sends_) packet = sends_->protect(packet);
    }
    send_datagram(socket_, packet, to);
}

} // namespace linli::tests
