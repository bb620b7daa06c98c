// The door of the pages, by TLS over real loopback sockets: what it serves, what bounds it, and who
// would harm it. What the API answers is tests/app and tests/system; here an echo stands for it.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "adapters/http/api_server.hpp"
#include "adapters/http/certificates.hpp"
#include "support/page_client.hpp"

namespace linli::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using tests::page_client;
namespace fs = std::filesystem;

// One authority and one certificate for all tests of this file.
fs::path const& keys() {
    static fs::path const folder = [] {
        auto name = (fs::temp_directory_path() / "linli-door-XXXXXX").string();
        fs::path const made = ::mkdtemp(name.data());
        make_certificates(made / "keys", {"localhost"});
        return made / "keys";
    }();
    return folder;
}

void write(fs::path const& file, std::string const& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

// The house behind one live connection: keeps what it hears, and sends what a test says.
struct listener final : live_listener {
    std::shared_ptr<live_line_out> out;
    std::mutex mutex;
    std::condition_variable moved;
    std::vector<std::string> texts;
    int texts_written = 0;
    bool is_gone = false;

    void heard(std::string text, std::function<void()> done) override {
        std::lock_guard const lock(mutex);
        texts.push_back(std::move(text));
        moved.notify_all();
        done();
    }
    void written() override {
        std::lock_guard const lock(mutex);
        ++texts_written;
        moved.notify_all();
    }
    void gone() override {
        std::lock_guard const lock(mutex);
        is_gone = true;
        moved.notify_all();
    }
    bool when(std::function<bool()> const& fits) {
        std::unique_lock lock(mutex);
        return moved.wait_for(lock, 10s, fits);
    }
    void send(std::string text) { out->send(std::make_shared<std::string const>(std::move(text))); }
};

class door : public testing::Test {
protected:
    api_limits limits_;
    page_files pages_;
    runtime::metrics metrics_;
    std::mutex mutex_;
    std::vector<api_request> asked_;
    std::vector<std::shared_ptr<listener>> lives_;
    bool answers_ = true;
    std::unique_ptr<api_server> server_;

    std::uint16_t port() {
        if (!server_)
            server_ = api_server::start({"127.0.0.1", 0},
                                        {keys() / "console.crt", keys() / "console.key"},
                                        std::move(pages_), callbacks(), metrics_, limits_);
        return server_->port();
    }
    api_callbacks callbacks() {
        return {.answer =
                    [this](api_request request, std::function<void(api_reply)> done) {
                        std::lock_guard const lock(mutex_);
                        asked_.push_back(request);
                        bool const is_known = request.cookie == "known";
                        if (answers_)
                            done({200, request.body, {}, "application/json", "/v1/echo", is_known});
                    },
                .meet =
                    [this](api_request request, std::shared_ptr<live_line_out> out,
                           std::function<void(api_callbacks::met)> done) {
                        if (request.cookie != "known") return done(api_reply{401, "{}"});
                        std::lock_guard const lock(mutex_);
                        lives_.push_back(std::make_shared<listener>());
                        lives_.back()->out = std::move(out);
                        done(std::shared_ptr<live_listener>(lives_.back()));
                    }};
    }
    page_client browser() { return {port(), keys() / "ca.crt"}; }
    std::shared_ptr<listener> goes_live(page_client& page) {
        page.set_cookie("known");
        if (page.upgrades("/v1/live").status != 101) return nullptr;
        std::lock_guard const lock(mutex_);
        return lives_.back();
    }
    std::size_t asked() {
        std::lock_guard const lock(mutex_);
        return asked_.size();
    }
};

TEST_F(door, answers_several_requests_on_one_connection) {
    auto page = browser();
    for (auto const* body : {R"({"a":1})", R"({"a":2})", R"({"a":3})"}) {
        auto const answer = page.post("/v1/echo", body);
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body, body);
    }
    EXPECT_THAT(metrics_.text(),
                HasSubstr(R"(linli_api_requests_total{route="/v1/echo",status="200"} 3)"));
    EXPECT_THAT(metrics_.text(), HasSubstr("linli_api_connections 1"));
}

