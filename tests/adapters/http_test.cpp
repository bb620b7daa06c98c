// The health server over a real loopback socket. Deadlines are milliseconds here, so that a slow
// client is a matter of milliseconds too.
#include "adapters/http/health_server.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/http/health_client.hpp"
#include "adapters/http/trace_json.hpp"
#include "runtime/log.hpp"
#include "runtime/with_deadline.hpp"

namespace linli::http {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using runtime::task;
using runtime::use_task;
using runtime::use_task_tuple;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// A server, and clients that talk to it on the same loop.
class health : public testing::Test {
protected:
    readiness ready_{{{"database", true, "connected", {}}, {"broker", true, "connected", {}}}};
    std::function<std::string()> metrics_ = [] { return std::string("linli_alerts_open 3\n"); };
    std::function<std::optional<std::string>(std::string_view)> trace_;
    health_limits limits_;
    std::uint16_t port_ = 0;
    boost::asio::io_context loop_{1};
    std::vector<tcp::socket> kept_;

    // Runs the conversation against a fresh server, then stops it; returns when all is gone.
    void run(std::function<task<>(std::uint16_t port)> conversation) {
        health_callbacks callbacks{[this] { return ready_; }, [this] { return metrics_(); },
                                   trace_};
        server_ = health_server::start(loop_.get_executor(), {"127.0.0.1", port_},
                                       std::move(callbacks), limits_);
        auto talk = talk_then_stop(std::move(conversation));
        boost::asio::co_spawn(loop_, std::move(talk), [](std::exception_ptr error) {
            if (error) std::rethrow_exception(error);
        });
        loop_.run();
        loop_.restart();
        server_.reset();
    }

    // What the server answers to the request, until it closes the connection.
    std::string answer_to(std::string request) {
        std::string answer;
        run([&](std::uint16_t port) { return ask(port, std::move(request), answer); });
        return answer;
    }

    static task<tcp::socket> connected(std::uint16_t port) {
        auto executor = co_await boost::asio::this_coro::executor;
        tcp::socket socket(executor);
        tcp::endpoint const server(boost::asio::ip::address_v4::loopback(), port);
        co_await socket.async_connect(server, use_task);
        co_return socket;
    }

    static task<std::string> read_all(tcp::socket& socket) {
        std::string all;
        auto into = boost::asio::dynamic_buffer(all);
        co_await boost::asio::async_read(socket, into, use_task_tuple);
        co_return all;
    }

    // The same by our own client.
    health_answer asked_for(std::string const& target) {
        health_answer answer;
        run([&](std::uint16_t port) { return ask_by_client(port, target, answer); });
        return answer;
    }

    static task<> ask_by_client(std::uint16_t port, std::string target, health_answer& answer) {
        runtime::listen_address const server{"127.0.0.1", port};
        answer = co_await ask_health(server, std::move(target), 5s);
    }

    static task<> ask(std::uint16_t port, std::string request, std::string& answer) {
        auto socket = co_await connected(port);
        auto const bytes = boost::asio::buffer(request);
        co_await boost::asio::async_write(socket, bytes, use_task_tuple);
        answer = co_await read_all(socket);
    }

    // Sends a byte every millisecond until the server has closed the connection.
    static task<> trickle(std::uint16_t port, bool& closed) {
        auto socket = co_await connected(port);
        std::string const one = "G";
        auto const byte = boost::asio::buffer(one);
        char got = 0;
        auto const room = boost::asio::buffer(&got, 1);
        while (!closed) {
            co_await boost::asio::async_write(socket, byte, use_task_tuple);
            auto reading = socket.async_read_some(room, use_task_tuple);
            auto const read = co_await runtime::with_deadline(std::move(reading), 1ms);
            closed = read && std::get<0>(*read) != boost::asio::error::operation_aborted;
        }
    }

    // Takes the answer and keeps its own side open; ends when the server has closed everything.
    static task<> ask_and_stay(std::uint16_t port) {
        auto socket = co_await connected(port);
        std::string const request = "GET /healthz HTTP/1.1\r\n\r\n";
        auto const bytes = boost::asio::buffer(request);
        auto written = co_await boost::asio::async_write(socket, bytes, use_task_tuple);
        auto const answer = co_await read_all(socket);
        EXPECT_THAT(answer, EndsWith("ok"));
        boost::asio::steady_timer pause(socket.get_executor());
        while (!std::get<0>(written)) { // until the closed connection is reset
            pause.expires_after(1ms);
            co_await pause.async_wait(use_task);
            written = co_await boost::asio::async_write(socket, bytes, use_task_tuple);
        }
    }

