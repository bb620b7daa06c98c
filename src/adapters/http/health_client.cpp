#include "adapters/http/health_client.hpp"

#include <tuple>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace linli::http {

namespace {

namespace beast = boost::beast::http;
using boost::asio::ip::tcp;
using runtime::use_task_tuple;

} // namespace

runtime::task<health_answer> ask_health(runtime::listen_address server, std::string target,
                                        std::chrono::milliseconds deadline) {
    health_answer done;
    auto executor = co_await boost::asio::this_coro::executor;
    boost::system::error_code wrong;
    auto const host = boost::asio::ip::make_address(server.host, wrong);
    if (wrong) co_return done;
    tcp::endpoint const endpoint(host, server.port);
    boost::beast::tcp_stream stream(executor);
    stream.expires_after(deadline); // for all of it
    auto const connected = co_await stream.async_connect(endpoint, use_task_tuple);
    if (std::get<0>(connected)) co_return done;
    beast::request<beast::empty_body> question(beast::verb::get, target, 11);
    question.set(beast::field::host, "localhost");
    auto const sent = co_await beast::async_write(stream, question, use_task_tuple);
    if (std::get<0>(sent)) co_return done;
    boost::beast::flat_buffer buffer;
    beast::response<beast::string_body> answer;
    auto const came = co_await beast::async_read(stream, buffer, answer, use_task_tuple);
    if (std::get<0>(came)) co_return done;
    done.status = static_cast<int>(answer.result_int());
    done.body = std::move(answer.body());
    co_return done;
}

} // namespace linli::http
