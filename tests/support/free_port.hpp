#pragma once

#include <atomic>
#include <cstdint>
#include <random>
#include <stdexcept>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

namespace linli::tests {

// On the loopback, free a moment ago, and not one of those that this process has been given
// already, which may not be listened on yet. None of those that the kernel gives to whoever
// connects (32768 and up): there somebody's connection may have it before the test does. Nor of the
// tests' rtpengine (20000 and up).
inline std::uint16_t free_port() {
    constexpr unsigned first = 12'000, count = 8'000;
    static std::atomic<unsigned> next = std::random_device()() % count; // others test beside us
    for (unsigned tries = 0; tries < count; ++tries) {
        auto const port = static_cast<std::uint16_t>(first + next++ % count);
        auto const s = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        at.sin_port = htons(port);
        bool const bound = ::bind(s, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0;
        ::close(s);
        if (bound) return port;
    }
    throw std::runtime_error("no free port");
}

} // namespace linli::tests
