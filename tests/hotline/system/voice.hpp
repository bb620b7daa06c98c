#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "hotline/system/srtp.hpp"

namespace linli::tests {

// One end of the sound: sends a packet of G.711 each 20 ms to whom it was told to, and counts what
// comes, by what the sender has put into it.
class voice {
public:
    // `says` is the byte that its packets are full of.
    explicit voice(std::uint8_t says);
    ~voice();
    voice(voice const&) = delete;
    voice& operator=(voice const&) = delete;

    std::uint16_t port() const { return port_; }
    // By SRTP from now on.
    void speaks_by(std::string_view key);
    void hears_by(std::string_view key);
    void begins_at(std::uint16_t sequence) { sequence_ = sequence; }
    std::uint16_t sequence() const { return sequence_; } // of its next packet
    // Packets that were no secret, and those that nobody with the key had sent.
    int heard_in_clear() const { return in_clear_; }
    int unproven() const { return unproven_; }
    void speaks_to(std::uint16_t port) { to_ = port; }
    void presses(int digit);                  // as telephone-event, RFC 4733
    void sings(int hertz) { hertz_ = hertz; } // in place of its byte
    void is_quiet() { hertz_ = -1; }

    // How loud that tone was in the last second that it heard; a voice that sings is 8,000.
    double level_of(int hertz) const;
    // How long until the next packet that isn't quiet; nothing: there has been none yet.
    void waits_for_sound();
    std::optional<std::chrono::microseconds> sound_came_after() const;

    int heard_of(voice const& other) const { return heard_[other.says_]; }
    int heard() const { return all_heard_; } // of anybody, also music
    // Packets of that key, as telephone-event.
    int heard_key(int digit) const { return keys_[digit]; }
    // Not from where it speaks to: a browser takes no such packet.
    int came_from_elsewhere() const { return from_elsewhere_; }

private:
    void run();
    void take(std::string_view packet, std::uint16_t from);
    void keep(std::string_view codes);
    std::string tone(std::uint32_t at) const;
    void send(std::string const& payload, std::uint8_t type, bool marked, std::uint32_t at);

    std::uint8_t const says_;
    int socket_;
    std::uint16_t port_ = 0;
    std::atomic<std::uint16_t> to_ = 0;
    std::atomic<int> heard_[256] = {};
    std::atomic<int> all_heard_ = 0;
    std::atomic<int> keys_[16] = {};
    std::atomic<int> from_elsewhere_ = 0;
    std::atomic<int> digit_ = -1;
    std::atomic<bool> ended_ = false;
    std::atomic<int> hertz_ = 0;
    std::atomic<int> in_clear_ = 0;
    std::atomic<int> unproven_ = 0;
    mutable std::mutex mutex_; // of what is heard, and of the keys
    std::optional<srtp> sends_, hears_;
    std::string hears_by_;
    std::optional<std::chrono::steady_clock::time_point> waits_since_, sound_at_;
    std::vector<std::int16_t> heard_last_ = std::vector<std::int16_t>(8'000);
    std::size_t next_ = 0;
    std::atomic<std::uint16_t> sequence_ = 1;
    std::thread thread_;
};

} // namespace linli::tests
