#pragma once

#include <cstdint>

#include "support/free_port.hpp"

namespace linli::tests {

// Free for UDP as well as for TCP: SIP wants both, and a voice may have the one without the other.
inline std::uint16_t free_sip_port() {
    for (;;) {
        auto const port = free_port();
        auto const s = ::socket(AF_INET, SOCK_DGRAM, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_port = htons(port);
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        bool const bound = ::bind(s, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0;
        ::close(s);
        if (bound) return port;
    }
}

} // namespace linli::tests
