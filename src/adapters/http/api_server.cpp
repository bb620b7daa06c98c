#include "adapters/http/api_server.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <fmt/core.h>
#include <openssl/ssl.h>

#include "adapters/http/live_socket.hpp"
#include "adapters/http/request_reading.hpp"
#include "adapters/http/server_tls.hpp"
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

using tls_stream = boost::beast::ssl_stream<boost::beast::tcp_stream>;
using live_line = live_socket<tls_stream>;
using response = beast::response<beast::span_body<char const>>;

constexpr std::size_t buffer_bytes = 32 * 1024;
constexpr std::string_view api_root = "/v1/";
constexpr std::string_view live_path = "/v1/live";
constexpr std::chrono::seconds farewell{2};

tcp::acceptor acceptor_at(boost::asio::io_context& loop, runtime::listen_address const& address) {
    try {
        tcp::endpoint const endpoint(boost::asio::ip::make_address(address.host), address.port);
        return tcp::acceptor(loop, endpoint);
    } catch (boost::system::system_error const& error) {
        throw std::runtime_error(
            fmt::format("can't listen on {} port {}: {}; is another server running? console.listen "
                        "in the configuration names the address",
                        address.host, address.port, error.code().message()));
    }
}

api_reply problem(unsigned status, std::string_view code) {
    return {status, fmt::format(R"({{"code":"{}"}})", code)};
}

std::optional<api_reply> problem(std::optional<not_read> const& why) {
    if (!why) return std::nullopt;
    return problem(why->status, why->code);
}

bool takes_gzip(request const& from) {
    return view(from[beast::field::accept_encoding]).find("gzip") != std::string_view::npos;
}

// What became of the reading of a request.
struct arrival {
    arrival() = default; // it is whole
    explicit arrival(std::optional<api_reply> wrong) : refused(std::move(wrong)) {
        is_gone = !refused;
    }
    bool is_gone = false; // went away, or was too slow
    std::optional<api_reply> refused;
};

// An answer, and what keeps its bytes alive.
struct outgoing_reply {
    response message;
    std::string body; // empty: the message points into the pages
};

void secure(response& to, std::string const& policy) {
    to.set("Content-Security-Policy", policy);
    to.set("Strict-Transport-Security", "max-age=31536000");
    to.set("X-Content-Type-Options", "nosniff");
    to.set("Referrer-Policy", "no-referrer");
    to.set("Cross-Origin-Opener-Policy", "same-origin");
    to.set("Cross-Origin-Resource-Policy", "same-origin");
}

struct connection {
    boost::asio::ip::address address;
    bool is_known = false; // somebody has a session on it
    boost::beast::tcp_stream* stream = nullptr;
    std::shared_ptr<live_line> live;
    bool is_closed = false;
};
using peer = std::shared_ptr<connection>;

// What another thread will say, and how long we wait for it.
template <class T>
struct awaited {
    explicit awaited(boost::asio::any_io_executor loop) : said(std::move(loop)) {}
    std::optional<T> value;
    boost::asio::steady_timer said;
};

// Of one request among those whose body is long, until it was answered.
class long_place {
public:
    long_place() = default;
    long_place(long_place const&) = delete;
    long_place& operator=(long_place const&) = delete;
    ~long_place() {
        if (among_) --*among_;
    }
    bool take(std::size_t& taken, std::size_t most) {
        if (taken >= most) return false;
        among_ = &taken;
        ++taken;
        return true;
    }

private:
    std::size_t* among_ = nullptr;
};

