// The link to the hotline's engine, with a socket that speaks as one: in order, as it was meant,
// and whatever bytes come.
#include "adapters/hotline_link/engine_link.hpp"

#include <random>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <google/protobuf/util/time_util.h>
#include <gtest/gtest.h>

#include "adapters/hotline_link/edge_reach.hpp"
#include "adapters/hotline_link/messages.hpp"
#include "linli/hotline/v1/hotline.pb.h"
#include "runtime/work_scope.hpp"
#include "support/private_folder.hpp"
#include "support/run_on.hpp"

namespace linli::tests {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace v1 = ::linli::hotline::v1;
using google::protobuf::util::TimeUtil;
using local = asio::local::stream_protocol;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// All that it was told, in short.
class notes final : public app::hotline_listener {
public:
    std::vector<std::string> all;
    std::vector<app::line_event> events;
    std::vector<app::line_over> over;
    std::vector<app::lines_snapshot> snapshots;
    std::vector<app::line_refusal> refusals;

    void lines_came(std::string const& run) override { all.push_back("came " + run); }
    void line_happened(app::line_event const& what) override {
        all.push_back("event " + std::to_string(what.sequence));
        events.push_back(what);
    }
    void line_was(app::line_over const& what) override {
        all.push_back("over " + what.call);
        over.push_back(what);
    }
    void lines_stand(app::lines_snapshot const& what) override {
        all.push_back("snapshot");
        snapshots.push_back(what);
    }
    void lines_answered(std::string const& command, app::line_refusal why) override {
        all.push_back("answer " + command);
        refusals.push_back(why);
    }
    void lines_went() override { all.push_back("went"); }
};

std::string framed(std::string const& body) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>(body.size() >> shift & 0xFFU);
    return bytes + body;
}

v1::FromEngine hello() {
    v1::FromEngine said;
    said.mutable_hello()->set_engine("run-7");
    return said;
}

class hotline_link_to_an_engine : public testing::Test {
protected:
    hotline_link_to_an_engine() { starts({}); }
    ~hotline_link_to_an_engine() override {
        stops();
        std::filesystem::remove_all(folder);
    }

    void starts(hotline_link::engine_link::settings with) {
        with.socket = socket;
        with.first_pause = 1ms;
        with.longest_pause = 5ms;
        link.emplace(loop.get_executor(), std::move(with));
        tasks.emplace(loop.get_executor());
        tasks->spawn("link", link->run(heard));
    }
    void stops() {
        run_on(loop, link->stop());
        run_on(loop, tasks->stop());
    }
    template <class So>
    void until(So const& so) {
        auto const deadline = std::chrono::steady_clock::now() + 10s;
        while (!so()) {
            if (std::chrono::steady_clock::now() > deadline)
                throw std::runtime_error("it doesn't come");
            loop.restart();
            loop.run_one_for(5ms);
        }
    }
    void accepts() {
        engine.emplace(loop);
        bool is_there = false;
        acceptor.async_accept(*engine, [&](auto error) { is_there = !error; });
        until([&] { return is_there; });
    }
    void says_bytes(std::string const& bytes) { asio::write(*engine, asio::buffer(bytes)); }
    void says(v1::FromEngine const& what) { says_bytes(framed(what.SerializeAsString())); }
    v1::ToEngine hears() {
        std::string bytes(4, '\0');
        until([&] { return engine->available() >= bytes.size(); });
        asio::read(*engine, asio::buffer(bytes));
        bytes.resize(hotline_link::length_of(bytes));
        until([&] { return engine->available() >= bytes.size(); });
        asio::read(*engine, asio::buffer(bytes));
        v1::ToEngine message;
        if (!message.ParseFromString(bytes)) throw std::runtime_error("no message");
        return message;
    }
    void was_told(std::size_t so_much) {
        until([&] { return heard.all.size() >= so_much; });
    }

