#include "adapters/mqtt/byte_stream.hpp"

#include <stdexcept>
#include <type_traits>
#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

#include "runtime/peer_certificate.hpp"

namespace linli::mqtt {

namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;
using runtime::task;

template <class Stream>
class stream_of final : public byte_stream {
public:
    template <class... Arguments>
    explicit stream_of(Arguments&&... arguments) : stream_(std::forward<Arguments>(arguments)...) {}

    Stream& under() { return stream_; }

    task<boost::system::result<std::size_t>> read_some(asio::mutable_buffer into) override {
        auto done = co_await stream_.async_read_some(into, runtime::use_task_tuple);
        auto const [error, size] = done;
        if (error) co_return error;
        co_return size;
    }

    task<error_code> write(std::string_view bytes) override {
        auto const all = asio::buffer(bytes);
        auto done = co_await asio::async_write(stream_, all, runtime::use_task_tuple);
        co_return std::get<0>(done);
    }

    void close() override {
        error_code ignored;
        stream_.lowest_layer().close(ignored);
    }

    std::optional<std::chrono::sys_seconds> certificate_end() const override {
        if constexpr (std::is_same_v<Stream, tcp::socket>)
            return std::nullopt;
        else
            return runtime::peer_certificate_end(const_cast<Stream&>(stream_).native_handle());
    }

private:
    Stream stream_;
};

struct address {
    bool tls = false;
    std::string host;
    std::string port;
};

address parse(std::string const& url) {
    auto const scheme = url.find("://");
    auto const colon = url.rfind(':');
    bool const tls = url.starts_with("ssl://");
    if (scheme == std::string::npos || colon <= scheme + 3 || colon + 1 == url.size() ||
        (!tls && !url.starts_with("tcp://")))
        throw std::runtime_error("not an address of a broker: " + url +
                                 "; ssl://host:port or tcp://host:port is");
    auto host = url.substr(scheme + 3, colon - scheme - 3);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    return {tls, std::move(host), url.substr(colon + 1)};
}

task<tcp::socket> connect(address to) {
    auto executor = co_await asio::this_coro::executor;
    tcp::resolver resolver(executor);
    auto found = co_await resolver.async_resolve(to.host, to.port, runtime::use_task);
    tcp::socket socket(executor);
    co_await asio::async_connect(socket, found, runtime::use_task);
    // An acknowledgement that waits for another packet costs a device 40 ms.
    socket.set_option(tcp::no_delay(true));
    co_return socket;
}

ssl::context trust(std::filesystem::path const& authority) {
    ssl::context context(ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    context.set_verify_mode(ssl::verify_peer);
    if (authority.empty())
        context.set_default_verify_paths();
    else
        context.load_verify_file(authority.string());
    return context;
}

} // namespace

task<std::unique_ptr<byte_stream>> open_stream(connection_settings to) {
    auto const at = parse(to.url);
    if (!at.tls) {
        auto socket = co_await connect(at);
        co_return std::make_unique<stream_of<tcp::socket>>(std::move(socket));
    }
    auto context = trust(to.ca_file); // the stream holds on to OpenSSL's own part of it
    auto socket = co_await connect(at);
    auto made = std::make_unique<stream_of<ssl::stream<tcp::socket>>>(std::move(socket), context);
    auto& stream = made->under();
    SSL_set_tlsext_host_name(stream.native_handle(), at.host.c_str());
    stream.set_verify_callback(ssl::host_name_verification(at.host));
    co_await stream.async_handshake(ssl::stream_base::client, runtime::use_task);
    co_return made;
}

} // namespace linli::mqtt
