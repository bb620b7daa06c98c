#include "support/page_client.hpp"

#include <algorithm>
#include <array>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <sys/socket.h>

namespace linli::tests {

using boost::asio::ip::tcp;
namespace ssl = boost::asio::ssl;

struct page_client::line {
    boost::asio::io_context loop;
    ssl::context context{ssl::context::tls_client};
    std::optional<ssl::stream<tcp::socket>> stream;
};

page_client::page_client(std::uint16_t port, std::filesystem::path const& authority,
                         std::string const& name)
    : port_(port), authority_(authority), name_(name) {
    reconnect();
}

page_client::~page_client() = default;

void page_client::reconnect() {
    read_.clear();
    line_ = std::make_unique<line>();
    line_->context.load_verify_file(authority_.string());
    line_->context.set_verify_mode(ssl::verify_peer);
    auto& stream = line_->stream.emplace(line_->loop, line_->context);
    stream.set_verify_callback(ssl::host_name_verification(name_));
    stream.next_layer().connect({boost::asio::ip::address_v4::loopback(), port_});
    timeval const patience{10, 0};
    ::setsockopt(stream.next_layer().native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience,
                 sizeof patience);
    stream.handshake(ssl::stream_base::client);
}

std::string page_client::host() const {
    return name_ + ":" + std::to_string(port_);
}

bool page_client::says(std::string const& bytes) {
    boost::system::error_code error;
    boost::asio::write(*line_->stream, boost::asio::buffer(bytes), error);
    return !error;
}

bool page_client::read_more() {
    std::array<char, 16384> bytes;
    boost::system::error_code error;
    auto const size = line_->stream->read_some(boost::asio::buffer(bytes), error);
    read_.append(bytes.data(), size);
    return !error;
}

bool page_client::is_shut_out() {
    while (read_more()) {
    }
    return true;
}

std::string page_client::take(std::size_t size) {
    auto taken = read_.substr(0, size);
    read_.erase(0, size);
    return taken;
}

page_client::answer page_client::hears() {
    answer heard;
    auto end = read_.find("\r\n\r\n");
    while (end == read_.npos) {
        if (!read_more()) return heard;
        end = read_.find("\r\n\r\n");
    }
    auto const head = take(end + 4);
    heard.status = std::stoi(head.substr(9, 3));
    for (auto at = head.find("\r\n") + 2; at + 2 < head.size();) {
        auto const stop = head.find("\r\n", at);
        auto const colon = head.find(": ", at);
        auto name = head.substr(at, colon - at);
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
        heard.headers[name] = head.substr(colon + 2, stop - colon - 2);
        at = stop + 2;
    }
    auto const length = heard.headers.find("content-length");
    if (length != heard.headers.end() && heard.status != 304) {
        auto const size = std::stoul(length->second);
        while (read_.size() < size && read_more()) {
        }
        heard.body = take(size);
    }
    if (auto const set = heard.headers.find("set-cookie"); set != heard.headers.end()) {
        auto const value = set->second.substr(set->second.find('=') + 1);
        cookie_ = value.substr(0, value.find(';'));
    }
    return heard;
}

page_client::answer page_client::asks(words const& what) {
    auto text = what.method + " " + what.path + " HTTP/1.1\r\nHost: " + host() + "\r\n";
    if (!cookie_.empty()) text += "Cookie: __Host-linli=" + cookie_ + "\r\n";
    bool const changes = what.method != "GET" && what.method != "HEAD";
    if (changes && what.headers.find("Origin:") == std::string::npos)
        text += "Origin: https://" + host() + "\r\n";
    if (changes && what.headers.find("Content-Type:") == std::string::npos)
        text += "Content-Type: application/json\r\n";
    if (changes) text += "Content-Length: " + std::to_string(what.body.size()) + "\r\n";
    says(text + what.headers + "\r\n" + what.body);
    return hears();
}

page_client::answer page_client::upgrades(std::string const& path, std::string const& headers) {
    auto text = "GET " + path + " HTTP/1.1\r\nHost: " + host() + "\r\n";
    if (!cookie_.empty()) text += "Cookie: __Host-linli=" + cookie_ + "\r\n";
    if (headers.find("Origin:") == headers.npos) text += "Origin: https://" + host() + "\r\n";
    if (headers.find("Sec-WebSocket-Protocol:") == headers.npos)
        text += "Sec-WebSocket-Protocol: linli.v1.json\r\n";
    says(text +
         "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
         headers + "\r\n");
    return hears();
}

void page_client::frames(int opcode, std::string const& payload, bool is_masked) {
    std::string bytes(1, static_cast<char>(0x80 | opcode));
    int const mask = is_masked ? 0x80 : 0;
    if (payload.size() < 126) {
        bytes += static_cast<char>(mask | static_cast<int>(payload.size()));
    } else if (payload.size() < 65536) {
        bytes += static_cast<char>(mask | 126);
        bytes += static_cast<char>(payload.size() >> 8);
        bytes += static_cast<char>(payload.size() & 255);
    } else {
        bytes += static_cast<char>(mask | 127);
        for (int shift = 56; shift >= 0; shift -= 8)
            bytes += static_cast<char>((payload.size() >> shift) & 255);
    }
    std::string const key = "\x12\x34\x56\x78";
    if (is_masked) bytes += key;
    for (std::size_t i = 0; i < payload.size(); ++i)
        bytes += is_masked ? static_cast<char>(payload[i] ^ key[i % 4]) : payload[i];
    says(bytes);
}

page_client::frame page_client::next_frame() {
    for (;;) {
        auto const has = [this](std::size_t size) {
            while (read_.size() < size)
                if (!read_more() && read_.size() < size) return false;
            return true;
        };
        if (!has(2)) return {};
        auto const byte = [this](std::size_t at) { return static_cast<unsigned char>(read_[at]); };
        std::size_t size = byte(1) & 127U;
        std::size_t head = 2;
        if (size == 126) head = 4;
        if (size == 127) head = 10;
        if (!has(head)) return {};
        if (head > 2) size = 0;
        for (std::size_t at = 2; at < head; ++at)
            size = (size << 8) | byte(at);
        if (!has(head + size)) return {};
        int const opcode = byte(0) & 15;
        take(head);
        frame got{opcode, take(size)};
        if (opcode != 9) return got;
        if (!is_deaf_) frames(10, got.payload);
    }
}

int page_client::frame::close_code() const {
    if (opcode != 8 || payload.size() < 2) return 0;
    return (static_cast<unsigned char>(payload[0]) << 8) | static_cast<unsigned char>(payload[1]);
}

} // namespace linli::tests