    std::filesystem::path const folder = private_folder("link");
    std::filesystem::path const socket = folder / "engine";
    asio::io_context loop{1};
    local::acceptor acceptor{loop, local::endpoint(socket.string())};
    std::optional<local::socket> engine;
    notes heard;
    std::optional<hotline_link::engine_link> link;
    std::optional<runtime::work_scope> tasks;
};

TEST_F(hotline_link_to_an_engine, what_it_says_is_heard_in_its_order_and_as_it_was_meant) {
    accepts();
    auto const at = TimeUtil::MicrosecondsToTimestamp(1'700'000'000'123'456);
    says(hello());
    v1::FromEngine ended;
    auto& was = *ended.mutable_ended_call();
    was.set_id("c0");
    was.mutable_offered()->set_number("13800000001");
    *was.mutable_ended_at() = at;
    was.set_address("sip:li@hotline.invalid");
    says(ended);
    v1::FromEngine gone;
    gone.mutable_event()->set_sequence(4);
    gone.mutable_event()->set_call("c1");
    *gone.mutable_event()->mutable_at() = at;
    gone.mutable_event()->mutable_leg_gone()->set_leg("li-1");
    gone.mutable_event()->mutable_leg_gone()->set_why(v1::LEG_END_REFUSED);
    gone.mutable_event()->mutable_leg_gone()->set_sip_code(486);
    says(gone);
    v1::FromEngine stands;
    auto& call = *stands.mutable_snapshot()->add_calls();
    call.set_id("c1");
    call.set_state(v1::CALL_STATE_TALKING);
    *call.mutable_talked_at() = at;
    call.add_legs()->set_id("li-2");
    call.mutable_legs(0)->set_state(v1::LEG_STATE_TALKING);
    says(stands);
    was_told(4);
    EXPECT_THAT(heard.all, ElementsAre("came run-7", "over c0", "event 4", "snapshot"));
    domain::instant const then(domain::duration(1'700'000'000'123'456));
    EXPECT_EQ(heard.over[0].ended_at, then);
    EXPECT_FALSE(heard.over[0].talked_at);
    auto const& leg = std::get<app::leg_ends>(heard.events[0].what);
    EXPECT_EQ(leg.how, domain::attempt_end::refused);
    EXPECT_EQ(leg.sip_code, 486);
    EXPECT_EQ(heard.events[0].at, then);
    EXPECT_EQ(heard.snapshots[0].calls[0].is, app::line_state::talks);
    EXPECT_EQ(heard.snapshots[0].calls[0].legs[0].is, app::leg_state::talks);
    EXPECT_EQ(heard.snapshots[0].calls[0].talked_at, then);
}

TEST_F(hotline_link_to_an_engine, what_is_asked_of_it_arrives) {
    accepts();
    says(hello());
    was_told(1);
    link->command("id-1", "c1",
                  app::ring_leg{"li.na-1", "sip:li.na@h", 15s, {{"X-Call", "7"}}, true});
    link->command("id-2", "c1", app::line_plays{"place-2"});
    link->command("id-3", "c1", app::ring_duty{true});
    link->acknowledge(9, {"c0"});
    auto const ring = hears().command();
    EXPECT_EQ(ring.id(), "id-1");
    EXPECT_EQ(ring.ring().leg(), "li.na-1");
    EXPECT_EQ(ring.ring().timeout().seconds(), 15);
    EXPECT_EQ(ring.ring().headers().at("X-Call"), "7");
    EXPECT_TRUE(ring.ring().webrtc());
    EXPECT_EQ(hears().command().play().sound(), "place-2");
    EXPECT_TRUE(hears().command().ring_duty().on());
    auto const seen = hears().acknowledge();
    EXPECT_EQ(seen.through_sequence(), 9U);
    EXPECT_THAT(seen.ended_calls(), ElementsAre("c0"));
    v1::FromEngine answer;
    answer.mutable_answer()->set_id("id-2");
    answer.mutable_answer()->set_refusal(v1::REFUSAL_UNKNOWN_SOUND);
    says(answer);
    was_told(2);
    EXPECT_THAT(heard.refusals, ElementsAre(app::line_refusal::unknown_sound));
}

TEST_F(hotline_link_to_an_engine, numbers_come_in_pieces_of_which_only_the_first_begins) {
    accepts();
    std::vector<std::string> many(10'001, "13800000001");
    link->bound_numbers(many);
    auto const first = hears().bound_numbers();
    EXPECT_TRUE(first.begins());
    EXPECT_EQ(first.numbers_size(), 10'000);
    auto const second = hears().bound_numbers();
    EXPECT_FALSE(second.begins());
    EXPECT_EQ(second.numbers_size(), 1);
    link->bound_numbers({});
    EXPECT_TRUE(hears().bound_numbers().begins()) << "it forgets those of before";
}

TEST_F(hotline_link_to_an_engine, connects_again_whoever_has_hung_up) {
    accepts();
    says(hello());
    was_told(1);
    engine->close();
    was_told(2);
    link->command("id-1", "c1", app::park_line{}); // to nobody
    accepts();
    says(hello());
    was_told(3);
    link->start_over();
    was_told(4);
    accepts();
    EXPECT_THAT(heard.all, ElementsAre("came run-7", "went", "came run-7", "went"));
}

TEST_F(hotline_link_to_an_engine, both_say_that_they_are_alive_and_a_silent_one_is_left) {
    accepts();
    stops();
    hotline_link::engine_link::settings impatient;
    impatient.alive_every = 10ms;
    impatient.longest_silence = 30ms;
    starts(impatient);
    accepts();
    says(hello());
    EXPECT_TRUE(hears().has_alive());
    until([&] { return !heard.all.empty() && heard.all.back() == "went"; });
    accepts();
}

TEST_F(hotline_link_to_an_engine, bytes_of_no_engine_are_left_at_once) {
    for (auto const& bytes : {std::string("\x7f\xff\xff\xff"), std::string(64, '\xfe')}) {
        accepts();
        auto const before = heard.all.size();
        says_bytes(bytes);
        was_told(before + 1);
        EXPECT_EQ(heard.all.back(), "went");
    }
    EXPECT_THAT(heard.events, IsEmpty());
}

// An event of a caller whose number is no text, as protobuf writes it all the same.
std::string event_of_no_text() {
    v1::FromEngine said;
    said.mutable_event()->set_sequence(4);
    said.mutable_event()->mutable_offered()->set_number("N7");
    auto bytes = said.SerializeAsString();
    bytes[bytes.find('N')] = '\xc0';
    return framed(bytes);
}

TEST_F(hotline_link_to_an_engine, what_is_not_understood_is_passed_over_and_the_rest_is_heard) {
    accepts();
    says(hello());
    says_bytes(event_of_no_text());
    v1::FromEngine next;
    next.mutable_event()->set_sequence(5);
    says(next);
    v1::FromEngine stands;
    stands.mutable_snapshot()->set_as_of_sequence(5);
    says(stands);
    was_told(3);
    EXPECT_THAT(heard.all, ElementsAre("came run-7", "event 5", "snapshot"));
    v1::FromEngine alive;
    alive.mutable_alive();
    says(alive);
    says_bytes(event_of_no_text());
    next.mutable_event()->set_sequence(6);
    says(next);
    was_told(4);
    EXPECT_EQ(heard.all.back(), "event 6") << "and nobody has hung up";
}

TEST_F(hotline_link_to_an_engine, whose_snapshot_is_not_understood_is_left_to_ring_by_itself) {
    accepts();
    says(hello());
    v1::FromEngine stands;
    stands.mutable_snapshot()->add_calls()->mutable_offered()->set_number("N7");
    auto bytes = stands.SerializeAsString();
    bytes[bytes.find('N')] = '\xc0';
    says_bytes(framed(bytes));
    v1::FromEngine alive;
    alive.mutable_alive();
    says(alive);
    was_told(2);
    EXPECT_THAT(heard.all, ElementsAre("came run-7", "went"));
}

TEST_F(hotline_link_to_an_engine, what_a_newer_one_says_is_passed_over) {
    accepts();
    says(v1::FromEngine());
    v1::FromEngine newer;
    newer.mutable_event()->set_sequence(3);
    newer.mutable_event()->mutable_at()->set_seconds(-1);
    newer.mutable_event()->mutable_at()->set_nanos(-7);
    says(newer);
    was_told(1);
    EXPECT_EQ(heard.events[0].at, domain::instant()) << "a time that can't be";
    EXPECT_TRUE(std::holds_alternative<app::line_tells_else>(heard.events[0].what));
}

TEST(hotline_link_messages, whatever_bytes_come_nothing_breaks) {
    v1::FromEngine stands;
    auto& call = *stands.mutable_snapshot()->add_calls();
    call.set_id(std::string(500, 'c'));
    call.mutable_offered()->set_number(std::string(500, '1'));
    call.add_legs()->set_id("li-1");
    auto const good = stands.SerializeAsString();
    std::mt19937 random(5);
    notes heard;
    for (int n = 0; n < 20'000; ++n) {
        auto bytes = good;
        for (int change = 0; change < 4; ++change)
            bytes[random() % bytes.size()] = static_cast<char>(random());
        bytes.resize(random() % (bytes.size() + 1));
        hotline_link::hear(bytes, heard);
    }
    for (auto const& each : heard.snapshots)
        for (auto const& one : each.calls) {
            EXPECT_LE(one.call.size(), 200U);
            EXPECT_LE(one.offered.number.size(), 40U);
        }
}

TEST(hotline_link_socket, is_said_to_be_none_or_not_ours_before_anybody_connects) {
    auto const folder = private_folder("link");
    EXPECT_THAT(hotline_link::why_not(folder / "none"), testing::HasSubstr("linli-hotline"));
    asio::io_context loop;
    local::acceptor const engine(loop, local::endpoint((folder / "engine").string()));
    EXPECT_EQ(hotline_link::why_not(folder / "engine"), "");
    std::filesystem::remove_all(folder);
}

// ---- what "linli check" says ----

TEST(HotlineEdge, IsFoundWhereBrowsersAreToldToGo) {
    asio::io_context loop;
    asio::ip::tcp::acceptor edge(loop, {asio::ip::address_v4::loopback(), 0});
    auto const port = edge.local_endpoint().port();
    EXPECT_EQ(hotline_link::why_no_edge("", port), "");
    EXPECT_EQ(hotline_link::why_no_edge("wss://127.0.0.1:" + std::to_string(port), 1), "");
    EXPECT_FALSE(hotline_link::edge_certificate_end("", port)) << "it says nothing by TLS";
    edge.close();
    EXPECT_THAT(hotline_link::why_no_edge("", port),
                AllOf(HasSubstr(std::to_string(port)), HasSubstr("systemctl start linli-edge")));
    EXPECT_THAT(hotline_link::why_no_edge("wss://127.0.0.1:" + std::to_string(port), 1),
                HasSubstr("nobody takes a connection"));
}

TEST(HotlineEngineSocket, SaysWhoMustBeStartedOrLetIn) {
    auto const folder = private_folder("link");
    auto const at = folder / "socket";
    EXPECT_THAT(hotline_link::why_not(at), HasSubstr("systemctl start linli-hotline"));
    asio::io_context loop;
    local::acceptor const engine(loop, local::endpoint(at.string()));
    EXPECT_EQ(hotline_link::why_not(at), "");
    if (::geteuid() != 0) { // whom no mode keeps out
        std::filesystem::permissions(at, std::filesystem::perms::none);
        EXPECT_THAT(hotline_link::why_not(at), HasSubstr("usermod -aG linli-hotline"));
    }
    std::filesystem::remove_all(folder);
}

} // namespace
} // namespace linli::tests
