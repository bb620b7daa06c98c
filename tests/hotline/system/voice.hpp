#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

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
    void speaks_to(std::uint16_t port) { to_ = port; }
    void presses(int digit); // as telephone-event, RFC 4733

    int heard_of(voice const& other) const { return heard_[other.says_]; }
    int heard() const { return all_heard_; } // of anybody, also music

private:
    void run();
    void send(std::string const& payload, std::uint8_t type, bool marked, std::uint32_t at);

    std::uint8_t const says_;
    int socket_;
    std::uint16_t port_ = 0;
    std::atomic<std::uint16_t> to_ = 0;
    std::atomic<int> heard_[256] = {};
    std::atomic<int> all_heard_ = 0;
    std::atomic<int> digit_ = -1;
    std::atomic<bool> ended_ = false;
    std::uint16_t sequence_ = 1;
    std::thread thread_;
};

} // namespace linli::tests