class beast_api_server final : public api_server {
public:
    beast_api_server(runtime::listen_address const& address, api_tls const& tls, page_files pages,
                     api_callbacks callbacks, runtime::metrics& into, api_limits limits,
                     std::string policy)
        : callbacks_(std::move(callbacks)), limits_(limits), pages_(std::move(pages)),
          policy_(std::move(policy)), metrics_(into),
          open_(into.gauge("linli_api_connections", "Connections to the pages' door, now")),
          live_(into.gauge("linli_api_live", "Pages that hear the live feed, now")),
          tls_(server_tls(tls.certificate, tls.key, "console")),
          acceptor_(acceptor_at(loop_, address)), port_(acceptor_.local_endpoint().port()),
          tasks_(loop_.get_executor()) {
        into.gauge("linli_console_certificate_end_seconds",
                   "When the pages' certificate runs out, in seconds since 1970")
            .set(static_cast<double>(
                end_of_certificate(tls_, tls.certificate).time_since_epoch().count()));
        tasks_.spawn("api_accept", accept_all());
        thread_ = std::thread([this] {
            auto const guard = boost::asio::make_work_guard(loop_);
            loop_.run();
        });
    }
    ~beast_api_server() override { stop(); }

    std::uint16_t port() const override { return port_; }

    void stop() override {
        if (!thread_.joinable()) return;
        boost::asio::post(
            loop_, [this] { boost::asio::co_spawn(loop_, put_down(), boost::asio::detached); });
        thread_.join();
    }

private:
    task<> put_down() {
        acceptor_.close();
        co_await tasks_.stop();
        loop_.stop();
    }

