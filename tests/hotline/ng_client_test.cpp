#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "hotline/media/digits.hpp"
#include "hotline/media/ng_client.hpp"

namespace linli::tests {
namespace {

using namespace hotline;
using boost::asio::ip::udp;
using std::chrono::milliseconds;

udp::endpoint on_loopback() {
    return {boost::asio::ip::address_v4::loopback(), 0};
}

// rtpengine as far as its socket goes: it answers what the test says, as often as it says.
class pretended_rtpengine {
public:
    using answer = std::function<std::vector<std::string>(std::string const& cookie, int time)>;

    pretended_rtpengine(boost::asio::io_context& loop, answer how)
        : socket_(loop, on_loopback()), how_(std::move(how)) {
        receive();
    }

    udp::endpoint where() const { return socket_.local_endpoint(); }
    std::vector<std::string> const& cookies() const { return cookies_; }
    void say(std::string const& datagram) { socket_.send_to(boost::asio::buffer(datagram), from_); }

private:
    void receive() {
        socket_.async_receive_from(boost::asio::buffer(buffer_), from_, [this](auto error, auto n) {
            if (error) return;
            std::string const datagram(buffer_.data(), n);
            auto const cookie = datagram.substr(0, datagram.find(' '));
            cookies_.push_back(cookie);
            for (auto const& each : how_(cookie, static_cast<int>(cookies_.size())))
                say(each);
            receive();
        });
    }

    udp::socket socket_;
    udp::endpoint from_;
    answer how_;
    std::array<char, 65'536> buffer_{};
    std::vector<std::string> cookies_;
};

class HotlineNg : public testing::Test {
protected:
    using result = boost::system::result<bencode::value>;

    // Asks so often, all at the same time.
    std::vector<result> ask(pretended_rtpengine& peer, int times = 1, std::string run = "h1") {
        ng_client client(loop_.get_executor(),
                         {.rtpengine = peer.where(),
                          .run = std::move(run),
                          .waits = {milliseconds(30), milliseconds(60), milliseconds(60)}});
        std::vector<result> answers;
        boost::asio::co_spawn(loop_, client.read_answers(), boost::asio::detached);
        for (int i = 0; i < times; ++i)
            boost::asio::co_spawn(loop_, ask_one(client, answers), boost::asio::detached);
        while (answers.size() < static_cast<std::size_t>(times) && loop_.run_one() > 0) {
        }
        loop_.restart();
        return answers;
    }

    static runtime::task<> ask_one(ng_client& client, std::vector<result>& into) {
        bencode::dictionary asked{{"command", "ping"}};
        auto answer = co_await client.ask(std::move(asked));
        into.push_back(std::move(answer));
    }

    boost::asio::io_context loop_;
};

std::string pong(std::string const& cookie) {
    return cookie + " d6:result4:ponge";
}

TEST_F(HotlineNg, AnAnswerFindsItsQuestionInAnyOrder) {
    std::vector<std::string> kept;
    pretended_rtpengine peer(loop_, [&](auto const& cookie, int time) -> std::vector<std::string> {
        kept.push_back(cookie + " d2:is" + std::to_string(cookie.size()) + ":" + cookie + "e");
        if (time < 3) return {};
        return {kept[2], kept[0], kept[1]};
    });
    auto const answers = ask(peer, 3);
    std::set<std::string> names;
    for (auto const& each : answers)
        names.insert(std::string(each->text_of("is")));
    EXPECT_EQ(names.size(), 3U);
}

TEST_F(HotlineNg, ALostQuestionIsAskedAgainWithTheSameCookie) {
    pretended_rtpengine peer(loop_, [](auto const& cookie, int time) -> std::vector<std::string> {
        if (time < 3) return {};
        return {pong(cookie)};
    });
    EXPECT_EQ(ask(peer)[0]->text_of("result"), "pong");
    EXPECT_EQ(peer.cookies(), std::vector<std::string>(3, peer.cookies()[0]));
}

TEST_F(HotlineNg, NoAnswerInTimeIsAnError) {
    pretended_rtpengine peer(loop_,
                             [](auto const&, int) -> std::vector<std::string> { return {}; });
    auto const answers = ask(peer);
    ASSERT_FALSE(answers[0].has_value());
    EXPECT_EQ(answers[0].error(), boost::system::errc::timed_out);
}

TEST_F(HotlineNg, NonsenseAndAnswersToOthersArePassedOver) {
    pretended_rtpengine peer(loop_, [](auto const& cookie, int) -> std::vector<std::string> {
        return {"",           "x",         "h0.1 d6:result4:ponge", cookie, cookie + " i",
                pong(cookie), pong(cookie)};
    });
    EXPECT_EQ(ask(peer)[0]->text_of("result"), "pong");
}

TEST_F(HotlineNg, CookiesOfTwoRunsAreNeverTheSame) {
    pretended_rtpengine peer(
        loop_, [](auto const& cookie, int) -> std::vector<std::string> { return {pong(cookie)}; });
    ask(peer, 1, "h1");
    ask(peer, 1, "h2");
    EXPECT_NE(peer.cookies()[0], peer.cookies()[1]);
}

TEST_F(HotlineNg, OnlyTheCallersDigitsOfOurOwnCallsCount) {
    std::vector<std::string> heard;
    digits const d(loop_.get_executor(), on_loopback(), "h1", [&](auto const& call, input what) {
        heard.push_back(call.value + std::get<digit_pressed>(what).digit);
    });
    d.take(R"({"callid":"h1-1.0","source_tag":"caller","type":"DTMF","event":1})");
    d.take(R"({"callid":"h1-1.0","source_tag":"caller","type":"DTMF","event":11})");
    d.take(R"({"callid":"h1-1.0","source_tag":"leg","type":"DTMF","event":2})");
    d.take(R"({"callid":"h0-1.0","source_tag":"caller","type":"DTMF","event":3})");
    for (auto const* wrong : {"", "{", "[]", "{}", R"({"callid":1,"event":"1"})",
                              R"({"callid":"h1-1.0","source_tag":"caller","event":16})",
                              R"({"callid":"h1-1.0","source_tag":"caller","event":-1})"})
        d.take(wrong);
    EXPECT_EQ(heard, (std::vector<std::string>{"h1-11", "h1-1#"}));
}

} // namespace
} // namespace linli::tests
