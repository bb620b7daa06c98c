#include "adapters/http/push_server.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <fmt/core.h>

#include "adapters/http/push_proof.hpp"
#include "adapters/http/request_reading.hpp"
#include "adapters/http/server_tls.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/log.hpp"
#include "runtime/work_scope.hpp"

namespace linli::http {

namespace {

namespace beast = boost::beast::http;
namespace ssl = boost::asio::ssl;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using boost::system::error_code;
using runtime::task;
using runtime::use_task;
using runtime::use_task_tuple;
namespace log = runtime::log;

using plain_stream = boost::beast::tcp_stream;
using tls_stream = boost::beast::ssl_stream<plain_stream>;

constexpr std::string_view root = "/v1/push/";
constexpr std::size_t buffer_bytes = 16 * 1024;
constexpr std::size_t stranger_body_bytes = 64 * 1024; // where the proof needs the body
constexpr std::chrono::milliseconds first_wait = 10ms;
constexpr std::chrono::milliseconds longest_wait = 1000ms;
constexpr std::chrono::seconds farewell{2};
constexpr std::chrono::seconds between_warnings{60};

struct reply {
    beast::status status = beast::status::ok;
    std::string body = "ok\n";
};

tcp::acceptor acceptor_at(boost::asio::io_context& loop, runtime::listen_address const& address) {
    try {
        tcp::endpoint const endpoint(boost::asio::ip::make_address(address.host), address.port);
        return tcp::acceptor(loop, endpoint);
    } catch (boost::system::system_error const& error) {
        throw std::runtime_error(
            fmt::format("can't listen on {} port {}: {}; is another server running? push.listen "
                        "in the configuration names the address",
                        address.host, address.port, error.code().message()));
    }
}

std::optional<ssl::context> context_of(std::optional<push_tls> const& tls) {
    if (!tls) return std::nullopt;
    return server_tls(tls->certificate, tls->key, "push");
}

std::optional<reply> refusal_of(error_code error) {
    auto const why = fault_of(error);
    if (!why) return std::nullopt;
    return reply{static_cast<beast::status>(why->status), std::string(why->code) + '\n'};
}

task<> pause(std::chrono::milliseconds length) {
    auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor, length);
    co_await timer.async_wait(use_task);
}

struct connection {
    boost::asio::ip::address address;
    std::string source; // empty: nobody has proven himself on it
    std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now(); // of its turn
    bool is_busy = false; // a proven push of it is under way
    plain_stream* stream = nullptr;
    bool is_closed = false;
};
using peer = std::shared_ptr<connection>;

class beast_push_server final : public push_server {
public:
    beast_push_server(runtime::listen_address const& address, std::optional<push_tls> const& tls,
                      push_callbacks callbacks, runtime::metrics& into, push_limits limits)
        : callbacks_(std::move(callbacks)), limits_(limits), metrics_(into),
          open_(into.gauge("linli_push_connections", "Connections of clouds that push, now")),
          tls_(context_of(tls)), acceptor_(acceptor_at(loop_, address)),
          port_(acceptor_.local_endpoint().port()), tasks_(loop_.get_executor()) {
        tasks_.spawn("push_accept", accept_all());
        thread_ = std::thread([this] {
            auto const guard = boost::asio::make_work_guard(loop_);
            loop_.run();
        });
    }
    ~beast_push_server() override { stop(); }

    std::uint16_t port() const override { return port_; }

    void stop() override {
        if (!thread_.joinable()) return;
        boost::asio::post(
            loop_, [this] { boost::asio::co_spawn(loop_, put_down(), boost::asio::detached); });
        thread_.join();
        for_signals_.stop();
        for_bulk_.stop();
    }

private:
    task<> put_down() {
        acceptor_.close();
        co_await tasks_.stop();
        loop_.stop();
    }

