#include "bench/consoles_open.hpp"

#include <atomic>
#include <future>
#include <list>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include "linli/v1/console.pb.h"

namespace linli::bench {

namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
namespace websocket = boost::beast::websocket;
using asio::use_awaitable;
using asio::ip::tcp;
using wall = std::chrono::system_clock;

using line = websocket::stream<ssl::stream<tcp::socket>>;

constexpr auto protocol = "linli.v1.json";

} // namespace

struct consoles_open::crowd {
    crowd(std::uint16_t to, std::filesystem::path const& authority, std::string with)
        : port(to), session(std::move(with)) {
        context.load_verify_file(authority.string());
        context.set_verify_mode(ssl::verify_peer);
    }

    asio::awaitable<void> open_one(bool is_first) {
        auto& to = lines.emplace_back(loop, context);
        auto const here = asio::ip::address_v4::loopback();
        tcp::endpoint const there(here, port);
        co_await to.next_layer().next_layer().async_connect(there, use_awaitable);
        to.next_layer().next_layer().set_option(tcp::no_delay(true));
        co_await to.next_layer().async_handshake(ssl::stream_base::client, use_awaitable);
        introduce(to);
        co_await to.async_handshake(host(), "/v1/live", use_awaitable);
        std::string const hello = R"({"hello":{}})";
        auto const words = asio::buffer(hello);
        co_await to.async_write(words, use_awaitable);
        boost::beast::flat_buffer buffer;
        co_await to.async_read(buffer, use_awaitable);
        asio::co_spawn(loop, hear(to, is_first), [this](std::exception_ptr const& failed) {
            if (failed && !is_closing) ++cut_off;
        });
    }

    void introduce(line& to) const {
        websocket::permessage_deflate small;
        small.client_enable = true; // as browsers do
        to.set_option(small);
        to.set_option(websocket::stream_base::decorator([this](websocket::request_type& asks) {
            asks.set("Origin", "https://" + host());
            asks.set("Cookie", "__Host-linli=" + session);
            asks.set("Sec-WebSocket-Protocol", protocol);
        }));
        to.read_message_max(64 << 20);
    }

    asio::awaitable<void> hear(line& from, bool is_first) {
        boost::beast::flat_buffer buffer;
        for (;;) {
            co_await from.async_read(buffer, use_awaitable);
            ++messages;
            bytes += buffer.size();
            if (is_first) look_at(boost::beast::buffers_to_string(buffer.data()));
            buffer.clear();
        }
    }

    void look_at(std::string const& text) {
        auto const now = wall::now();
        v1::LiveUpdate update;
        if (!google::protobuf::util::JsonStringToMessage(text, &update).ok())
            throw std::runtime_error("a console was told what is no LiveUpdate");
        std::scoped_lock const alone(seen_by);
        for (auto const& each : update.lines())
            seen.try_emplace(each.id(), now);
    }

    std::string host() const { return fmt::format("127.0.0.1:{}", port); }

    std::uint16_t port;
    std::string session;
    ssl::context context{ssl::context::tls_client};
    asio::io_context loop;
    std::list<line> lines;
    std::atomic<std::size_t> messages = 0;
    std::atomic<std::size_t> bytes = 0;
    std::atomic<std::size_t> cut_off = 0;
    std::atomic<bool> is_closing = false;
    mutable std::mutex seen_by;
    std::map<std::string, wall::time_point> seen;
    std::optional<asio::executor_work_guard<asio::io_context::executor_type>> stays{
        asio::make_work_guard(loop)};
    std::thread thread{[this] { loop.run(); }}; // last: it uses the others
};

consoles_open::consoles_open(std::uint16_t port, std::filesystem::path authority,
                             std::string session)
    : crowd_(std::make_unique<crowd>(port, authority, std::move(session))) {}

consoles_open::~consoles_open() {
    crowd_->is_closing = true;
    crowd_->loop.stop();
    if (crowd_->thread.joinable()) crowd_->thread.join();
}

void consoles_open::open(std::size_t count) {
    for (std::size_t n = 0; n < count; ++n) {
        auto const is_first = crowd_->lines.empty();
        asio::co_spawn(crowd_->loop, crowd_->open_one(is_first), asio::use_future).get();
    }
}

void consoles_open::close() {
    crowd_->is_closing = true;
    crowd_->loop.stop();
    crowd_->thread.join();
    if (crowd_->cut_off > 0)
        throw std::runtime_error(
            fmt::format("{} consoles were cut off by the server", crowd_->cut_off.load()));
}

std::size_t consoles_open::messages() const {
    return crowd_->messages;
}

std::size_t consoles_open::bytes() const {
    return crowd_->bytes;
}

std::map<std::string, wall::time_point> consoles_open::first_seen() const {
    std::scoped_lock const alone(crowd_->seen_by);
    return crowd_->seen;
}

} // namespace linli::bench