    task<> accept_all() {
        boost::asio::steady_timer pause(loop_);
        while (acceptor_.is_open()) {
            auto accepted = co_await acceptor_.async_accept(use_task_tuple);
            auto& [error, socket] = accepted;
            if (error == boost::asio::error::operation_aborted) co_return;
            if (error) {
                log::warning("api_accept_failed", {{"error", error}}); // out of descriptors, say
                pause.expires_after(100ms);
                co_await pause.async_wait(use_task_tuple);
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
        if (!make_room(c->address)) return turned_away();
        peers_.push_back(c);
        open_.set(static_cast<double>(peers_.size()));
        tasks_.spawn("api", meet(c, std::move(socket)));
    }

    task<> meet(peer c, tcp::socket socket) {
        presence const here(*this, c);
        error_code no_matter;
        socket.set_option(tcp::no_delay(true), no_matter);
        tls_stream stream(std::move(socket), tls_);
        c->stream = &stream.next_layer();
        c->stream->expires_after(limits_.one_request);
        auto const shaken =
            co_await stream.async_handshake(ssl::stream_base::server, use_task_tuple);
        if (!std::get<0>(shaken)) co_await converse(c, stream);
    }

    // One request after the other.
    task<> converse(peer c, tls_stream& stream) {
        boost::beast::flat_buffer buffer(buffer_bytes);
        for (bool goes_on = true; goes_on && !c->is_closed;) {
            request_parser parser;
            parser.header_limit(static_cast<std::uint32_t>(limits_.header_bytes));
            parser.body_limit(limits_.large_body_bytes); // until the head says which one it is
            long_place place;
            auto came = co_await read(c, stream, buffer, parser, place);
            if (came.is_gone) co_return;
            bool const is_whole = !came.refused;
            if (is_whole && wants_live(parser.get())) {
                auto const over = co_await become_live(c, stream, buffer, parser.get());
                if (over) co_return;
            }
            goes_on = is_whole && parser.get().keep_alive();
            auto answer = co_await answer_to(c, parser.get(), std::move(came.refused));
            c->stream->expires_after(time_to_write(answer));
            auto const told = co_await tell(stream, std::move(answer), parser.get(), goes_on);
            if (!told) co_return;
            c->stream->expires_after(c->is_known ? limits_.silence : limits_.one_request);
        }
        co_await part(c, stream);
    }

    // A recording or a whole sheet takes a telephone's line its minutes.
    std::chrono::milliseconds time_to_write(outgoing_reply const& answer) const {
        auto const bytes = answer.body.size() + answer.message.body().size();
        return limits_.writing + std::chrono::milliseconds(static_cast<std::int64_t>(
                                     bytes * 1000 / limits_.slowest_bytes_a_second));
    }

    task<arrival> read(peer c, tls_stream& stream, boost::beast::flat_buffer& buffer,
                       request_parser& parser, long_place& place) {
        auto head = co_await beast::async_read_header(stream, buffer, parser, use_task_tuple);
        if (auto const error = std::get<0>(head)) co_return arrival(problem(fault_of(error)));
        c->stream->expires_after(limits_.one_request);
        if (auto const wrong = malformed(parser.get())) co_return arrival(problem(wrong));
        auto const size = may_be(parser);
        auto const most = most_bytes(size);
        if (parser.content_length().value_or(0) > most)
            co_return arrival(problem(413, "body_too_large"));
        if (!take(place, size)) co_return arrival(busy());
        if (size != body_size::usual) c->stream->expires_after(limits_.large_request);
        parser.body_limit(most);
        if (!parser.get()[beast::field::expect].empty()) co_return arrival(problem(417, "expect"));
        auto const rest = co_await beast::async_read(stream, buffer, parser, use_task_tuple);
        if (auto const error = std::get<0>(rest)) co_return arrival(problem(fault_of(error)));
        co_return arrival();
    }

    // Longer than others, where it may be, by whoever shows a token: who that is, is known only
    // when it is whole.
    body_size may_be(request_parser const& parser) const {
        auto const& from = parser.get();
        bool const is_short =
            parser.content_length() && *parser.content_length() <= limits_.body_bytes;
        bool const has_body = parser.content_length() || parser.chunked();
        if (is_short || !has_body || !callbacks_.size_of_body || !shows_token(from))
            return body_size::usual;
        return callbacks_.size_of_body(view(from.method_string()), path_of(from));
    }

    std::size_t most_bytes(body_size size) const {
        if (size == body_size::large) return limits_.large_body_bytes;
        return size == body_size::picture ? limits_.picture_bytes : limits_.body_bytes;
    }

    bool take(long_place& place, body_size size) {
        if (size == body_size::large) return place.take(large_, limits_.large_at_once);
        return size == body_size::usual || place.take(pictures_, limits_.pictures_at_once);
    }

    static api_reply busy() {
        auto later = problem(503, "busy");
        later.headers.emplace_back("Retry-After", "10");
        return later;
    }

    task<outgoing_reply> answer_to(peer c, request& from, std::optional<api_reply> refused) {
        if (refused) co_return of_api(std::move(*refused));
        if (!view(from.target()).starts_with(api_root)) co_return of_page(from);
        c->stream->expires_never(); // the house's time, not the peer's
        auto taken = taken_apart(from, c->address);
        auto reply = co_await ask(std::move(taken));
        c->is_known = reply.is_known;
        co_return of_api(std::move(reply));
    }

    task<api_reply> ask(api_request what) {
        auto const answer = std::make_shared<awaited<api_reply>>(loop_.get_executor());
        answer->said.expires_after(limits_.answer);
        callbacks_.answer(std::move(what), said_into(answer));
        co_await answer->said.async_wait(use_task_tuple);
        if (answer->value) co_return std::move(*answer->value);
        log::warning("api_answer_late");
        co_return problem(504, "late");
    }

    // The awaited may be long over when it is said.
    template <class T>
    std::function<void(T)> said_into(std::shared_ptr<awaited<T>> const& answer) {
        return [this, answer](T value) {
            auto say = [answer, value = std::move(value)]() mutable {
                answer->value = std::move(value);
                answer->said.cancel();
            };
            boost::asio::post(loop_, std::move(say));
        };
    }

    static bool wants_live(request const& from) {
        return boost::beast::websocket::is_upgrade(from) && path_of(from) == live_path;
    }

    // False: it was refused, and the request is answered like any.
    task<bool> become_live(peer c, tls_stream& stream, boost::beast::flat_buffer& buffer,
                           request& from) {
        auto const offered = view(from[beast::field::sec_websocket_protocol]);
        if (offered.find(live_protocol) == offered.npos || buffer.size() > 0) co_return false;
        auto const socket = std::make_shared<live_line>(loop_.get_executor(), limits_,
                                                        [this](char const* why) { dropped(why); });
        auto taken = taken_apart(from, c->address);
        taken.method = "WEBSOCKET";
        c->stream->expires_never();
        auto met = co_await introduce(std::move(taken), socket);
        auto const listener = std::get_if<std::shared_ptr<live_listener>>(&met);
        if (!listener) {
            c->stream->expires_after(limits_.writing);
            auto answer = of_api(std::move(std::get<api_reply>(met)));
            auto const told = co_await tell(stream, std::move(answer), from, false);
            if (told) co_await part(c, stream);
            co_return true;
        }
        c->is_known = true;
        c->live = socket;
        c->stream = nullptr;
        auto const opened = co_await socket->open(std::move(stream), from, *listener);
        if (!opened) {
            (*listener)->gone();
            co_return true;
        }
        live_.add(1);
        tasks_.spawn("api_live", write_live(socket));
        co_await socket->read_all();
        co_return true;
    }

    task<> write_live(std::shared_ptr<live_line> to) {
        counted const one(live_);
        co_await to->write_all();
    }

    task<api_callbacks::met> introduce(api_request what, std::shared_ptr<live_line> socket) {
        auto const answer = std::make_shared<awaited<api_callbacks::met>>(loop_.get_executor());
        answer->said.expires_after(limits_.answer);
        callbacks_.meet(std::move(what), socket, said_into(answer));
        co_await answer->said.async_wait(use_task_tuple);
        if (answer->value) co_return std::move(*answer->value);
        co_return api_callbacks::met(problem(504, "late"));
    }

    outgoing_reply of_api(api_reply from) {
        outgoing_reply out;
        out.body = std::move(from.body);
        out.message.result(from.status);
        out.message.set(beast::field::cache_control, "no-store");
        if (!out.body.empty()) out.message.set(beast::field::content_type, from.content_type);
        for (auto const& [name, value] : from.headers)
            out.message.set(name, value);
        count(from.route.empty() ? "other" : from.route, from.status);
        return out;
    }

    outgoing_reply of_page(request const& from) {
        bool const reads = from.method() == beast::verb::get || from.method() == beast::verb::head;
        if (!reads) {
            auto wrong = problem(405, "method");
            wrong.headers.emplace_back("Allow", "GET, HEAD");
            return of_api(std::move(wrong));
        }
        auto const* page = pages_.find(path_of(from));
        if (!page) return of_api(problem(404, "unknown"));
        return whole_page(*page, from);
    }

    outgoing_reply whole_page(page_files::file const& page, request const& from) {
        outgoing_reply out;
        auto& message = out.message;
        message.set(beast::field::etag, page.etag);
        message.set(beast::field::vary, "Accept-Encoding");
        message.set(beast::field::cache_control,
                    page.is_immutable ? "public, max-age=31536000, immutable" : "no-cache");
        if (view(from[beast::field::if_none_match]).find(page.etag) != std::string_view::npos) {
            message.result(beast::status::not_modified);
        } else {
            bool const small = !page.gzip.empty() && takes_gzip(from);
            auto const& body = small ? page.gzip : page.body;
            message.result(beast::status::ok);
            message.set(beast::field::content_type, page.type);
            if (small) message.set(beast::field::content_encoding, "gzip");
            message.body() = {body.data(), body.size()};
        }
        count("pages", message.result_int());
        return out;
    }

    void count(std::string const& route, unsigned status) {
        metrics_
            .counter("linli_api_requests_total", "Requests to the pages' door",
                     {{"route", route}, {"status", std::to_string(status)}})
            .add();
    }

    task<bool> tell(tls_stream& stream, outgoing_reply out, request const& to, bool goes_on) {
        if (!out.body.empty()) out.message.body() = {out.body.data(), out.body.size()};
        out.message.version(11);
        secure(out.message, policy_);
        out.message.keep_alive(goes_on);
        out.message.prepare_payload();
        beast::response_serializer<beast::span_body<char const>> writer(out.message);
        if (to.method() == beast::verb::head) {
            auto const head = co_await beast::async_write_header(stream, writer, use_task_tuple);
            co_return !std::get<0>(head);
        }
        auto const written = co_await beast::async_write(stream, writer, use_task_tuple);
        co_return !std::get<0>(written);
    }

    task<> part(peer c, tls_stream& stream) {
        c->stream->expires_after(farewell);
        auto const parted = co_await stream.async_shutdown(use_task_tuple);
        static_cast<void>(parted);
    }

    void dropped(char const* why) {
        metrics_
            .counter("linli_api_live_dropped_total", "Pages cut off because they don't read",
                     {{"why", why}})
            .add();
    }

    void turned_away() {
        metrics_
            .counter("linli_api_turned_away_total",
                     "Connections that found no room, because all are somebody's")
            .add();
    }

    // A newcomer displaces a stranger: first of his own address, if that has its share, then of
    // the address that has the most; always the one that came first.
    bool make_room(boost::asio::ip::address const& of) {
        std::map<boost::asio::ip::address, std::size_t> strangers;
        std::size_t open = 0;
        for (auto const& each : peers_) {
            if (each->is_closed) continue;
            ++open;
            if (!each->is_known) ++strangers[each->address];
        }
        bool const has_its_share = strangers[of] >= limits_.of_address;
        if (!has_its_share && open < limits_.connections) return true;
        connection* leaves = nullptr;
        for (auto const& each : peers_) {
            if (each->is_known || each->is_closed) continue;
            if (has_its_share && each->address != of) continue;
            if (!leaves || strangers[each->address] > strangers[leaves->address])
                leaves = each.get();
        }
        if (leaves) close(*leaves);
        return leaves != nullptr;
    }

    static void close(connection& c) {
        c.is_closed = true;
        if (c.stream) c.stream->close();
        if (c.live) c.live->cut();
    }

    // Of a connection among the others, however its task ends.
    class presence {
    public:
        presence(beast_api_server& in, peer who) : in_(in), who_(std::move(who)) {}
        presence(presence const&) = delete;
        presence& operator=(presence const&) = delete;
        ~presence() {
            who_->stream = nullptr;
            std::erase(in_.peers_, who_);
            in_.open_.set(static_cast<double>(in_.peers_.size()));
        }

    private:
        beast_api_server& in_;
        peer who_;
    };

    class counted {
    public:
        explicit counted(runtime::gauge& in) : in_(in) {}
        counted(counted const&) = delete;
        counted& operator=(counted const&) = delete;
        ~counted() { in_.add(-1); }

    private:
        runtime::gauge& in_;
    };

    api_callbacks const callbacks_;
    api_limits const limits_;
    page_files const pages_;
    std::string const policy_;
    runtime::metrics& metrics_;
    runtime::gauge open_;
    runtime::gauge live_;
    ssl::context tls_;
    boost::asio::io_context loop_{1};
    tcp::acceptor acceptor_;
    std::uint16_t const port_;
    std::vector<peer> peers_; // in the order in which they came
    std::size_t large_ = 0;   // requests with a large body, now
    std::size_t pictures_ = 0;
    runtime::work_scope tasks_;
    std::thread thread_; // last: it uses the others
};

} // namespace

std::unique_ptr<api_server> api_server::start(runtime::listen_address const& address,
                                              api_tls const& tls, page_files pages,
                                              api_callbacks callbacks, runtime::metrics& into,
                                              api_limits limits, std::string policy) {
    return std::make_unique<beast_api_server>(address, tls, std::move(pages), std::move(callbacks),
                                              into, limits, std::move(policy));
}

std::chrono::sys_seconds certificate_end(api_tls const& tls) {
    auto context = server_tls(tls.certificate, tls.key, "console");
    return end_of_certificate(context, tls.certificate);
}

void check_address(runtime::listen_address const& address) {
    boost::asio::io_context none;
    acceptor_at(none, address).close();
}

} // namespace linli::http