    task<> accept_all() {
        while (acceptor_.is_open()) {
            auto accepted = co_await acceptor_.async_accept(use_task_tuple);
            auto& [error, socket] = accepted;
            if (error == boost::asio::error::operation_aborted) co_return;
            if (error) {
                log::warning("push_accept_failed", {{"error", error}}); // out of descriptors, say
                auto const again = 100ms;
                co_await pause(again);
                continue;
            }
            admit(std::move(socket));
        }
    }

    void admit(tcp::socket socket) {
        auto const c = std::make_shared<connection>();
        error_code gone;
        auto const end = socket.remote_endpoint(gone);
        if (gone) return;
        c->address = end.address();
        make_room();
        peers_.push_back(c);
        open_.set(static_cast<double>(peers_.size()));
        tasks_.spawn("push", meet(c, std::move(socket)));
    }

    task<> meet(peer c, tcp::socket socket) {
        presence const here(*this, c);
        error_code no_matter;
        socket.set_option(tcp::no_delay(true), no_matter);
        if (!tls_) {
            plain_stream stream(std::move(socket));
            c->stream = &stream;
            stream.expires_after(limits_.one_request);
            co_await converse(c, stream);
            c->stream = nullptr;
            co_return;
        }
        tls_stream stream(std::move(socket), *tls_);
        c->stream = &stream.next_layer();
        c->stream->expires_after(limits_.one_request);
        auto const shaken =
            co_await stream.async_handshake(ssl::stream_base::server, use_task_tuple);
        if (!std::get<0>(shaken)) co_await converse(c, stream);
        c->stream = nullptr;
    }

    // One request after the other, as long as each is proven.
    template <class Stream>
    task<> converse(peer c, Stream& stream) {
        boost::beast::flat_buffer buffer(buffer_bytes);
        for (bool goes_on = true; goes_on && !c->is_closed;) {
            request_parser parser;
            parser.header_limit(static_cast<std::uint32_t>(limits_.header_bytes));
            parser.body_limit(limits_.body_bytes);
            auto head = co_await beast::async_read_header(stream, buffer, parser, use_task_tuple);
            std::optional<reply> answer;
            if (auto const error = std::get<0>(head))
                answer = refusal_of(error);
            else
                answer = co_await answer_to(c, stream, buffer, parser);
            if (!answer) co_return;
            goes_on = answer->status == beast::status::ok && parser.get().keep_alive();
            c->stream->expires_after(limits_.one_request);
            auto const told = co_await tell(stream, std::move(*answer), goes_on);
            goes_on = goes_on && told;
            c->is_busy = false;
            c->since = std::chrono::steady_clock::now();
            if (goes_on)
                c->stream->expires_after(c->source.empty() ? limits_.one_request : limits_.silence);
        }
        co_await part(c, stream);
    }

    // Nothing: it went away.
    template <class Stream>
    task<std::optional<reply>> answer_to(peer c, Stream& stream, boost::beast::flat_buffer& buffer,
                                         request_parser& parser) {
        auto const path = std::string(path_of(parser.get()));
        auto const name = path.starts_with(root) ? path.substr(root.size()) : std::string();
        auto const* source = name.empty() ? nullptr : callbacks_.find(name);
        if (!source) co_return refused("unknown", beast::status::not_found, "no such source\n");
        if (parser.get().method() == beast::verb::get) co_return handshake(*source, parser.get());
        if (parser.get().method() != beast::verb::post)
            co_return refused("method", beast::status::method_not_allowed, "POST only\n");
        bool proven = is_in_header(source->rule.proof);
        if (proven &&
            !is_proven(source->rule, source->secret, claim_of(parser.get(), source->rule)))
            co_return refused("secret", beast::status::unauthorized, "wrong secret\n");
        if (proven) is_source(c, name);
        auto const most = proven ? limits_.body_bytes : stranger_body_bytes;
        if (parser.content_length().value_or(0) > most)
            co_return refused("size", beast::status::payload_too_large, "body too large\n");
        parser.body_limit(most);
        auto const encouraged = co_await encourage(stream, parser);
        if (!encouraged) co_return std::nullopt;
        auto const read = co_await beast::async_read(stream, buffer, parser, use_task_tuple);
        if (auto const error = std::get<0>(read)) co_return refusal_of(error);
        if (!proven &&
            !is_proven(source->rule, source->secret, claim_of(parser.get(), source->rule)))
            co_return refused("secret", beast::status::unauthorized, "wrong signature\n");
        if (!proven) is_source(c, name);
        auto const safe = co_await write_down(name, parser.get().body());
        if (!safe) co_return refused("journal", beast::status::service_unavailable, "later\n");
        metrics_.counter("linli_push_received_total", "Pushes written down", {{"source", name}})
            .add();
        co_return reply{};
    }

