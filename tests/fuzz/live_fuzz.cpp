// Any bytes on a page's live connection after its handshake, in memory: what the house hears is
// text of a bounded length, one after the other; and it hears the end once, last of all. The first
// byte says whether the page has asked for compression.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/_experimental/test/stream.hpp>
#include <boost/beast/http.hpp>

#include "adapters/http/live_socket.hpp"
#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/console_words.hpp"
#include "fuzz/require.hpp"

namespace {

using namespace linli;
namespace beast = boost::beast;
using request = beast::http::request<beast::http::string_body>;

// A peer in memory; it has no time that could run out.
struct memory_stream : beast::test::stream {
    explicit memory_stream(boost::asio::io_context& loop) : beast::test::stream(loop) {}
    void expires_never() {}
    void close() { // as a socket's: what it waits for ends, too
        basic_stream::close_remote();
        basic_stream::close();
    }
};
template <class Done>
void async_teardown(beast::role_type role, memory_stream& of, Done&& done) {
    beast::test::stream& lowest = of;
    async_teardown(role, lowest, std::forward<Done>(done));
}
using line = http::live_socket<memory_stream>;

class house final : public http::live_listener {
public:
    explicit house(http::api_limits const& limits) : limits_(limits) {}

    void answers_on(std::weak_ptr<line> on) { on_ = std::move(on); }
    void heard(std::string text, std::function<void()> done) override {
        require(!is_gone_ && text.size() <= limits_.live_message_bytes && wire::is_utf8(text));
        auto const to = on_.lock();
        auto const call = wire::read_live_call(text);
        if (to && !call) to->close(4400, "no LiveCall");
        if (to && call && call->hello)
            to->send(std::make_shared<std::string const>(R"({"beat":{}})"));
        done();
    }
    void written() override { require(!is_gone_); }
    void gone() override {
        require(!is_gone_);
        is_gone_ = true;
    }
    bool is_gone() const { return is_gone_; }

private:
    http::api_limits const& limits_;
    std::weak_ptr<line> on_;
    bool is_gone_ = false;
};

request handshake(bool compresses) {
    request asked{beast::http::verb::get, "/v1/live", 11};
    asked.set(beast::http::field::host, "desk.example");
    asked.set(beast::http::field::connection, "Upgrade");
    asked.set(beast::http::field::upgrade, "websocket");
    asked.set(beast::http::field::sec_websocket_version, "13");
    asked.set(beast::http::field::sec_websocket_key, "dGhlIHNhbXBsZSBub25jZQ==");
    asked.set(beast::http::field::sec_websocket_protocol, http::live_protocol);
    if (compresses) asked.set(beast::http::field::sec_websocket_extensions, "permessage-deflate");
    return asked;
}

runtime::task<> write_to(std::shared_ptr<line> socket) {
    co_await socket->write_all();
}

runtime::task<> talk(std::shared_ptr<line> socket, memory_stream carrier, request asked,
                     std::shared_ptr<house> listener) {
    auto executor = co_await boost::asio::this_coro::executor;
    auto const opened = co_await socket->open(std::move(carrier), std::move(asked), listener);
    require(opened);
    boost::asio::co_spawn(executor, write_to(socket), boost::asio::detached);
    co_await socket->read_all();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0) return 0;
    std::string_view const bytes(reinterpret_cast<char const*>(data) + 1, size - 1);
    http::api_limits const limits;
    auto const listener = std::make_shared<house>(limits);
    {
        boost::asio::io_context loop{1};
        memory_stream ours(loop);
        auto peer = beast::test::connect(ours);
        auto const socket = std::make_shared<line>(loop.get_executor(), limits, [](char const*) {});
        listener->answers_on(socket);
        boost::asio::co_spawn(
            loop, talk(socket, std::move(ours), handshake((data[0] & 1U) != 0), listener),
            boost::asio::detached);
        loop.poll();
        peer.write_some(boost::asio::buffer(bytes.data(), bytes.size()));
        peer.close();
        loop.restart();
        loop.poll();
    }
    require(listener->is_gone()); // at the latest with the loop: what ends it by time isn't tried
    return 0;
}
