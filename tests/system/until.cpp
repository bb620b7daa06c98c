#include "system/until.hpp"

#include <chrono>
#include <stdexcept>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "system/inbox_of.hpp"

namespace linli::tests {

void until(std::string const& what, std::function<bool()> const& is_so) {
    auto const end = std::chrono::steady_clock::now() + patience;
    while (!is_so()) {
        if (std::chrono::steady_clock::now() > end)
            throw std::runtime_error("did not happen: " + what);
        ::poll(nullptr, 0, 5); // leaves the processor to those whom we wait for
    }
}

std::string answer_of(std::uint16_t http_port, std::string const& path) {
    return exchange(http_port,
                    "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
}

std::string exchange(std::uint16_t port, std::string const& ask) {
    auto const s = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string answer;
    if (::connect(s, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0 &&
        ::send(s, ask.data(), ask.size(), 0) > 0) {
        char part[256];
        for (auto n = ::recv(s, part, sizeof part, 0); n > 0; n = ::recv(s, part, sizeof part, 0))
            answer.append(part, static_cast<std::size_t>(n));
    }
    ::close(s);
    return answer;
}

} // namespace linli::tests