    reply handshake(push_source const& source, request const& asked) {
        if (source.rule.proof != files::push_proof::onenet)
            return refused("method", beast::status::method_not_allowed, "POST only\n");
        auto msg = answer_to_handshake(source.secret, query_of(asked));
        if (!msg) return refused("secret", beast::status::unauthorized, "wrong signature\n");
        return {beast::status::ok, std::move(*msg)};
    }

    // Who waits for it before he sends the body.
    template <class Stream>
    task<bool> encourage(Stream& stream, request_parser& parser) {
        if (view(parser.get()[beast::field::expect]) != "100-continue") co_return true;
        beast::response<beast::empty_body> go_on(beast::status::continue_, 11);
        beast::response_serializer<beast::empty_body> writer(go_on);
        auto const told = co_await beast::async_write_header(stream, writer, use_task_tuple);
        co_return !std::get<0>(told);
    }

    // False: it isn't on disk in time. It may come there yet: the cloud's repeat is the same event.
    task<bool> write_down(std::string source, std::string const& body) {
        auto const taken = std::make_shared<std::optional<push_callbacks::taken>>();
        auto const give_up = std::chrono::steady_clock::now() + limits_.journal;
        auto wait = first_wait;
        for (;;) {
            if (!*taken) *taken = offer(source, body);
            if (*taken) {
                auto& turn = (*taken)->is_bulk ? for_bulk_ : for_signals_;
                auto job = [taken] { return !(*taken)->make_safe || (*taken)->make_safe(); };
                auto const safe = co_await turn.run(std::move(job));
                if (safe) co_return true;
            }
            if (std::chrono::steady_clock::now() + wait > give_up) co_return false;
            co_await pause(wait);
            wait = std::min(2 * wait, longest_wait);
        }
    }

    std::optional<push_callbacks::taken> offer(std::string const& source,
                                               std::string const& body) noexcept {
        try {
            return callbacks_.on_push(source, body);
        } catch (...) {
            return std::nullopt;
        }
    }

    template <class Stream>
    task<bool> tell(Stream& stream, reply from, bool goes_on) {
        beast::response<beast::string_body> message(from.status, 11);
        message.set(beast::field::content_type, "text/plain; charset=utf-8");
        if (from.status == beast::status::method_not_allowed)
            message.set(beast::field::allow, "POST");
        message.keep_alive(goes_on);
        message.body() = std::move(from.body);
        message.prepare_payload();
        beast::response_serializer<beast::string_body> writer(message);
        auto const written = co_await beast::async_write(stream, writer, use_task_tuple);
        co_return !std::get<0>(written);
    }

    // Closing with unread bytes sends a reset that can overtake our answer.
    template <class Stream>
    task<> part(peer c, Stream& stream) {
        c->stream->expires_after(farewell);
        if constexpr (std::is_same_v<Stream, tls_stream>) {
            auto const parted = co_await stream.async_shutdown(use_task_tuple);
            static_cast<void>(parted);
        } else {
            error_code gone;
            stream.socket().shutdown(tcp::socket::shutdown_send, gone);
            std::array<char, 4096> rest;
            auto const room = boost::asio::buffer(rest);
            for (std::size_t drained = 0; !gone && drained < 65536;) {
                auto read = co_await stream.async_read_some(room, use_task_tuple);
                gone = std::get<0>(read);
                drained += std::get<1>(read);
            }
        }
    }

