#include "adapters/http/health_server.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <fmt/core.h>

#include "adapters/http/query.hpp"
#include "runtime/log.hpp"
#include "runtime/work_scope.hpp"

namespace linli::http {

namespace {

namespace beast = boost::beast::http;
using boost::asio::ip::tcp;
using boost::system::error_code;
using runtime::task;
using runtime::use_task_tuple;
namespace log = runtime::log;

struct reply {
    beast::status status = beast::status::ok;
    std::string body;
    std::string type = "text/plain; charset=utf-8";
};

reply trace_of(std::string_view target, health_callbacks const& callbacks) {
    if (!callbacks.trace) return {beast::status::not_found, "nothing is traced\n"};
    auto const query = target.substr(std::min(target.find('?'), target.size() - 1) + 1);
    auto found = callbacks.trace(typed_parameter(query, "event"));
    if (!found) return {beast::status::not_found, "no such event is remembered\n"};
    return {beast::status::ok, std::move(*found), "application/json"};
}

reply reply_to(beast::verb method, std::string_view target, health_callbacks const& callbacks) {
    if (method != beast::verb::get && method != beast::verb::head)
        return {beast::status::method_not_allowed, "GET or HEAD only\n"};
    auto const path = target.substr(0, target.find('?'));
    if (path == "/healthz") return {beast::status::ok, "ok"};
    if (path == "/metrics")
        return {beast::status::ok, callbacks.metrics(), "text/plain; version=0.0.4; charset=utf-8"};
    if (path == "/trace") return trace_of(target, callbacks);
    if (path != "/readyz") return {beast::status::not_found, "no such page\n"};
    auto const now = callbacks.ready();
    auto const status = now.ready() ? beast::status::ok : beast::status::service_unavailable;
    return {status, to_json(now), "application/json"};
}

// What to tell a client whose header can't be read; nothing if it went away or was too slow.
std::optional<reply> refusal_of(error_code error) {
    if (error == beast::error::header_limit || error == beast::error::buffer_overflow)
        return reply{beast::status::request_header_fields_too_large, "header too large\n"};
    if (error == beast::error::end_of_stream || error == beast::error::partial_message)
        return std::nullopt;
    if (error.category() == beast::make_error_code(beast::error::bad_method).category())
        return reply{beast::status::bad_request, "not HTTP\n"};
    return std::nullopt;
}

beast::response<beast::string_body> message_of(reply from) {
    beast::response<beast::string_body> message(from.status, 11);
    message.set(beast::field::content_type, from.type);
    message.set(beast::field::cache_control, "no-store");
    if (from.status == beast::status::method_not_allowed)
        message.set(beast::field::allow, "GET, HEAD");
    message.keep_alive(false);
    message.body() = std::move(from.body);
    message.prepare_payload();
    return message;
}

tcp::acceptor acceptor_at(boost::asio::any_io_executor const& executor,
                          runtime::listen_address const& address) {
    try {
        tcp::endpoint const endpoint(boost::asio::ip::make_address(address.host), address.port);
        return tcp::acceptor(executor, endpoint); // with SO_REUSEADDR, for quick restarts
    } catch (boost::system::system_error const& error) {
        throw std::runtime_error(
            fmt::format("can't listen on {} port {}: {}; is another server running? http.listen in "
                        "the configuration names the address",
                        address.host, address.port, error.code().message()));
    }
}

class beast_health_server final : public health_server {
public:
    beast_health_server(boost::asio::any_io_executor executor,
                        runtime::listen_address const& address, health_callbacks callbacks,
                        health_limits limits)
        : callbacks_(std::move(callbacks)), limits_(limits),
          acceptor_(acceptor_at(executor, address)), port_(acceptor_.local_endpoint().port()),
          tasks_(std::move(executor)) {
        tasks_.spawn("health accept", accept_all());
    }

    std::uint16_t port() const override { return port_; }

    task<> stop() override {
        acceptor_.close();
        co_await tasks_.stop();
    }

private:
    task<> accept_all() {
        boost::asio::steady_timer pause(acceptor_.get_executor());
        while (acceptor_.is_open()) {
            auto accepted = co_await acceptor_.async_accept(use_task_tuple);
            auto& [error, socket] = accepted;
            if (error == boost::asio::error::operation_aborted) co_return;
            if (error) {
                // Out of descriptors, say: the loop must not spin on it.
                log::warning("health_accept_failed", {{"error", error}});
                pause.expires_after(std::chrono::milliseconds(100));
                co_await pause.async_wait(use_task_tuple);
                continue;
            }
            auto const connections = tasks_.size() - 1; // this task is no connection
            if (connections < limits_.connections)
                tasks_.spawn("health connection", serve(std::move(socket)));
            else
                log::debug("health_connection_refused", {{"connections", connections}});
        }
    }

    task<> serve(tcp::socket socket) {
        boost::beast::tcp_stream stream(std::move(socket));
        // Set once for the whole connection: whoever sends or reads a byte at a time gains nothing.
        stream.expires_after(limits_.request_deadline);
        boost::beast::flat_buffer buffer(limits_.header_bytes);
        beast::request_parser<beast::empty_body> parser;
        parser.header_limit(static_cast<std::uint32_t>(limits_.header_bytes));
        parser.body_limit(boost::none); // refused below, with an answer
        auto read = co_await beast::async_read_header(stream, buffer, parser, use_task_tuple);
        auto const answer = answer_to(std::get<0>(read), parser);
        if (!answer) co_return;
        auto const message = message_of(*answer);
        beast::response_serializer<beast::string_body> writer(message);
        if (parser.get().method() == beast::verb::head)
            co_await beast::async_write_header(stream, writer, use_task_tuple);
        else
            co_await beast::async_write(stream, writer, use_task_tuple);
        co_await drain(stream);
    }

    std::optional<reply> answer_to(error_code unreadable,
                                   beast::request_parser<beast::empty_body> const& parser) const {
        if (unreadable) return refusal_of(unreadable);
        auto const& request = parser.get();
        try {
            auto answer =
                reply_to(request.method(), std::string_view(request.target()), callbacks_);
            bool const has_body = parser.chunked() || parser.content_length().value_or(0) > 0;
            if (has_body && answer.status != beast::status::method_not_allowed)
                answer = {beast::status::payload_too_large, "no body here\n"};
            return answer;
        } catch (std::exception const& error) {
            log::error("health_request_failed",
                       {{"target", std::string_view(request.target())}, {"error", error}});
            return reply{beast::status::internal_server_error, "failed; the log says why\n"};
        }
    }

    // Closing a socket with unread bytes sends a reset that can overtake our answer, so read what
    // is still coming; the connection's deadline goes on.
    task<> drain(boost::beast::tcp_stream& stream) {
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

    health_callbacks callbacks_;
    health_limits limits_;
    tcp::acceptor acceptor_;
    std::uint16_t port_;
    runtime::work_scope tasks_;
};

} // namespace

std::unique_ptr<health_server> health_server::start(boost::asio::any_io_executor executor,
                                                    runtime::listen_address const& address,
                                                    health_callbacks callbacks,
                                                    health_limits limits) {
    return std::make_unique<beast_health_server>(std::move(executor), address, std::move(callbacks),
                                                 limits);
}

} // namespace linli::http
