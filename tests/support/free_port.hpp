#pragma once

#include <cstdint>
#include <stdexcept>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

namespace linli::tests {

// On the loopback, free a moment ago.
inline std::uint16_t free_port() {
    auto const s = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    bool const bound = ::bind(s, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0 &&
                       ::getsockname(s, reinterpret_cast<sockaddr*>(&at), &size) == 0;
    ::close(s);
    if (!bound) throw std::runtime_error("no free port");
    return ntohs(at.sin_port);
}

} // namespace linli::tests