    reply refused(std::string const& why, beast::status status, std::string text) {
        metrics_.counter("linli_push_refused_total", "Requests that were refused", {{"why", why}})
            .add();
        ++refused_;
        auto const now = std::chrono::steady_clock::now();
        if (now >= tell_again_) { // a line a minute: who floods us shall not flood the log
            log::warning("push_refused", {{"why", why}, {"since_last_told", refused_}});
            refused_ = 0;
            tell_again_ = now + between_warnings;
        }
        return {status, std::move(text)};
    }

    // From now on it is of that source's share, where only what is idle gives way.
    void is_source(peer const& c, std::string const& name) {
        c->is_busy = true;
        c->source = name;
        c->stream->expires_after(limits_.one_request);
        std::size_t count = 0;
        connection* oldest = nullptr;
        for (auto const& each : peers_) {
            if (each->source != name || each->is_closed) continue;
            ++count;
            if (each->is_busy) continue;
            if (!oldest || each->since < oldest->since) oldest = each.get();
        }
        if (count > limits_.of_source && oldest) close(*oldest);
    }

    // A newcomer displaces a stranger: of the address that has the most, the one that came first.
    void make_room() {
        std::map<boost::asio::ip::address, std::size_t> of_address;
        std::size_t count = 0;
        for (auto const& each : peers_) {
            if (!each->source.empty() || each->is_closed) continue;
            ++count;
            ++of_address[each->address];
        }
        if (count < limits_.strangers) return;
        connection* leaves = nullptr;
        for (auto const& each : peers_) {
            if (!each->source.empty() || each->is_closed) continue;
            if (!leaves || of_address[each->address] > of_address[leaves->address])
                leaves = each.get();
        }
        if (leaves) close(*leaves);
    }

    static void close(connection& c) {
        c.is_closed = true;
        if (c.stream) c.stream->close();
    }

    // Of a connection among the others, however its task ends.
    class presence {
    public:
        presence(beast_push_server& in, peer who) : in_(in), who_(std::move(who)) {}
        presence(presence const&) = delete;
        presence& operator=(presence const&) = delete;
        ~presence() {
            who_->stream = nullptr;
            std::erase(in_.peers_, who_);
            in_.open_.set(static_cast<double>(in_.peers_.size()));
        }

    private:
        beast_push_server& in_;
        peer who_;
    };

    push_callbacks const callbacks_;
    push_limits const limits_;
    runtime::metrics& metrics_;
    runtime::gauge open_;
    std::optional<ssl::context> tls_;
    boost::asio::io_context loop_{1};
    tcp::acceptor acceptor_;
    std::uint16_t const port_;
    std::vector<peer> peers_; // in the order in which they came
    std::size_t refused_ = 0; // since the log told
    std::chrono::steady_clock::time_point tell_again_;
    runtime::blocking_pool for_signals_{1};
    runtime::blocking_pool for_bulk_{1};
    runtime::work_scope tasks_;
    std::thread thread_; // last: it uses the others
};

} // namespace

std::unique_ptr<push_server> push_server::start(runtime::listen_address const& address,
                                                std::optional<push_tls> const& tls,
                                                push_callbacks callbacks, runtime::metrics& into,
                                                push_limits limits) {
    return std::make_unique<beast_push_server>(address, tls, std::move(callbacks), into, limits);
}

std::chrono::sys_seconds certificate_end(push_tls const& tls) {
    auto context = server_tls(tls.certificate, tls.key, "push");
    return end_of_certificate(context, tls.certificate);
}

} // namespace linli::http
