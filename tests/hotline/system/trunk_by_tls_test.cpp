// A trunk that speaks SIP over TLS, played by another kamailio with sipp behind it.
#include <gtest/gtest.h>

#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "hotline/system/a_carrier.hpp"
#include "hotline/system/an_edge.hpp"
#include "hotline/system/hotline_house.hpp"
#include "hotline/system/loopback.hpp"
#include "hotline/system/until.hpp"

namespace linli::tests {
namespace {

using Told = v1::Event;

class TrunkByTls : public testing::Test {
protected:
    sipp phone(std::string scenario, std::uint16_t calls = 1, std::uint8_t says = 0x11) {
        return sipp(folder_.path(), {.scenario = std::move(scenario), .engine = calls}, says);
    }

    a_carrier carrier(std::uint16_t telephone = 1) const {
        return {
            folder_.path(), trunk_, {.identity = carriers_, .edge = tls_, .telephone = telephone}};
    }

    an_edge::wishes by_tls(std::string account = {}) const {
        return {.engine = engine_,
                .trunk = trunk_,
                .trunk_user = std::move(account),
                .by_tls = true,
                .tls = tls_,
                .trunk_vouched_by = carriers_.certificate,
                .trunk_name = "localhost"};
    }

    static bool has_logged(an_edge const& edge, std::string const& words) {
        return edge.words().find(words) != std::string::npos;
    }