TEST_F(door, says_with_each_answer_what_a_browser_must_not_do) {
    auto page = browser();
    for (auto const* path : {"/v1/echo", "/nothing"}) {
        auto const answer = page.get(path);
        auto const& h = answer.headers;
        EXPECT_EQ(h.at("content-security-policy"),
                  "default-src 'self'; connect-src 'self' wss:; img-src 'self' data: blob:; "
                  "media-src 'self' blob:; object-src 'none'; frame-ancestors 'none'; base-uri "
                  "'none'; form-action 'self'");
        EXPECT_THAT(h.at("strict-transport-security"), HasSubstr("max-age="));
        EXPECT_EQ(h.at("x-content-type-options"), "nosniff");
        EXPECT_EQ(h.at("referrer-policy"), "no-referrer");
        EXPECT_EQ(h.at("cross-origin-opener-policy"), "same-origin");
        EXPECT_EQ(h.at("cache-control"), "no-store");
    }
}

// Or an installation's tiles would never be seen; and no other image of theirs.
TEST(page_policy, lets_images_come_from_the_hosts_of_the_map_alone) {
    app::map_tiles map;
    map.url = "https://tiles.example:8443/vec/{z}/{x}/{y}.png?key=k";
    map.labels = "https://10.0.0.5/{z}/{x}/{y}.png";
    EXPECT_EQ(page_policy(map),
              "default-src 'self'; connect-src 'self' wss:; img-src 'self' data: blob: "
              "https://tiles.example:8443 https://10.0.0.5; media-src 'self' blob:; "
              "object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'");
}

TEST_F(door, takes_a_request_apart) {
    auto page = browser();
    page.set_cookie("t0k");
    page.post("/v1/echo?a=1", "{}",
              "Authorization: Bearer m\r\nIdempotency-Key: k\r\nIf-Match: \"7\"\r\n"
              "Sec-Fetch-Site: same-origin\r\nContent-Type: Application/JSON ; charset=utf-8\r\n");
    std::lock_guard const lock(mutex_);
    ASSERT_EQ(asked_.size(), 1U);
    auto const& r = asked_.front();
    EXPECT_EQ(r.method, "POST");
    EXPECT_EQ(r.path, "/v1/echo");
    EXPECT_EQ(r.query, "a=1");
    EXPECT_EQ(r.address, "127.0.0.1");
    EXPECT_EQ(r.host, page.host());
    EXPECT_EQ(r.origin, "https://" + page.host());
    EXPECT_EQ(r.fetch_site, "same-origin");
    EXPECT_EQ(r.content_type, "application/json");
    EXPECT_EQ(r.cookie, "t0k");
    EXPECT_EQ(r.bearer, "m");
    EXPECT_EQ(r.if_match, "\"7\"");
    EXPECT_EQ(r.idempotency_key, "k");
}

