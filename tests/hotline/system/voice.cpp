#include "hotline/system/voice.hpp"

#include <algorithm>
#include <chrono>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>

#include "hotline/system/loopback.hpp"

namespace linli::tests {

namespace {

constexpr std::uint8_t alaw = 8;
constexpr std::uint8_t telephone_event = 101;
constexpr int samples = 160; // of 20 ms
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
    std::string const speech(samples, static_cast<char>(says_));
    char buffer[2048];
    while (!ended_) {
        pollfd wait{socket_, POLLIN, 0};
        ::poll(&wait, 1, 5);
        for (;;) {
            auto const n = ::recv(socket_, buffer, sizeof buffer, MSG_DONTWAIT);
            if (n <= static_cast<ssize_t>(header_bytes)) break;
            ++all_heard_;
            std::string_view const sound(buffer + header_bytes,
                                         static_cast<std::size_t>(n) - header_bytes);
            bool const is_a_voice = sound.find_first_not_of(sound[0]) == sound.npos;
            if (is_a_voice) ++heard_[static_cast<std::uint8_t>(sound[0])];
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
        send(speech, alaw, at == 0, at);
        at += samples;
    }
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
    send_datagram(socket_, packet, to);
}

} // namespace linli::tests