    private_folder const folder_;
    loopback_certificate const carriers_, ours_;
    std::uint16_t const trunk_ = free_sip_port(), tls_ = free_sip_port(), engine_ = free_sip_port();
};

TEST_F(TrunkByTls, ACallComesInByItAndSoDoesItsEnd) {
    an_edge edge(folder_.path(), by_tls());
    auto const trunk = carrier();
    hotline_house house({.edge = edge.port(), .sip = engine_});
    auto server = house.server();
    auto caller = phone("caller_talks", trunk.door());
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
    EXPECT_EQ(caller.ends(), "") << "our BYE, too, goes by TLS";
    EXPECT_EQ(seat.ends(), "");
}

TEST_F(TrunkByTls, ACallThatWeBeginGoesOutByItAndIsPaidByOurAccount) {
    sipp whom(folder_.path(), {.scenario = "trunk_asks_who", .engine = 1, .calls = 2}, 0x44);
    auto const trunk = carrier(whom.port());
    an_edge edge(folder_.path(), by_tls("021555"));
    hotline_house house({.edge = edge.port(), .sip = engine_});
    auto server = house.server();
    auto caller = phone("caller_talks", trunk.door());
    auto const call = server.hears(Told::kAnswered).call();
    server.rings(call, "out-1", "sip:13900000001@ims.test");
    server.hears(Told::kBridged);
    server.hangs_up(call);
    EXPECT_EQ(caller.ends(), "");
    EXPECT_EQ(whom.ends(), "");
    EXPECT_NE(trunk.words().find("by TLSv1."), std::string::npos);
}

TEST_F(TrunkByTls, WithoutAnEngineTheDutyTelephoneRingsByItToo) {
    auto duty = phone("leg_answers", 1, 0x44);
    auto const trunk = carrier(duty.port());
    auto with = by_tls();
    with.duty = "sip:13900000001@ims.test";
    an_edge const edge(folder_.path(), with);
    auto caller = phone("caller_leaves", trunk.door());
    caller.hangs_up();
    EXPECT_EQ(caller.ends(), "");
    EXPECT_EQ(duty.ends(), "");
}

TEST_F(TrunkByTls, WeRegisterThereAndShowOurCertificateToWhomItIsAsked) {
    auto registrar = phone("trunk_registers", 1, 0x44);
    a_carrier const trunk(folder_.path(), trunk_,
                          {.identity = carriers_,
                           .edge = tls_,
                           .telephone = registrar.port(),
                           .asks_for = ours_.certificate});
    auto with = by_tls("021555");
    with.shows = &ours_;
    an_edge const edge(folder_.path(), with);
    EXPECT_EQ(registrar.ends(), "");
}

TEST_F(TrunkByTls, WhomNobodyVouchesForGetsNoWord) {
    auto const trunk = carrier();
    auto with = by_tls("021555");
    with.trunk_vouched_by = ours_.certificate;
    an_edge const edge(folder_.path(), with);
    until("it is refused", [&] { return has_logged(edge, "certificate verify failed"); });
    EXPECT_EQ(trunk.words().find("REGISTER"), std::string::npos);
}

TEST_F(TrunkByTls, NorDoTheMachinesAuthoritiesVouchForIt) {
    auto const trunk = carrier();
    auto with = by_tls("021555");
    with.trunk_vouched_by.clear();
    an_edge const edge(folder_.path(), with);
    until("it is refused", [&] { return has_logged(edge, "certificate verify failed"); });
    EXPECT_EQ(trunk.words().find("REGISTER"), std::string::npos);
}

TEST_F(TrunkByTls, WhoHasAnothersNameIsNotListenedTo) {
    auto registrar = phone("trunk_registers", 1, 0x44);
    auto const trunk = carrier(registrar.port());
    auto with = by_tls("021555");
    with.trunk_name = "sip.carrier.example";
    an_edge const edge(folder_.path(), with);
    until("the log tells whose it is",
          [&] { return has_logged(edge, "the trunk's certificate is of localhost"); });
    until("that the answer was thrown away",
          [&] { return has_logged(edge, "got sip response 4"); });
    EXPECT_EQ(trunk.words().find("REGISTER"), trunk.words().rfind("REGISTER"))
        << "nothing is proven to it";
}

TEST_F(TrunkByTls, ItsAddressWithoutTlsIsAStrangers) {
    an_edge const edge(folder_.path(), by_tls());
    auto const s = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    send_datagram(s,
                  "OPTIONS sip:12349@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP x;rport;branch=z9hG4bK1"
                  "\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:12349@x>\r\nCall-ID: 1\r\n"
                  "CSeq: 1 OPTIONS\r\nMax-Forwards: 9\r\nContent-Length: 0\r\n\r\n",
                  edge.port());
    until("the log tells of it", [&] { return has_logged(edge, "which is not the trunk"); });
    ::close(s);
}

TEST_F(TrunkByTls, WhoMustShowACertificateIsNotHeardWithoutOne) {
    auto with = by_tls();
    with.trunk_shows_certificate = true;
    an_edge edge(folder_.path(), with);
    a_carrier const trunk(
        folder_.path(), trunk_,
        {.identity = carriers_, .edge = tls_, .telephone = 1, .shows_certificate = false});
    auto caller = phone("caller_leaves", trunk.door());
    until("it is refused", [&] { return has_logged(edge, "peer did not return a certificate"); });
    EXPECT_FALSE(has_logged(edge, "the hotline's engine did not take a call"));
}

TEST_F(TrunkByTls, NothingOlderThanTls12IsSpoken) {
    an_edge const edge(folder_.path(), by_tls());
    namespace ssl = boost::asio::ssl;
    using tcp = boost::asio::ip::tcp;
    for (bool const is_old : {false, true}) {
        boost::asio::io_context loop;
        ssl::context context(ssl::context::tls_client);
        SSL_CTX_set_security_level(context.native_handle(), 0); // else we ourselves would not
        SSL_CTX_set_max_proto_version(context.native_handle(),
                                      is_old ? TLS1_1_VERSION : TLS1_2_VERSION);
        ssl::stream<tcp::socket> line(loop, context);
        line.lowest_layer().connect({boost::asio::ip::address_v4::loopback(), tls_});
        boost::system::error_code error;
        line.handshake(ssl::stream_base::client, error);
        EXPECT_EQ(error.failed(), is_old) << error.message();
    }
}

} // namespace
} // namespace linli::tests
