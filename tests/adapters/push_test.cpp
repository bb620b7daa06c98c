// Clouds that push, over real loopback sockets, and those who would harm them.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/socket.h>

#include "adapters/http/push_proof.hpp"
#include "adapters/http/push_secrets.hpp"
#include "adapters/http/push_server.hpp"

namespace linli::http {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using files::push_proof;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

// One peer with its connection, which gives up after some seconds.
class caller {
public:
    explicit caller(std::uint16_t port) : socket_(loop_) {
        socket_.connect({boost::asio::ip::address_v4::loopback(), port});
        timeval const patience{5, 0};
        ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }

    bool says(std::string const& text) {
        boost::system::error_code error;
        boost::asio::write(socket_, boost::asio::buffer(text), error);
        return !error;
    }
    // Until the server closes, or the answer's body has ended.
    std::string hears() {
        std::string all;
        char bytes[4096];
        while (all.find("\r\n\r\n") == all.npos || all.size() < length_of(all)) {
            auto const size = ::recv(socket_.native_handle(), bytes, sizeof bytes, 0);
            if (size <= 0) break;
            all.append(bytes, static_cast<std::size_t>(size));
        }
        return all;
    }
    bool is_shut_out() {
        char byte = 0;
        return ::recv(socket_.native_handle(), &byte, 1, 0) <= 0 && errno != EAGAIN;
    }

private:
    static std::size_t length_of(std::string const& answer) {
        auto const at = answer.find("Content-Length: ");
        auto const body = answer.find("\r\n\r\n") + 4;
        return at == answer.npos ? body : body + std::stoul(answer.substr(at + 16));
    }

