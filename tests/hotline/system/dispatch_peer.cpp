#include "hotline/system/dispatch_peer.hpp"

#include <algorithm>
#include <chrono>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "hotline/system/until.hpp"

namespace linli::tests {

namespace {

constexpr std::size_t length_bytes = 4;

std::size_t length_of(std::string const& bytes) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < length_bytes; ++i)
        length = length << 8U | static_cast<unsigned char>(bytes[i]);
    return length;
}

int connected(std::filesystem::path const& to) {
    auto const s = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    to.string().copy(at.sun_path, sizeof at.sun_path - 1);
    if (::connect(s, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0)
        throw std::runtime_error("the engine's socket is not there");
    return s;
}

} // namespace

dispatch_peer::dispatch_peer(std::filesystem::path const& socket) : socket_(connected(socket)) {}

dispatch_peer::~dispatch_peer() {
    dies();
}

void dispatch_peer::dies() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
}

bool dispatch_peer::read_more() {
    pollfd wait{socket_, POLLIN, 0};
    if (::poll(&wait, 1, 20) <= 0) return true;
    char buffer[65'536];
    auto const n = ::recv(socket_, buffer, sizeof buffer, 0);
    if (n <= 0) return false;
    bytes_.append(buffer, static_cast<std::size_t>(n));
    while (bytes_.size() >= length_bytes && bytes_.size() >= length_bytes + length_of(bytes_)) {
        v1::FromEngine message;
        auto const length = length_of(bytes_);
        if (!message.ParseFromArray(bytes_.data() + length_bytes, static_cast<int>(length)))
            throw std::runtime_error("the engine said what is no message");
        bytes_.erase(0, length_bytes + length);
        heard_.push_back(std::move(message));
    }
    return true;
}

v1::FromEngine dispatch_peer::hears(std::string const& what, is const& so) {
    auto const end = std::chrono::steady_clock::now() + patience;
    for (;;) {
        while (seen_ < heard_.size())
            if (auto const& next = heard_[seen_++]; so(next)) return next;
        if (std::chrono::steady_clock::now() > end || !read_more()) break;
    }
    std::string all = "did not hear: " + what + "; but:";
    for (auto const& each : heard_)
        all += " {" + each.ShortDebugString() + "}";
    throw std::runtime_error(all);
}

v1::Event dispatch_peer::hears(v1::Event::WhatCase what) {
    auto const* const name = v1::Event::descriptor()->FindFieldByNumber(what);
    auto const is_it = [what](v1::FromEngine const& m) {
        return m.has_event() && m.event().what_case() == what;
    };
    return hears(name->name(), is_it).event();
}

v1::Snapshot dispatch_peer::hears_snapshot() {
    return hears("a snapshot", [](auto const& m) { return m.has_snapshot(); }).snapshot();
}

v1::EndedCall dispatch_peer::hears_ended_call() {
    return hears("an ended call", [](auto const& m) { return m.has_ended_call(); }).ended_call();
}

int dispatch_peer::times_heard(v1::Event::WhatCase what) const {
    return static_cast<int>(std::ranges::count_if(
        heard_, [what](auto const& m) { return m.has_event() && m.event().what_case() == what; }));
}

bool dispatch_peer::has_heard(is const& so) const {
    return std::any_of(heard_.begin(), heard_.end(), so);
}

void dispatch_peer::says(v1::ToEngine const& message) {
    auto const body = message.SerializeAsString();
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>(body.size() >> shift & 0xFFU);
    bytes += body;
    if (::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(bytes.size()))
        throw std::runtime_error("the engine does not listen");
}

v1::Refusal dispatch_peer::commands(v1::Command command) {
    return is_answered(std::move(command)).refusal();
}

v1::CommandAnswer dispatch_peer::is_answered(v1::Command command) {
    static int commands = 0; // of all peers: the same id twice is the same command
    if (command.id().empty()) command.set_id("k" + std::to_string(++commands));
    v1::ToEngine message;
    *message.mutable_command() = command;
    says(message);
    auto const begun = seen_; // what comes before the answer is still to be asked for
    auto const answer = hears("an answer to " + command.ShortDebugString(), [&](auto const& m) {
        return m.has_answer() && m.answer().id() == command.id();
    });
    seen_ = begun;
    return answer.answer();
}

void dispatch_peer::rings(std::string const& call, std::string const& leg,
                          std::string const& address, int timeout_s) {
    v1::Command command;
    command.set_call(call);
    command.mutable_ring()->set_leg(leg);
    command.mutable_ring()->set_address(address);
    command.mutable_ring()->mutable_timeout()->set_seconds(timeout_s);
    (*command.mutable_ring()->mutable_headers())["X-Call-Ref"] = call;
    if (auto const refused = commands(command); refused != v1::REFUSAL_UNSPECIFIED)
        throw std::runtime_error("the ring was refused: " + v1::Refusal_Name(refused));
}

std::string dispatch_peer::calls(v1::Originate const& what) {
    v1::Command command;
    *command.mutable_originate() = what;
    auto const answer = is_answered(command);
    if (answer.call().empty())
        throw std::runtime_error("not called: " + v1::Refusal_Name(answer.refusal()));
    return answer.call();
}

void dispatch_peer::hangs_up(std::string const& call) {
    v1::Command command;
    command.set_call(call);
    command.mutable_hang_up();
    commands(command);
}

} // namespace linli::tests
