#pragma once

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "support/free_port.hpp"

namespace linli::tests {

inline sockaddr_in on_loopback(std::uint16_t port) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
}

inline void send_datagram(int socket, std::string_view bytes, std::uint16_t to) {
    auto const at = on_loopback(to);
    ::sendto(socket, bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr const*>(&at),
             sizeof at);
}

// Without asking it anything: whoever tried to bind to it would be in its way.
inline bool is_bound(std::uint16_t udp_port) {
    std::ifstream table("/proc/net/udp");
    std::string const all{std::istreambuf_iterator<char>(table), {}};
    char wanted[16];
    std::snprintf(wanted, sizeof wanted, ":%04X ", udp_port);
    return all.find(wanted) != std::string::npos;
}

inline bool is_open(std::uint16_t tcp_port) {
    auto const s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto const at = on_loopback(tcp_port);
    auto const connected = ::connect(s, reinterpret_cast<sockaddr const*>(&at), sizeof at) == 0;
    ::close(s);
    return connected;
}

// Free for UDP as well as for TCP: SIP wants both, and a voice may have the one without the other.
inline std::uint16_t free_sip_port() {
    for (;;) {
        auto const port = free_port();
        auto const at = on_loopback(port);
        auto const s = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        bool const bound = ::bind(s, reinterpret_cast<sockaddr const*>(&at), sizeof at) == 0;
        ::close(s);
        if (bound) return port;
    }
}

} // namespace linli::tests