    static task<> crowd(std::uint16_t port) {
        auto first = co_await connected(port);
        auto second = co_await connected(port);
        auto third = co_await connected(port);
        auto const nothing = co_await read_all(third);
        EXPECT_EQ(nothing, "");
        std::string const request = "GET /healthz HTTP/1.1\r\n\r\n";
        auto const bytes = boost::asio::buffer(request);
        co_await boost::asio::async_write(first, bytes, use_task_tuple);
        auto const answer = co_await read_all(first);
        EXPECT_THAT(answer, EndsWith("ok"));
        first.close();
        std::string later; // there is room again as soon as the server has seen the first one go
        while (later.empty())
            co_await ask(port, request, later);
        EXPECT_THAT(later, EndsWith("ok"));
    }

    task<> connect_and_keep(std::uint16_t port) {
        auto socket = co_await connected(port);
        kept_.push_back(std::move(socket));
    }

    task<> remember(std::uint16_t port) {
        port_ = port;
        co_return;
    }

private:
    task<> talk_then_stop(std::function<task<>(std::uint16_t)> conversation) {
        auto const port = server_->port();
        co_await conversation(port);
        co_await server_->stop();
    }

    std::unique_ptr<health_server> server_;
};

std::string get(std::string const& target) {
    return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

TEST_F(health, healthz_says_ok) {
    auto const answer = answer_to(get("/healthz"));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(answer, EndsWith("\r\n\r\nok"));
    EXPECT_THAT(answer_to(get("/healthz?probe=1")), StartsWith("HTTP/1.1 200 "));
}

TEST_F(health, readyz_lists_the_parts) {
    auto const answer = answer_to(get("/readyz"));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
    EXPECT_THAT(answer, HasSubstr("Content-Type: application/json\r\n"));
    EXPECT_THAT(answer, HasSubstr(R"({"ready":true,"parts":[{"name":"database","ready":true,)"
                                  R"("state":"connected","since":"1970-01-01T00:00:00.000Z"},)"));
}

TEST_F(health, readyz_is_503_while_a_part_is_not_ready) {
    auto const since = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 3h;
    ready_.parts[1] = {"broker", false, "refused: \"bad password\"", since};
    auto const answer = answer_to(get("/readyz"));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 503 "));
    EXPECT_THAT(answer, HasSubstr(R"({"name":"broker","ready":false,)"
                                  R"("state":"refused: \"bad password\"",)"
                                  R"("since":"2026-11-23T03:00:00.000Z"})"));
    ready_.parts.clear();
    EXPECT_THAT(answer_to(get("/readyz")), StartsWith("HTTP/1.1 503 ")) << "knows of no part";
}

TEST_F(health, metrics_are_text) {
    auto const answer = answer_to(get("/metrics"));
    EXPECT_THAT(answer, HasSubstr("Content-Type: text/plain; version=0.0.4"));
    EXPECT_THAT(answer, EndsWith("\r\n\r\nlinli_alerts_open 3\n"));
}

TEST_F(health, trace_is_asked_by_the_event_whatever_it_is_called) {
    std::string asked;
    trace_ = [&](std::string_view event) -> std::optional<std::string> {
        asked = event;
        return "{}";
    };
    for (auto const* event : {"w1:7:42", "+telephone:c 1&x:sos", "表:1:1", ""}) {
        auto const answer = asked_for(trace_target(event));
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body, "{}");
        EXPECT_EQ(asked, event);
    }
    EXPECT_THAT(answer_to(get("/trace")), StartsWith("HTTP/1.1 200 "));
    EXPECT_EQ(asked, "");
}

TEST_F(health, trace_of_what_is_not_remembered_is_404) {
    EXPECT_EQ(asked_for("/trace?event=w1:7:42").status, 404) << "nothing is traced";
    trace_ = [](std::string_view) { return std::nullopt; };
    EXPECT_EQ(asked_for("/trace?event=w1:7:42").status, 404);
}

TEST_F(health, where_no_server_is_the_client_has_no_answer) {
    health_answer answer;
    answer.status = 200;
    boost::asio::io_context loop{1};
    boost::asio::co_spawn(loop, ask_by_client(1, "/healthz", answer), [](std::exception_ptr error) {
        if (error) std::rethrow_exception(error);
    });
    loop.run();
    EXPECT_EQ(answer.status, 0);
}