    boost::asio::io_context loop_;
    tcp::socket socket_;
};

std::string post(std::string const& path, std::string const& body,
                 std::string const& headers = "Authorization: Bearer s3cret\r\n") {
    return "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

class push : public testing::Test {
protected:
    push_limits limits_;
    push_source source_{{push_proof::bearer, {}}, "s3cret"};
    std::mutex mutex_;
    std::vector<std::string> kept_;
    std::function<bool()> disk_ = [] { return true; };
    runtime::metrics metrics_;
    std::unique_ptr<push_server> server_;

    std::uint16_t port() {
        if (!server_)
            server_ = push_server::start({"127.0.0.1", 0}, {}, callbacks(), metrics_, limits_);
        return server_->port();
    }
    push_callbacks callbacks() {
        return {
            .find = [this](std::string_view name) { return name == "acme" ? &source_ : nullptr; },
            .on_push = [this](std::string_view,
                              std::string_view body) -> std::optional<push_callbacks::taken> {
                std::lock_guard const lock(mutex_);
                kept_.emplace_back(body);
                return push_callbacks::taken{disk_, false};
            }};
    }
    std::string answer_to(std::string const& request) {
        caller c(port());
        c.says(request);
        return c.hears();
    }
    std::vector<std::string> kept() {
        std::lock_guard const lock(mutex_);
        return kept_;
    }
};

TEST_F(push, of_a_proven_source_is_taken_and_answered) {
    EXPECT_THAT(answer_to(post("/v1/push/acme", R"({"a":1})")), StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(kept(), ElementsAre(R"({"a":1})"));
    EXPECT_THAT(metrics_.text(), HasSubstr("linli_push_received_total{source=\"acme\"} 1"));
}

TEST_F(push, after_push_goes_on_one_connection) {
    caller c(port());
    for (auto const* body : {"1", "2", "3"}) {
        ASSERT_TRUE(c.says(post("/v1/push/acme", body)));
        EXPECT_THAT(c.hears(), StartsWith("HTTP/1.1 200"));
    }
    EXPECT_THAT(kept(), ElementsAre("1", "2", "3"));
}

TEST_F(push, is_answered_when_it_is_on_disk_and_not_before) {
    std::promise<void> asked;
    std::promise<void> written;
    auto on_disk = written.get_future().share();
    std::atomic<bool> is_written = false;
    disk_ = [&, on_disk] {
        asked.set_value();
        on_disk.wait();
        return true;
    };
    caller c(port());
    c.says(post("/v1/push/acme", "sos"));
    asked.get_future().wait();
    std::thread disk([&] {
        is_written = true;
        written.set_value();
    });
    EXPECT_THAT(c.hears(), StartsWith("HTTP/1.1 200"));
    EXPECT_TRUE(is_written);
    disk.join();
}

TEST_F(push, that_the_disk_does_not_take_is_answered_503_so_that_the_cloud_repeats) {
    limits_.journal = 50ms;
    disk_ = [] { return false; };
    EXPECT_THAT(answer_to(post("/v1/push/acme", "sos")), StartsWith("HTTP/1.1 503"));
}

TEST_F(push, that_waits_for_the_disk_is_written_once) {
    std::atomic<int> asked = 0;
    disk_ = [&] { return ++asked == 3; };
    EXPECT_THAT(answer_to(post("/v1/push/acme", "sos")), StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(kept(), ElementsAre("sos"));
}

struct refusal {
    std::string request;
    std::string status;
};
class refused : public push, public testing::WithParamInterface<refusal> {};

TEST_P(refused, writes_nothing_down) {
    limits_.body_bytes = 1000;
    EXPECT_THAT(answer_to(GetParam().request), StartsWith("HTTP/1.1 " + GetParam().status));
    EXPECT_THAT(kept(), testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    table, refused,
    testing::Values(refusal{post("/v1/push/acme", "x", "Authorization: Bearer wrong\r\n"), "401"},
                    refusal{post("/v1/push/acme", "x", "Authorization: s3cret\r\n"), "401"},
                    refusal{post("/v1/push/acme", "x", ""), "401"},
                    refusal{post("/v1/push/acme?token=s3cret", "x", ""), "401"},
                    refusal{post("/v1/push/other", "x"), "404"},
                    refusal{post("/v1/push/", "x"), "404"},
                    refusal{post("/v1/push/acme/x", "x"), "404"}, refusal{post("/", "x"), "404"},
                    refusal{"GET /v1/push/acme HTTP/1.1\r\n\r\n", "405"},
                    refusal{"DELETE /v1/push/acme HTTP/1.1\r\n\r\n", "405"},
                    refusal{post("/v1/push/acme", std::string(1001, 'x')), "413"},
                    refusal{"POST /v1/push/acme HTTP/1.1\r\nAuthorization: Bearer s3cret\r\n"
                            "Content-Length: 99999999999\r\n\r\n",
                            "413"},
                    refusal{"POST /v1/push/acme HTTP/1.1\r\nAuthorization: Bearer s3cret\r\n"
                            "Transfer-Encoding: chunked\r\n\r\n7d0\r\n" +
                                std::string(2000, 'x') + "\r\n0\r\n\r\n",
                            "413"},
                    refusal{"POST /v1/push/acme HTTP/1.1\r\nX: " + std::string(10'000, 'y'), "431"},
                    refusal{"hello\r\n\r\n", "400"}));

TEST_F(push, in_chunks_and_after_100_continue_is_taken) {
    caller c(port());
    c.says("POST /v1/push/acme HTTP/1.1\r\nAuthorization: Bearer s3cret\r\n"
           "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n");
    EXPECT_THAT(c.hears(), StartsWith("HTTP/1.1 100"));
    c.says("3\r\nsos\r\n0\r\n\r\n");
    EXPECT_THAT(c.hears(), StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(kept(), ElementsAre("sos"));
}

TEST_F(push, whose_body_is_shorter_than_it_says_is_no_push) {
    limits_.one_request = 100ms;
    caller c(port());
    c.says("POST /v1/push/acme HTTP/1.1\r\nAuthorization: Bearer s3cret\r\n"
           "Content-Length: 100\r\n\r\nonly this");
    EXPECT_TRUE(c.is_shut_out());
    EXPECT_THAT(kept(), testing::IsEmpty());
}

TEST_F(push, of_a_peer_that_sends_a_byte_at_a_time_ends_at_its_deadline) {
    limits_.one_request = 100ms;
    caller c(port());
    auto const begin = std::chrono::steady_clock::now();
    while (c.says("P") && std::chrono::steady_clock::now() < begin + 5s)
        std::this_thread::yield();
    EXPECT_LT(std::chrono::steady_clock::now(), begin + 5s);
}

TEST_F(push, goes_through_beside_a_thousand_silent_connections) {
    limits_.strangers = 100;
    std::vector<std::unique_ptr<caller>> silent;
    for (int i = 0; i < 1000; ++i) {
        silent.push_back(std::make_unique<caller>(port()));
        silent.back()->says("POST /v1/push/acme HTTP/1.1\r\nX-Endless: ");
    }
    auto const begin = std::chrono::steady_clock::now();
    EXPECT_THAT(answer_to(post("/v1/push/acme", "sos")), StartsWith("HTTP/1.1 200"));
    EXPECT_LT(std::chrono::steady_clock::now(), begin + 2s);
    EXPECT_TRUE(silent.front()->is_shut_out()) << "the oldest made room";
}

TEST_F(push, of_a_source_with_many_connections_is_never_refused_for_it) {
    limits_.of_source = 4;
    std::vector<std::unique_ptr<caller>> many;
    for (int i = 0; i < 20; ++i) {
        many.push_back(std::make_unique<caller>(port()));
        many.back()->says(post("/v1/push/acme", std::to_string(i)));
        EXPECT_THAT(many.back()->hears(), StartsWith("HTTP/1.1 200"));
    }
    EXPECT_THAT(kept(), testing::SizeIs(20));
    EXPECT_TRUE(many.front()->is_shut_out()) << "the one that was idle for longest made room";
}

TEST_F(push, with_a_signature_over_the_body_is_judged_by_it) {
    source_.rule = {push_proof::hmac_sha256, "X-Signature"};
    // HMAC-SHA256 of "sos" with "s3cret", by another program.
    std::string const hex = "36106506d4bd460dee7709437e8c23deadd1989488382478b5015db89936975f";
    for (auto const& right :
         {hex, "sha256=" + hex, std::string("NhBlBtS9Rg3udwlDfowj3q3RmJSIOCR4tQFduJk2l18=")})
        EXPECT_THAT(answer_to(post("/v1/push/acme", "sos", "X-Signature: " + right + "\r\n")),
                    StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(answer_to(post("/v1/push/acme", "sos!", "X-Signature: " + hex + "\r\n")),
                StartsWith("HTTP/1.1 401"));
    EXPECT_THAT(answer_to(post("/v1/push/acme", std::string(70'000, 'x'), "X-Signature: 0\r\n")),
                StartsWith("HTTP/1.1 413"))
        << "a stranger's body is read to a lower bound";
}

TEST_F(push, of_onenet_is_judged_by_its_signature_and_its_question_is_answered) {
    source_.rule = {push_proof::onenet, {}};
    // Base64 of the MD5 of "s3cret" "n1" "hello", by another program.
    std::string const body =
        R"({"msg":"hello","nonce":"n1","signature":"YwR8HMUGud/pI70p6CdboQ=="})";
    EXPECT_THAT(answer_to(post("/v1/push/acme", body, "")), StartsWith("HTTP/1.1 200"));
    auto const forged = R"({"msg":"hellO","nonce":"n1","signature":"YwR8HMUGud/pI70p6CdboQ=="})";
    EXPECT_THAT(answer_to(post("/v1/push/acme", forged, "")), StartsWith("HTTP/1.1 401"));
    auto const asked = [&](std::string const& msg) {
        return answer_to("GET /v1/push/acme?msg=" + msg +
                         "&nonce=n1&signature=YwR8HMUGud%2FpI70p6CdboQ%3D%3D HTTP/1.1\r\n\r\n");
    };
    EXPECT_THAT(asked("hello"), testing::EndsWith("\r\n\r\nhello"));
    EXPECT_THAT(asked("other"), StartsWith("HTTP/1.1 401"));
    EXPECT_THAT(kept(), ElementsAre(body));
}

TEST(a_claim, with_a_header_or_a_token_in_the_url_is_judged_by_it) {
    files::push_rule const header{push_proof::header, "X-Token"};
    EXPECT_TRUE(is_proven(header, "s3", {{}, "s3", {}, {}}));
    EXPECT_FALSE(is_proven(header, "s3", {{}, "s", {}, {}}));
    files::push_rule const query{push_proof::query, {}};
    EXPECT_TRUE(is_proven(query, "s 3", {{}, {}, "a=1&token=s%203", {}}));
    EXPECT_FALSE(is_proven(query, "s3", {{}, {}, "xtoken=s3", {}}));
    for (auto const how : {push_proof::bearer, push_proof::header, push_proof::query,
                           push_proof::hmac_sha256, push_proof::onenet})
        EXPECT_FALSE(is_proven({how, "X"}, "", {"Bearer ", {}, {}, {}})) << "no secret, nobody";
}

TEST(a_push_secret, is_made_once_for_its_owner_alone) {
    auto const folder = std::filesystem::path(testing::TempDir()) / "push_secrets";
    std::filesystem::remove_all(folder);
    EXPECT_EQ(read_push_secret(folder, "acme"), "");
    EXPECT_TRUE(make_push_secret(folder, "acme"));
    auto const secret = read_push_secret(folder, "acme");
    EXPECT_EQ(secret.size(), 40U);
    EXPECT_FALSE(make_push_secret(folder, "acme"));
    EXPECT_EQ(read_push_secret(folder, "acme"), secret);
    std::filesystem::permissions(folder / "acme", std::filesystem::perms::group_read,
                                 std::filesystem::perm_options::add);
    EXPECT_THROW(read_push_secret(folder, "acme"), std::runtime_error);
}

// A certificate of its own making, as an installation's proxy or a test has.
push_tls self_signed() {
    auto const folder = std::filesystem::path(testing::TempDir());
    push_tls tls{folder / "push_test.crt", folder / "push_test.key"};
    auto* key = EVP_EC_gen("P-256");
    auto* certificate = X509_new();
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_sign(certificate, key, EVP_sha256());
    auto* out = std::fopen(tls.certificate.c_str(), "w");
    PEM_write_X509(out, certificate);
    std::fclose(out);
    out = std::fopen(tls.key.c_str(), "w");
    PEM_write_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(out);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return tls;
}

TEST_F(push, over_tls_is_taken_and_in_clear_it_is_not) {
    server_ = push_server::start({"127.0.0.1", 0}, self_signed(), callbacks(), metrics_, limits_);
    boost::asio::io_context loop;
    boost::asio::ssl::context context(boost::asio::ssl::context::tls_client);
    boost::asio::ssl::stream<tcp::socket> cloud(loop, context);
    cloud.lowest_layer().connect({boost::asio::ip::address_v4::loopback(), server_->port()});
    cloud.handshake(boost::asio::ssl::stream_base::client);
    boost::asio::write(cloud, boost::asio::buffer(post("/v1/push/acme", "sos")));
    std::string answer(15, ' ');
    boost::asio::read(cloud, boost::asio::buffer(answer));
    EXPECT_EQ(answer, "HTTP/1.1 200 OK");
    EXPECT_THAT(kept(), ElementsAre("sos"));

    caller in_clear(server_->port());
    in_clear.says(post("/v1/push/acme", "in clear"));
    EXPECT_THAT(in_clear.hears(), testing::Not(HasSubstr("HTTP")));
    EXPECT_THAT(kept(), ElementsAre("sos"));
}

TEST(a_push_door, without_its_certificate_says_which_keys_name_it) {
    runtime::metrics metrics;
    try {
        push_server::start({"127.0.0.1", 0}, push_tls{"/nowhere.crt", "/nowhere.key"}, {}, metrics);
        FAIL() << "it has started";
    } catch (std::runtime_error const& error) {
        EXPECT_THAT(error.what(), HasSubstr("push.certificate"));
    }
}

} // namespace
} // namespace linli::http
