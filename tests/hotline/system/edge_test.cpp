#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <arpa/inet.h>

#include "adapters/hotline_link/edge_reach.hpp"
#include "hotline/system/an_edge.hpp"
#include "hotline/system/hotline_house.hpp"
#include "hotline/system/loopback.hpp"
#include "hotline/system/until.hpp"

namespace linli::tests {
namespace {

using Told = v1::Event;

std::string const secret = an_edge::secret;
constexpr std::int64_t long_past = 1'000'000'000;
constexpr std::int64_t long_to_come = 4'000'000'000;

class Edge : public testing::Test {
protected:
    sipp phone(std::string scenario, std::uint16_t calls, std::uint8_t says) {
        return sipp(folder_.path(), {.scenario = std::move(scenario), .engine = calls}, says);
    }

    void the_trunk_is_rung_for(std::string duty) {
        auto trunk = phone("leg_answers", 1, 0x44);
        an_edge edge(folder_.path(), {.duty = std::move(duty), .trunk = trunk.port()});
        auto caller = phone("caller_leaves", edge.port(), 0x11);
        caller.hangs_up();
        EXPECT_EQ(caller.ends(), "");
        EXPECT_EQ(trunk.ends(), "");
    }

    private_folder const folder_;
};

TEST_F(Edge, ACallGoesThroughItToAnOperatorAndBack) {
    auto const engine = free_sip_port();
    an_edge edge(folder_.path(), {.engine = engine});
    hotline_house house({.edge = edge.port(), .sip = engine});
    auto server = house.server();
    auto caller = phone("caller_talks", edge.port(), 0x11);
    auto seat = phone("leg_answers", edge.port(), 0x22);
    auto const offered = server.hears(Told::kOffered);
    EXPECT_EQ(offered.offered().trunk(), "127.0.0.1") << "which the edge says, and nobody else";
    server.hears(Told::kAnswered);
    server.rings(offered.call(), "op1", seat.address());
    server.hears(Told::kBridged);
    until("both hear each other", [&] {
        caller.finds_whom_to_speak_to();
        seat.finds_whom_to_speak_to();
        return caller.voice().heard_of(seat.voice()) > 10 &&
               seat.voice().heard_of(caller.voice()) > 10;
    });
    server.hangs_up(offered.call());
    EXPECT_EQ(caller.ends(), "");
    EXPECT_EQ(seat.ends(), "");
}

TEST_F(Edge, WithoutAnEngineTheDutyTelephoneRings) {
    auto duty = phone("leg_answers", 1, 0x44);
    an_edge edge(folder_.path(), {.duty = duty.address()});
    auto caller = phone("caller_leaves", edge.port(), 0x11);
    caller.hangs_up();
    EXPECT_EQ(caller.ends(), "");
    EXPECT_EQ(duty.ends(), "");
}

TEST_F(Edge, ADutyTelephoneAtTheTrunksAddressIsRungWhereTheTrunkListens) {
    the_trunk_is_rung_for("sip:13900000001@127.0.0.1");
}

TEST_F(Edge, ADutyTelephoneAtTheTrunksDomainIsRungWhereTheTrunkListens) {
    the_trunk_is_rung_for("sip:13900000001@ims.test");
}

TEST_F(Edge, WithoutSoundTheDutyTelephoneRings) {
    auto duty = phone("leg_answers", 1, 0x44);
    auto const engine = free_sip_port();
    an_edge edge(folder_.path(), {.engine = engine, .duty = duty.address()});
    hotline_house house({.edge = edge.port(), .sip = engine});
    house.kill_rtpengine();
    auto caller = phone("caller_leaves", edge.port(), 0x11);
    caller.hangs_up();
    EXPECT_EQ(caller.ends(), "");
    EXPECT_EQ(duty.ends(), "");
}

TEST_F(Edge, ASeatThatIsCalledLikeANumberRingsNobodyAtTheTrunk) {
    auto const engine = free_sip_port();
    auto outside = phone("leg_answers", 1, 0x44);
    an_edge edge(folder_.path(), {.engine = engine, .trunk = outside.port()});
    hotline_house house({.edge = edge.port(), .sip = engine});
    auto server = house.server();
    auto caller = phone("caller_talks", edge.port(), 0x11);
    auto const call = server.hears(Told::kAnswered).call();
    v1::Command seat;
    seat.set_call(call);
    seat.mutable_ring()->set_leg("8001-1");
    seat.mutable_ring()->set_address("sip:8001@hotline.invalid");
    seat.mutable_ring()->mutable_timeout()->set_seconds(20);
    (*seat.mutable_ring()->mutable_headers())["X-Seat"] = "1";
    EXPECT_EQ(server.commands(seat), v1::REFUSAL_UNSPECIFIED);
    EXPECT_EQ(server.hears(Told::kLegGone).leg_gone().sip_code(), 480U);
    server.rings(call, "+number-2", "sip:8001@hotline.invalid");
    server.hears(Told::kBridged);
    server.hangs_up(call);
    EXPECT_EQ(caller.ends(), "");
    EXPECT_EQ(outside.ends(), "");
}

// ---- a trunk that knows us by an account ----

TEST_F(Edge, RegistersAtTheTrunkAndProvesWhoItIs) {
    auto carrier = phone("trunk_registers", 1, 0x44);
    an_edge const edge(folder_.path(), {.trunk = carrier.port(), .trunk_user = "021555"});
    EXPECT_EQ(carrier.ends(), "");
}

TEST_F(Edge, WhoeverCallsOurAccountHasDialledWhatStandsInTo) {
    auto const engine = free_sip_port();
    an_edge edge(folder_.path(),
                 {.engine = engine, .trunk = free_sip_port(), .trunk_user = "021555"});
    hotline_house house({.edge = edge.port(), .sip = engine});
    auto server = house.server();
    auto caller = phone("caller_by_account", edge.port(), 0x11);
    EXPECT_EQ(server.hears(Told::kOffered).offered().dialled(), "12349");
    caller.hangs_up();
    EXPECT_EQ(caller.ends(), "");
}

TEST_F(Edge, ACallThatWeBeginIsPaidByOurAccount) {
    auto const engine = free_sip_port();
    // One for our registration, one for the call.
    sipp carrier(folder_.path(), {.scenario = "trunk_asks_who", .engine = 1, .calls = 2}, 0x44);
    an_edge edge(folder_.path(),
                 {.engine = engine, .trunk = carrier.port(), .trunk_user = "021555"});
    hotline_house house({.edge = edge.port(), .sip = engine});
    auto server = house.server();
    auto caller = phone("caller_talks", edge.port(), 0x11);
    auto const call = server.hears(Told::kAnswered).call();
    server.rings(call, "out-1", "sip:13900000001@ims.test");
    server.hears(Told::kBridged);
    server.hangs_up(call);
    EXPECT_EQ(caller.ends(), "");
    EXPECT_EQ(carrier.ends(), "");
}

TEST_F(Edge, ANumberAtTheTrunksAddressIsRungWhereTheTrunkListens) {
    auto const engine = free_sip_port();
    auto carrier = phone("leg_answers", 1, 0x44);
    an_edge edge(folder_.path(), {.engine = engine, .trunk = carrier.port()});
    hotline_house house({.edge = edge.port(), .sip = engine});
    auto server = house.server();
    auto caller = phone("caller_talks", edge.port(), 0x11);
    auto const call = server.hears(Told::kAnswered).call();
    server.rings(call, "out-1", "sip:13900000001@127.0.0.1");
    server.hears(Told::kBridged);
    server.hangs_up(call);
    EXPECT_EQ(caller.ends(), "");
    EXPECT_EQ(carrier.ends(), "");
}

TEST_F(Edge, ATrunkThatAsksWithinACallIsAnsweredAsWell) {
    auto const engine = free_sip_port();
    an_edge edge(folder_.path(),
                 {.engine = engine, .trunk = free_sip_port(), .trunk_user = "021555"});
    hotline_house house({.edge = edge.port(), .sip = engine});
    auto server = house.server();
    auto caller = phone("caller_asks_for_account", edge.port(), 0x11);
    auto seat = phone("leg_answers", edge.port(), 0x22);
    auto const call = server.hears(Told::kAnswered).call();
    server.rings(call, "op1", seat.address());
    server.hears(Told::kBridged);
    until("both hear each other", [&] {
        caller.finds_whom_to_speak_to();
        seat.finds_whom_to_speak_to();
        return caller.voice().heard_of(seat.voice()) > 10 &&
               seat.voice().heard_of(caller.voice()) > 10;
    });
    server.hangs_up(call);
    EXPECT_EQ(caller.ends(), "") << "by our account too";
    EXPECT_EQ(seat.ends(), "");
}

// ---- browsers ----

TEST_F(Edge, ABrowserRegistersByWhatTheHouseGaveIt) {
    an_edge const edge(folder_.path(), {});
    auto browser = edge.browser();
    EXPECT_EQ(browser.registers_as("zhang", credentials_for("zhang", long_to_come, secret)), 200);
}

TEST_F(Edge, UntilWhenItsCertificateIsGoodTheHouseSees) {
    an_edge const edge(folder_.path(), {});
    auto const at = "wss://localhost:" + std::to_string(edge.wss_port());
    auto const end = hotline_link::edge_certificate_end(at, 1);
    ASSERT_TRUE(end);
    auto const left = *end - std::chrono::system_clock::now();
    EXPECT_GT(left, std::chrono::hours(46)) << "which openssl has made for two days";
    EXPECT_LT(left, std::chrono::hours(49));
    EXPECT_EQ(hotline_link::edge_certificate_end("", edge.wss_port()), end);
}

TEST_F(Edge, ABrowserThatProvesNothingIsRefused) {
    an_edge const edge(folder_.path(), {});
    auto browser = edge.browser();
    EXPECT_EQ(browser.registers_as("zhang", {}), 401);
    auto const expired = credentials_for("zhang", long_past, secret);
    EXPECT_EQ(browser.registers_as("zhang", expired), 401) << "what was given once and is too old";
    auto const forged = credentials_for("zhang", long_to_come, "another secret");
    EXPECT_EQ(browser.registers_as("zhang", forged), 401);
}

TEST_F(Edge, ABrowserRegistersOnlyAsItself) {
    an_edge const edge(folder_.path(), {});
    auto browser = edge.browser();
    auto const hers = credentials_for("zhang", long_to_come, secret);
    EXPECT_EQ(browser.registers_as("li", hers), 403);
    EXPECT_EQ(browser.registers_as("zhang", hers), 200);
}

TEST_F(Edge, ABrowserCallsNobody) {
    an_edge const edge(folder_.path(), {});
    auto browser = edge.browser();
    auto const someone = "To: <sip:900@hotline.invalid>\r\n";
    EXPECT_EQ(browser.asks("INVITE", "zhang", "sip:900@hotline.invalid", someone), 403);
    browser.registers_as("zhang", credentials_for("zhang", long_to_come, secret));
    EXPECT_EQ(browser.asks("INVITE", "zhang", "sip:900@hotline.invalid", someone), 403)
        << "whom she may ring only the dispatch server knows";
    EXPECT_EQ(browser.asks("MESSAGE", "zhang", "sip:li@hotline.invalid", someone), 405);
}

TEST_F(Edge, AMadeUpDialogLeadsABrowserNowhere) {
    an_edge const edge(folder_.path(), {});
    auto browser = edge.browser();
    auto const within = "To: <sip:900@192.0.2.1>;tag=made-up\r\nRoute: <sip:127.0.0.1:" +
                        std::to_string(edge.port()) + ";lr>\r\n";
    EXPECT_EQ(browser.asks("INVITE", "zhang", "sip:900@192.0.2.1", within), 403);
    browser.registers_as("zhang", credentials_for("zhang", long_to_come, secret));
    EXPECT_EQ(browser.asks("INVITE", "li", "sip:900@192.0.2.1", within), 403);
    EXPECT_EQ(browser.asks("INVITE", "zhang", "sip:900@192.0.2.1", within), 403);
}

TEST_F(Edge, WhoHasNoNameIsInNoDialogWithTheEngine) {
    auto const engine = free_sip_port();
    an_edge const edge(folder_.path(), {.engine = engine});
    auto browser = edge.browser();
    auto const within = "To: <sip:12349@hotline.invalid>;tag=made-up\r\nRoute: <sip:127.0.0.1:" +
                        std::to_string(edge.port()) + ";lr>\r\n";
    auto const at_the_engine = "sip:12349@127.0.0.1:" + std::to_string(engine);
    EXPECT_EQ(browser.asks("BYE", "", at_the_engine, within), 403);
}

TEST_F(Edge, WhereSheSatBeforeIsSentAwayAndNotTheOtherWayRound) {
    an_edge const edge(folder_.path(), {});
    auto left = edge.browser();
    auto here = edge.browser();
    auto const hers = credentials_for("zhang", long_to_come, secret);
    EXPECT_EQ(left.registers_as("zhang", hers), 200);
    EXPECT_EQ(left.registers_as("zhang", hers), 200) << "who renews sits where she sat";
    EXPECT_EQ(here.registers_as("zhang", hers), 200) << "she sits down at another machine";
    EXPECT_EQ(left.registers_as("zhang", hers), 403);
    EXPECT_EQ(here.registers_as("zhang", hers), 200);
    EXPECT_EQ(edge.browser().registers_as("li", credentials_for("li", long_to_come, secret)), 200);
}

TEST_F(Edge, OneAddressHasSoManySockets) {
    an_edge const edge(folder_.path(), {.sockets_of_one = 2});
    auto stays = edge.browser();
    {
        auto goes = edge.browser();
        EXPECT_TRUE(stays.is_let_in() && goes.is_let_in());
        EXPECT_FALSE(edge.browser().is_let_in());
    }
    until("who has gone makes room", [&] { return edge.browser().is_let_in(); });
}

TEST_F(Edge, WhoIsNotTheTrunkHearsNothing) {
    an_edge const edge(folder_.path(), {});
    auto const asks = [&](char const* from) {
        auto const s = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = ::inet_addr(from);
        ::bind(s, reinterpret_cast<sockaddr const*>(&at), sizeof at);
        send_datagram(
            s,
            "OPTIONS sip:12349@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP x;rport;branch=z9hG4bK1"
            "\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:12349@x>\r\nCall-ID: 1\r\n"
            "CSeq: 1 OPTIONS\r\nMax-Forwards: 9\r\nContent-Length: 0\r\n\r\n",
            edge.port());
        return s;
    };
    auto const is_answered = [](int s) {
        char byte = 0;
        return ::recv(s, &byte, 1, MSG_DONTWAIT) == 1;
    };
    auto const stranger = asks("127.0.0.2");
    until("the log tells of it",
          [&] { return edge.words().find("from 127.0.0.2") != std::string::npos; });
    auto const trunk = asks("127.0.0.1");
    until("the trunk is answered", [&] { return is_answered(trunk); });
    EXPECT_FALSE(is_answered(stranger));
    ::close(stranger);
    ::close(trunk);
}

// All callers come from one address, and as a rule it isn't the edge's.
TEST_F(Edge, InACrowdOfTheTrunksCallersAResidentIsAnswered) {
    constexpr auto carrier = "127.0.0.2";
    constexpr int crowd_of = 800, a_second = 40, so_far = 4 * a_second;
    auto const engine = free_sip_port();
    an_edge edge(folder_.path(), {.engine = engine, .trunk_address = carrier});
    hotline_house house(
        {.more = "[lines]\nall = 8\nfor_bound = 3\n", .edge = edge.port(), .sip = engine});
    auto server = house.server();
    v1::ToEngine numbers;
    numbers.mutable_bound_numbers()->set_begins(true);
    numbers.mutable_bound_numbers()->add_numbers("13800000001");
    server.says(numbers);
    sipp crowd(folder_.path(),
               {.scenario = "caller_in_a_flood",
                .engine = edge.port(),
                .number = "139",
                .calls = crowd_of,
                .a_second = a_second,
                .at = carrier},
               0x22);
    v1::Command nothing; // its answer comes after all that was told before
    nothing.set_call("nobody");
    nothing.mutable_hang_up();
    until("they come for some seconds", [&] {
        server.commands(nothing);
        return server.times_heard(Told::kOffered) >= so_far;
    });
    sipp resident(folder_.path(),
                  {.scenario = "caller_stays", .engine = edge.port(), .at = carrier}, 0x11);
    auto const his = server.hears("his call", [](v1::FromEngine const& m) {
        return m.event().offered().number() == "13800000001";
    });
    server.hears("that he is answered", [&](v1::FromEngine const& m) {
        return m.event().what_case() == Told::kAnswered && m.event().call() == his.event().call();
    });
    EXPECT_LT(server.times_heard(Told::kOffered), crowd_of) << "in the middle of it";
    server.hangs_up(his.event().call());
    EXPECT_EQ(resident.ends(), "");
}

// From the trunk's address, where all of it is read, and from a stranger's.
TEST_F(Edge, MalformedSipAndScannersChangeNothing) {
    auto const engine = free_sip_port();
    an_edge edge(folder_.path(), {.engine = engine});
    hotline_house house({.edge = edge.port(), .sip = engine});
    auto server = house.server();
    std::string const invite =
        "INVITE sip:12349@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKx\r\n"
        "From: <sip:a@x>;tag=1\r\nTo: <sip:12349@x>\r\nCall-ID: scan\r\nCSeq: 1 INVITE\r\n"
        "User-Agent: friendly-scanner\r\n";
    std::vector<std::string> const hostile{
        "",
        "\r\n\r\n",
        std::string(9, '\0'),
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        invite,
        invite + "Content-Length: 4000000000\r\n\r\nv=0",
        invite + "Content-Length: -1\r\n\r\n",
        invite + "Max-Forwards: 0\r\nContent-Length: 0\r\n\r\n",
        invite + "Contact: <sip:a@127.0.0.1:9>\r\nMax-Forwards: 9\r\nX: " +
            std::string(60'000, 'a') + "\r\nContent-Length: 0\r\n\r\n",
        invite + "Contact: <sip:" + std::string(4'000, '%') + "\r\n\r\n",
        invite + "Max-Forwards: 9\r\nContact: <sip:a@127.0.0.1:9>\r\n"
                 "Content-Type: application/sdp\r\nContent-Length: 7\r\n\r\nm=audio",
        "REGISTER sip:127.0.0.1 SIP/2.0\r\n" + invite.substr(invite.find("Via")) + "\r\n",
        "\xff\xfe SIP/2.0\r\n" + invite.substr(invite.find("Via")) + "\r\n",
        "SIP/2.0 200 OK\r\n" + invite.substr(invite.find("Via")) + "\r\n"};
    for (auto const* from : {"127.0.0.1", "127.0.0.2"}) {
        auto const s = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = ::inet_addr(from);
        ::bind(s, reinterpret_cast<sockaddr const*>(&at), sizeof at);
        for (auto const& each : hostile) {
            send_datagram(s, each, edge.port());
            send_datagram(s, each, engine);
        }
        ::close(s);
    }
    auto caller = phone("caller_stays", edge.port(), 0x11);
    auto const his = server.hears("his call", [](v1::FromEngine const& m) {
        return m.event().offered().number() == "13800000001";
    });
    until("he is heard", [&] { return caller.voice().heard() > 10; });
    server.hangs_up(his.event().call());
    EXPECT_EQ(caller.ends(), "");
}

class SeatInABrowser : public Edge {
protected:
    std::string name_of_call(std::string const& invite) const {
        auto const at = invite.find("X-Call-Ref: ");
        return at == invite.npos ? "" : invite.substr(at + 12, invite.find("\r\n", at) - at - 12);
    }

    std::uint16_t const engine_ = free_sip_port();
    an_edge edge_{folder_.path(), {.engine = engine_}};
    hotline_house house_{{.edge = edge_.port(), .sip = engine_}};
    dispatch_peer server_ = house_.server();
};

TEST_F(SeatInABrowser, RingsByHerNameAndHearsWhichCallItIs) {
    auto browser = edge_.browser();
    browser.registers_as("zhang", credentials_for("zhang", long_to_come, secret));
    auto caller = phone("caller_leaves", edge_.port(), 0x11);
    auto const call = server_.hears(Told::kOffered).call();
    server_.hears(Told::kAnswered);
    server_.rings(call, "zhang-1", "sip:zhang@hotline.invalid");
    auto const invite = browser.is_asked();
    EXPECT_TRUE(invite.starts_with("INVITE ")) << invite;
    EXPECT_EQ(name_of_call(invite), call);
    browser.answers(invite, "486 Busy Here");
    auto const gone = server_.hears(Told::kLegGone).leg_gone();
    EXPECT_EQ(gone.why(), v1::LEG_END_REFUSED);
    EXPECT_EQ(gone.sip_code(), 486U);
    caller.hangs_up();
    EXPECT_EQ(caller.ends(), "");
}

TEST_F(SeatInABrowser, ItRingsWhereSheSatDownLast) {
    auto left = edge_.browser();
    auto here = edge_.browser();
    auto const hers = credentials_for("zhang", long_to_come, secret);
    left.registers_as("zhang", hers);
    here.registers_as("zhang", hers);
    auto caller = phone("caller_leaves", edge_.port(), 0x11);
    auto const call = server_.hears(Told::kOffered).call();
    server_.hears(Told::kAnswered);
    server_.rings(call, "zhang-1", "sip:zhang@hotline.invalid");
    EXPECT_EQ(name_of_call(here.is_asked()), call);
    caller.hangs_up();
    EXPECT_EQ(caller.ends(), "");
}

TEST_F(SeatInABrowser, AClosedTabIsRungNoMore) {
    {
        auto browser = edge_.browser();
        browser.registers_as("zhang", credentials_for("zhang", long_to_come, secret));
    }
    auto caller = phone("caller_leaves", edge_.port(), 0x11);
    auto const call = server_.hears(Told::kOffered).call();
    server_.hears(Told::kAnswered);
    server_.rings(call, "zhang-1", "sip:zhang@hotline.invalid");
    EXPECT_EQ(server_.hears(Told::kLegGone).leg_gone().sip_code(), 480U);
    caller.hangs_up();
    EXPECT_EQ(caller.ends(), "");
}

} // namespace
} // namespace linli::tests
