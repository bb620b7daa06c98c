#include "system/watch.hpp"

#include <array>
#include <chrono>
#include <stdexcept>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "system/inbox_of.hpp"

namespace linli::tests {

watch::watch(std::uint16_t port, std::string id)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), id_(std::move(id)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0)
        throw std::runtime_error("nobody listens for watches");
}

watch::~watch() {
    hangs_up();
}

void watch::hangs_up() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
}

void watch::alarms(std::string const& status) {
    says(fmt::format("AL,231126,094744,V,00.000000,N, 0.0000000,E,0.00,0.0,0.0,0,100,81,{},0,{},"
                     "1,0,460,0,9336,3981,141,0,0.0",
                     ++steps_, status));
}

void watch::reports_position(std::string const& status, double latitude) {
    says(fmt::format("UD,231126,094744,A,{:.6f},N,103.830000,E,0.00,0.0,0.0,7,100,81,{},0,{},"
                     "1,0,460,0,9336,3981,141,0,0.0",
                     latitude, ++steps_, status));
}

void watch::says(std::string const& body) {
    sends_bytes(fmt::format("[3G*{}*{:04X}*{}]", id_, body.size(), body));
}

void watch::sends_bytes(std::string const& bytes) {
    std::string_view left = bytes;
    while (!left.empty()) {
        auto const sent = ::send(socket_, left.data(), left.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        left.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void watch::hears(std::string const& body) {
    auto const expected = fmt::format("[3G*{}*{:04X}*{}]", id_, body.size(), body);
    std::string heard;
    while (heard.size() < expected.size()) {
        std::array<char, 256> part{};
        auto const wanted = std::min(part.size(), expected.size() - heard.size());
        auto const in_ms = std::chrono::milliseconds(patience).count();
        auto const count = is_waiting_for_us(static_cast<int>(in_ms))
                               ? ::recv(socket_, part.data(), wanted, 0)
                               : 0;
        if (count <= 0) throw std::runtime_error("no answer " + expected + ", but " + heard);
        heard.append(part.data(), static_cast<std::size_t>(count));
    }
    if (heard != expected) throw std::runtime_error("no answer " + expected + ", but " + heard);
}

bool watch::has_heard_nothing() {
    return !is_waiting_for_us(0);
}

void watch::is_hung_up_on() {
    std::array<char, 256> part{};
    auto const in_ms = std::chrono::milliseconds(patience).count();
    for (;;) {
        if (!is_waiting_for_us(static_cast<int>(in_ms)))
            throw std::runtime_error("still connected");
        if (::recv(socket_, part.data(), part.size(), 0) <= 0) return;
    }
}

bool watch::is_waiting_for_us(int milliseconds) {
    pollfd one{socket_, POLLIN, 0};
    return ::poll(&one, 1, milliseconds) > 0;
}

} // namespace linli::tests