TEST_F(door, serves_the_pages_from_memory) {
    auto const folder = keys().parent_path() / "pages";
    write(folder / "console.html", "<p>desk");
    write(folder / "index.html", "<p>sign in");
    write(folder / "m/index.html", "<p>worker");
    write(folder / "assets/x-1a2b.js", "js");
    write(folder / "assets/x-1a2b.js.gz", "zip");
    write(folder / ".env", "secret");
    write(keys().parent_path() / "outside.txt", "secret");
    fs::create_symlink(keys().parent_path() / "outside.txt", folder / "link.txt");
    pages_ = page_files::load(folder);
    auto page = browser();
    EXPECT_EQ(page.get("/console").body, "<p>desk");
    EXPECT_EQ(page.get("/console/alerts/7").body, "<p>desk");
    EXPECT_EQ(page.get("/m").body, "<p>worker");
    EXPECT_EQ(page.get("/").body, "<p>sign in");
    auto const script = page.get("/assets/x-1a2b.js");
    EXPECT_EQ(script.body, "js");
    EXPECT_EQ(script.headers.at("content-type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(script.headers.at("cache-control"), "public, max-age=31536000, immutable");
    auto const zipped =
        page.asks({"GET", "/assets/x-1a2b.js", {}, "Accept-Encoding: br, gzip\r\n"});
    EXPECT_EQ(zipped.body, "zip");
    EXPECT_EQ(zipped.headers.at("content-encoding"), "gzip");
    auto const html = page.get("/console");
    EXPECT_EQ(html.headers.at("cache-control"), "no-cache");
    auto const again =
        page.asks({"GET", "/console", {}, "If-None-Match: " + html.headers.at("etag") + "\r\n"});
    EXPECT_EQ(again.status, 304);
    for (auto const* path : {"/.env", "/link.txt", "/../outside.txt", "/assets/../../outside.txt",
                             "/%2e%2e/outside.txt", "/console.html/../.env", "/assets/x-1a2b.js.gz",
                             "/assets", "/admin", "//etc/passwd"})
        EXPECT_EQ(page.get(path).status, 404) << path;
    EXPECT_EQ(page.post("/console", "{}").status, 405);
}

struct refused_request {
    std::string bytes;
    int status;
};
class door_refuses : public door, public testing::WithParamInterface<refused_request> {};

TEST_P(door_refuses, before_the_house_hears_of_it) {
    auto page = browser();
    page.says(GetParam().bytes);
    EXPECT_EQ(page.hears().status, GetParam().status);
    EXPECT_EQ(asked(), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    table, door_refuses,
    testing::Values(
        refused_request{"nonsense\r\n\r\n", 400},
        refused_request{"GET /v1/echo HTTP/1.1\r\n\r\n", 400},
        refused_request{"GET /v1/echo HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        refused_request{"GET /v1/echo HTTP/1.0\r\nHost: a\r\n\r\n", 505},
        refused_request{"GET http://a/v1/echo HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        refused_request{"GET /v1/" + std::string(3000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
        refused_request{
            "GET /v1/echo HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n", 431},
        refused_request{"POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n", 413},
        refused_request{"POST /v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "10001\r\n" +
                            std::string(65537, 'x') + "\r\n0\r\n\r\n",
                        413},
        refused_request{"POST /v1/echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                        "Content-Length: 2\r\n\r\n",
                        417}));

TEST_F(door, takes_nobody_in_clear) {
    port();
    boost::asio::io_context loop;
    boost::asio::ip::tcp::socket in_clear(loop);
    in_clear.connect({boost::asio::ip::address_v4::loopback(), port()});
    std::string const request = "GET /v1/echo HTTP/1.1\r\nHost: a\r\n\r\n";
    ::send(in_clear.native_handle(), request.data(), request.size(), MSG_NOSIGNAL);
    std::string heard;
    char bytes[512];
    for (ssize_t n; (n = ::recv(in_clear.native_handle(), bytes, sizeof bytes, 0)) > 0;)
        heard.append(bytes, static_cast<std::size_t>(n));
    EXPECT_THAT(heard, testing::Not(HasSubstr("HTTP/")));
    EXPECT_EQ(asked(), 0U);
}

TEST_F(door, waits_for_no_slow_peer) {
    limits_.one_request = 200ms;
    auto page = browser();
    page.says("POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n{");
    EXPECT_TRUE(page.is_shut_out());
    EXPECT_EQ(asked(), 0U);
}

TEST_F(door, says_that_the_house_is_late_and_does_not_hang) {
    limits_.answer = 100ms;
    answers_ = false;
    auto page = browser();
    EXPECT_EQ(page.get("/v1/echo").status, 504);
}

// An answer far longer than what the sockets hold on its way: nobody reads it in a millisecond.
class door_for_a_long_answer : public door {
protected:
    std::string const long_ = std::string(16 * 1024 * 1024, 'x');

    page_client caller() {
        auto calls = callbacks();
        calls.answer = [this](api_request const&, std::function<void(api_reply)> done) {
            done({200, long_});
        };
        server_ =
            api_server::start({"127.0.0.1", 0}, {keys() / "console.crt", keys() / "console.key"},
                              std::move(pages_), std::move(calls), metrics_, limits_);
        return browser();
    }
};

TEST_F(door_for_a_long_answer, gives_it_the_time_that_a_slow_line_takes) {
    limits_.writing = 1ms;
    auto page = caller();
    EXPECT_TRUE(page.get("/v1/long").body == long_);
}

TEST_F(door_for_a_long_answer, waits_for_no_one_who_is_slower_than_that) {
    limits_.writing = 1ms;
    limits_.slowest_bytes_a_second = 100 * long_.size() * 1000;
    auto page = caller();
    EXPECT_FALSE(page.get("/v1/long").body == long_);
}

// A place that takes large bodies, whose answers wait until the test gives them.
class door_for_much : public door {
protected:
    std::condition_variable came_;
    std::vector<std::function<void(api_reply)>> waiting_;

    door_for_much() {
        limits_.large_body_bytes = 300'000;
        limits_.picture_bytes = 100'000;
    }
    page_client caller() {
        auto calls = callbacks();
        calls.size_of_body = [](std::string_view method, std::string_view path) {
            if (method == "POST" && path == "/v1/picture") return body_size::picture;
            return method == "POST" && path == "/v1/much" ? body_size::large : body_size::usual;
        };
        calls.answer = [this](api_request request, std::function<void(api_reply)> done) {
            if (request.path == "/v1/echo") return done({200, request.body});
            std::lock_guard const lock(mutex_);
            asked_.push_back(std::move(request));
            waiting_.push_back(std::move(done));
            came_.notify_all();
        };
        if (!server_)
            server_ = api_server::start({"127.0.0.1", 0},
                                        {keys() / "console.crt", keys() / "console.key"},
                                        std::move(pages_), std::move(calls), metrics_, limits_);
        return browser();
    }
    static std::string request(std::string const& path, std::string const& more,
                               std::size_t bytes) {
        return "POST " + path + " HTTP/1.1\r\nHost: a\r\n" + more +
               "Content-Length: " + std::to_string(bytes) + "\r\n\r\n" + std::string(bytes, 'x');
    }
    // The next that the house was asked, answered.
    std::size_t answers_one() {
        std::unique_lock lock(mutex_);
        EXPECT_TRUE(came_.wait_for(lock, 10s, [this] { return !waiting_.empty(); }));
        if (waiting_.empty()) return 0;
        waiting_.back()({200, "{}"});
        waiting_.pop_back();
        return asked_.back().body.size();
    }
};

constexpr auto with_a_cookie = "Cookie: __Host-linli=any\r\n";

TEST_F(door_for_much, takes_it_there_from_whoever_shows_a_token_and_from_nobody_else) {
    auto page = caller();
    for (auto const* token : {with_a_cookie, "Authorization: Bearer any\r\n"}) {
        page.says(request("/v1/much", token, 300'000));
        EXPECT_EQ(answers_one(), 300'000U);
        EXPECT_EQ(page.hears().status, 200);
    }
    struct refused {
        std::string path;
        std::string headers;
        std::size_t bytes;
    };
    for (auto const& each : {refused{"/v1/much", "", 100'000},
                             {"/v1/echo", with_a_cookie, 100'000},
                             {"/v1/much/more", with_a_cookie, 100'000},
                             {"/v1/much", with_a_cookie, 300'001}}) {
        auto one = caller();
        auto const head = request(each.path, each.headers, each.bytes);
        one.says(head.substr(0, head.find("\r\n\r\n") + 4));
        EXPECT_EQ(one.hears().status, 413) << each.path << each.headers << each.bytes;
    }
    auto in_chunks = caller();
    in_chunks.says("POST /v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" +
                   std::string(with_a_cookie) + "\r\n11170\r\n");
    EXPECT_EQ(in_chunks.hears().status, 413);
}

TEST_F(door_for_much, takes_a_picture_where_one_is_sent_and_nothing_longer) {
    limits_.large_at_once = 0;
    auto page = caller();
    page.says(request("/v1/picture", with_a_cookie, 100'000));
    EXPECT_EQ(answers_one(), 100'000U) << "it takes no import's place";
    EXPECT_EQ(page.hears().status, 200);
    auto const head = request("/v1/picture", with_a_cookie, 100'001);
    page.says(head.substr(0, head.find("\r\n\r\n") + 4));
    EXPECT_EQ(page.hears().status, 413);
    limits_.pictures_at_once = 0;
    server_.reset();
    auto later = caller();
    auto const one = request("/v1/picture", with_a_cookie, 100'000);
    later.says(one.substr(0, one.find("\r\n\r\n") + 4));
    EXPECT_EQ(later.hears().status, 503);
}

TEST_F(door_for_much, takes_so_many_at_once_and_no_more) {
    limits_.large_at_once = 1;
    auto first = caller();
    auto second = caller();
    auto small = caller();
    first.says(request("/v1/much", with_a_cookie, 100'000));
    {
        std::unique_lock lock(mutex_);
        ASSERT_TRUE(came_.wait_for(lock, 10s, [this] { return waiting_.size() == 1; }));
    }
    auto const head = request("/v1/much", with_a_cookie, 100'000);
    second.says(head.substr(0, head.find("\r\n\r\n") + 4));
    auto const refused = second.hears();
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.headers.at("retry-after"), "10");
    small.says(request("/v1/echo", with_a_cookie, 5));
    EXPECT_EQ(small.hears().status, 200) << "others go on";
    EXPECT_EQ(answers_one(), 100'000U);
    EXPECT_EQ(first.hears().status, 200);
    first.says(request("/v1/much", with_a_cookie, 100'000));
    EXPECT_EQ(answers_one(), 100'000U);
    EXPECT_EQ(first.hears().status, 200);
}

TEST_F(door_for_much, gives_the_place_of_who_went_away_to_the_next) {
    limits_.large_at_once = 1;
    limits_.large_request = 200ms;
    auto first = caller();
    auto const whole = request("/v1/much", with_a_cookie, 100'000);
    first.says(whole.substr(0, 1000));
    EXPECT_TRUE(first.is_shut_out());
    auto second = caller();
    second.says(whole);
    EXPECT_EQ(answers_one(), 100'000U);
    EXPECT_EQ(second.hears().status, 200);
}

TEST_F(door, lets_a_stranger_give_way_and_nobody_who_is_signed_in) {
    limits_.connections = 3;
    auto signed_in = browser();
    signed_in.set_cookie("known");
    EXPECT_EQ(signed_in.get("/v1/echo").status, 200);
    auto first = browser();
    auto second = browser();
    auto third = browser();
    EXPECT_TRUE(first.is_shut_out());
    EXPECT_EQ(second.get("/v1/echo").status, 200);
    EXPECT_EQ(third.get("/v1/echo").status, 200);
    EXPECT_EQ(signed_in.get("/v1/echo").status, 200);
}

TEST_F(door, bounds_the_strangers_of_one_address) {
    limits_.of_address = 2;
    auto first = browser();
    auto second = browser();
    auto third = browser();
    EXPECT_TRUE(first.is_shut_out());
    EXPECT_EQ(second.get("/v1/echo").status, 200);
    EXPECT_EQ(third.get("/v1/echo").status, 200);
}

TEST_F(door, turns_a_newcomer_away_when_all_are_somebodys) {
    limits_.connections = 1;
    auto signed_in = browser();
    signed_in.set_cookie("known");
    EXPECT_EQ(signed_in.get("/v1/echo").status, 200);
    EXPECT_THROW(browser(), std::exception);
    EXPECT_THAT(metrics_.text(), HasSubstr("linli_api_turned_away_total 1"));
    EXPECT_EQ(signed_in.get("/v1/echo").status, 200);
}

TEST_F(door, brings_a_page_alive) {
    auto page = browser();
    page.set_cookie("known");
    auto const taken =
        page.upgrades("/v1/live", "Sec-WebSocket-Extensions: permessage-deflate\r\n");
    EXPECT_EQ(taken.status, 101);
    EXPECT_EQ(taken.headers.at("sec-websocket-protocol"), "linli.v1.json");
    EXPECT_THAT(taken.headers.at("sec-websocket-extensions"), HasSubstr("permessage-deflate"));
    auto house = lives_.at(0);
    page.frames(1, R"({"hello":{}})");
    ASSERT_TRUE(house->when([&] { return house->texts.size() == 1; }));
    EXPECT_EQ(house->texts.at(0), R"({"hello":{}})");
    house->send("{}");
    EXPECT_EQ(page.next_frame().payload, "{}");
    EXPECT_TRUE(house->when([&] { return house->texts_written == 1; }));
    page.frames(8, "\x03\xe8");
    EXPECT_TRUE(house->when([&] { return house->is_gone; }));
}

TEST_F(door, ends_a_live_page_with_the_reason) {
    auto page = browser();
    auto house = goes_live(page);
    ASSERT_TRUE(house);
    house->out->close(4401, "signed out");
    auto const last = page.next_frame();
    EXPECT_EQ(last.close_code(), 4401);
    page.frames(8, last.payload);
    EXPECT_TRUE(house->when([&] { return house->is_gone; }));
}

TEST_F(door, brings_nobody_alive_without_a_session_or_the_protocol) {
    auto page = browser();
    EXPECT_EQ(page.upgrades("/v1/live").status, 401);
    page.reconnect();
    page.set_cookie("known");
    EXPECT_EQ(page.upgrades("/v1/live", "Sec-WebSocket-Protocol: other\r\n").status, 200);
    EXPECT_TRUE(lives_.empty());
}

struct bad_frame {
    int opcode;
    std::string payload;
    bool is_masked;
    int close_code;
};
class door_closes : public door, public testing::WithParamInterface<bad_frame> {};

TEST_P(door_closes, a_live_page_that_speaks_otherwise) {
    auto page = browser();
    auto house = goes_live(page);
    ASSERT_TRUE(house);
    auto const& bad = GetParam();
    page.frames(bad.opcode, bad.payload, bad.is_masked);
    auto const last = page.next_frame();
    EXPECT_EQ(last.close_code(), bad.close_code);
    if (last.opcode == 8) page.frames(8, last.payload);
    EXPECT_TRUE(house->when([&] { return house->is_gone; }));
    EXPECT_TRUE(house->texts.empty());
}

INSTANTIATE_TEST_SUITE_P(table, door_closes,
                         testing::Values(bad_frame{1, std::string(20'000, 'x'), true, 1009},
                                         bad_frame{1, "\xff\xfe", true, 1007},
                                         bad_frame{2, "bytes", true, 1003},
                                         bad_frame{1, "{}", false, 1002},
                                         bad_frame{5, "?", true, 1002}));

// One frame may be under way, of any size, and a mebibyte behind it.
TEST_F(door, drops_a_live_page_that_does_not_read_and_no_other) {
    auto deaf = browser();
    auto deaf_house = goes_live(deaf);
    auto page = browser();
    auto house = goes_live(page);
    ASSERT_TRUE(deaf_house && house);
    for (int i = 0; i < 12; ++i)
        deaf_house->send(std::string(1'000'000, static_cast<char>('a' + i)));
    EXPECT_TRUE(deaf_house->when([&] { return deaf_house->is_gone; }));
    house->send("{}");
    EXPECT_EQ(page.next_frame().payload, "{}");
    EXPECT_THAT(metrics_.text(), HasSubstr(R"(linli_api_live_dropped_total{why="waiting"} 1)"));
}

TEST_F(door, drops_a_live_page_that_takes_too_long_for_one_message) {
    limits_.live_write = 200ms;
    auto deaf = browser();
    auto house = goes_live(deaf);
    ASSERT_TRUE(house);
    house->send(std::string(50'000'000, 'x')); // more than any kernel buffers
    EXPECT_TRUE(house->when([&] { return house->is_gone; }));
    EXPECT_THAT(metrics_.text(), HasSubstr(R"(linli_api_live_dropped_total{why="slow"} 1)"));
}

TEST_F(door, lets_a_live_page_go_that_answers_no_ping) {
    limits_.live_silence = 400ms;
    auto page = browser();
    page.answers_no_pings();
    auto house = goes_live(page);
    ASSERT_TRUE(house);
    EXPECT_TRUE(house->when([&] { return house->is_gone; }));
}

TEST_F(door, that_closes_lets_everybody_go) {
    auto page = browser();
    auto house = goes_live(page);
    auto other = browser();
    ASSERT_TRUE(house);
    server_->stop();
    EXPECT_TRUE(house->when([&] { return house->is_gone; }));
    EXPECT_TRUE(other.is_shut_out());
}

// ------------------------------------------------------------------ certificates

TEST(certificates, are_good_for_their_names_and_read_by_their_owner_alone) {
    auto const folder = keys().parent_path() / "made";
    auto const made = make_certificates(folder, {"linli.example", "10.0.0.5"});
    EXPECT_TRUE(made.is_new_authority);
    auto const left =
        certificate_end({made.certificate, made.key}) - std::chrono::system_clock::now();
    EXPECT_GT(left, std::chrono::days(396));
    EXPECT_LE(left, std::chrono::days(397));
    for (auto const& file : {made.certificate, made.key, made.authority, folder / "ca.key"}) {
        struct stat status {};
        ASSERT_EQ(::stat(file.c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777U, 0600U) << file;
    }
    page_files none;
    runtime::metrics metrics;
    auto const server =
        api_server::start({"127.0.0.1", 0}, {made.certificate, made.key}, none,
                          {.answer = [](auto, auto done) { done({}); }, .meet = {}}, metrics);
    for (auto const* name : {"linli.example", "localhost", "10.0.0.5"})
        EXPECT_EQ(page_client(server->port(), made.authority, name).get("/v1/x").status, 200);
    EXPECT_THROW(page_client(server->port(), made.authority, "other.example"), std::exception);
    EXPECT_THROW(page_client(server->port(), keys() / "ca.crt"), std::exception);
}

TEST(certificates, overwrite_nothing) {
    auto const folder = keys().parent_path() / "once";
    auto const made = make_certificates(folder, {"linli.example"});
    auto const size = fs::file_size(made.key);
    EXPECT_THROW(make_certificates(folder, {"linli.example"}), std::runtime_error);
    EXPECT_EQ(fs::file_size(made.key), size);
    // Anew by the same authority, so that no browser has to be told.
    fs::remove(made.key);
    fs::remove(made.certificate);
    EXPECT_FALSE(make_certificates(folder, {"linli.example"}).is_new_authority);
}

TEST(certificates, are_made_for_no_name_that_their_authority_is_not_good_for) {
    auto const folder = keys().parent_path() / "narrow";
    auto const made = make_certificates(folder, {"linli.example"});
    fs::remove(made.key);
    fs::remove(made.certificate);
    EXPECT_THROW(make_certificates(folder, {"bank.example"}), std::runtime_error);
    EXPECT_THROW(make_certificates(folder, {"10.0.0.6"}), std::runtime_error);
    EXPECT_FALSE(fs::exists(made.key));
}

TEST(certificates, take_no_name_that_says_something_else) {
    auto const folder = keys().parent_path() / "odd";
    for (auto const* name : {"", "a,DNS:bank.example", "a b", "*", "A.example", "-a"})
        EXPECT_THROW(make_certificates(folder, {name}), std::runtime_error) << name;
    EXPECT_FALSE(fs::exists(folder));
}

} // namespace
} // namespace linli::http