TEST(trace_json, comes_back_as_it_went) {
    auto const at = [](std::int64_t us) { return domain::instant(domain::duration(us)); };
    app::event_trace sent;
    sent.event = "w1:7:42";
    sent.door = "mqtt";
    sent.when(app::trace_step::received) = at(1'795'000'000'000'001);
    sent.when(app::trace_step::committed) = at(1'795'000'000'004'000);
    sent.tries = 2;
    sent.batch = 3;
    sent.repeats = 4;
    sent.messages = {{"device:w1", "receipt stored", at(5), at(6), at(7), 1},
                     {"provider:c1", "offer open", at(5), {}, {}, 0}};
    sent.messages_left_out = 1;
    EXPECT_EQ(read_trace(to_json(sent)), sent);
    for (auto const* nonsense : {"", "{", "[]", "{}", R"({"event":1})", "no such event"})
        EXPECT_FALSE(read_trace(nonsense)) << nonsense;
}

TEST_F(health, head_has_the_header_only) {
    auto const answer = answer_to("HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(answer, HasSubstr("Content-Length: 2\r\n"));
    EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST_F(health, other_pages_and_methods_are_refused) {
    EXPECT_THAT(answer_to(get("/")), StartsWith("HTTP/1.1 404 "));
    EXPECT_THAT(answer_to(get("/healthz/")), StartsWith("HTTP/1.1 404 "));
    auto const post = answer_to("POST /healthz HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc");
    EXPECT_THAT(post, StartsWith("HTTP/1.1 405 "));
    EXPECT_THAT(post, HasSubstr("Allow: GET, HEAD\r\n"));
    EXPECT_THAT(answer_to("BREW /healthz HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 405 "));
}

TEST_F(health, bodies_are_refused) {
    EXPECT_THAT(answer_to("GET /healthz HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"),
                StartsWith("HTTP/1.1 413 "));
    EXPECT_THAT(answer_to("GET /healthz HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                StartsWith("HTTP/1.1 413 "));
}

TEST_F(health, nonsense_is_a_bad_request) {
    EXPECT_THAT(answer_to("[3G*8800000015*0002*LK]\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(answer_to(std::string(64, '\0') + "\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
}

TEST_F(health, a_large_header_is_refused_with_an_answer) {
    auto const head = std::string("GET /healthz HTTP/1.1\r\nX: ");
    EXPECT_THAT(answer_to(head + std::string(7000, 'x') + "\r\n\r\n"), StartsWith("HTTP/1.1 200 "));
    EXPECT_THAT(answer_to(head + std::string(9000, 'x') + "\r\n\r\n"), StartsWith("HTTP/1.1 431 "));
    EXPECT_THAT(answer_to(head + std::string(60000, 'x')), StartsWith("HTTP/1.1 431 "))
        << "the answer reaches a client that is still sending";
}

TEST_F(health, a_failing_page_is_500_and_the_log_says_why) {
    std::vector<std::string> lines;
    runtime::log::redirection const here([&](auto line) { lines.emplace_back(line); });
    metrics_ = []() -> std::string { throw std::runtime_error("secret detail"); };
    auto const answer = answer_to(get("/metrics"));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 "));
    EXPECT_THAT(answer, Not(HasSubstr("secret")));
    EXPECT_THAT(lines, ElementsAre(HasSubstr(
                           "health_request_failed target=/metrics error=\"secret detail\"")));
}

TEST_F(health, a_client_that_sends_half_a_request_is_closed_at_the_deadline) {
    limits_.request_deadline = 20ms;
    EXPECT_EQ(answer_to("GET /healthz HT"), "");
    EXPECT_EQ(answer_to(""), "");
}

TEST_F(health, a_client_that_trickles_gains_no_time) {
    limits_.request_deadline = 40ms;
    bool closed = false;
    run([&](std::uint16_t port) { return trickle(port, closed); });
    EXPECT_TRUE(closed);
}

TEST_F(health, a_client_that_does_not_hang_up_is_closed_at_the_deadline) {
    limits_.request_deadline = 20ms;
    run([&](std::uint16_t port) { return ask_and_stay(port); });
}

TEST_F(health, one_connection_too_many_is_closed_at_once) {
    limits_.connections = 2;
    run([&](std::uint16_t port) { return crowd(port); });
}

TEST_F(health, stop_closes_waiting_connections) {
    run([&](std::uint16_t port) { return connect_and_keep(port); });
    char byte = 0;
    boost::system::error_code error;
    kept_.at(0).read_some(boost::asio::buffer(&byte, 1), error);
    EXPECT_TRUE(error) << "the server is gone, and so is the connection";
}

TEST_F(health, an_address_that_is_taken_stops_the_start) {
    tcp::acceptor const taken(loop_, {boost::asio::ip::address_v4::loopback(), 0});
    port_ = taken.local_endpoint().port();
    try {
        answer_to(get("/healthz"));
        ADD_FAILURE() << "two servers on one port";
    } catch (std::runtime_error const& error) {
        EXPECT_THAT(error.what(), HasSubstr("can't listen on 127.0.0.1 port"));
        EXPECT_THAT(error.what(), HasSubstr("http.listen"));
    }
}

TEST_F(health, a_restart_gets_its_port_again_at_once) {
    run([&](std::uint16_t port) { return remember(port); });
    EXPECT_THAT(answer_to(get("/healthz")), EndsWith("ok"));
    EXPECT_THAT(answer_to(get("/healthz")), EndsWith("ok"));
}

} // namespace
} // namespace linli::http
