#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <stdexcept>

#include "hotline/system/hotline_house.hpp"
#include "hotline/system/loopback.hpp"
#include "hotline/system/until.hpp"

namespace linli::tests {
namespace {

using Told = v1::Event;

// kamailio with the configuration that we deliver, before an engine.
class an_edge {
public:
    an_edge(std::filesystem::path const& folder, std::uint16_t engine, std::string const& duty)
        : port_(free_sip_port()) {
        auto const define = [](std::string const& name, auto const& value) {
            return name + "=" + value;
        };
        auto const websocket = free_sip_port();
        std::vector<std::string> const command{"kamailio",
                                               "-f",
                                               LINLI_EDGE_CONFIG,
                                               "-DD",
                                               "-E",
                                               "-m",
                                               "64",
                                               "-M",
                                               "8",
                                               "-Y",
                                               folder.string(),
                                               "-A",
                                               define("EDGE_PORT", std::to_string(port_)),
                                               "-A",
                                               define("WEBSOCKET_PORT", std::to_string(websocket)),
                                               "-A",
                                               define("ENGINE_PORT", std::to_string(engine)),
                                               "-A",
                                               define("DUTY", "\"" + duty + "\"")};
        kamailio_ = std::make_unique<process>(command, folder / "kamailio.log");
        until("kamailio listens: " + kamailio_->words(), [&] {
            if (!kamailio_->is_running()) throw std::runtime_error(kamailio_->words());
            return is_taken(websocket);
        });
    }
    std::uint16_t port() const { return port_; }

private:
    static bool is_taken(std::uint16_t port) {
        auto const s = ::socket(AF_INET, SOCK_STREAM, 0);
        auto const at = on_loopback(port);
        auto const connected = ::connect(s, reinterpret_cast<sockaddr const*>(&at), sizeof at) == 0;
        ::close(s);
        return connected;
    }

    std::uint16_t const port_;
    std::unique_ptr<process> kamailio_;
};

class Edge : public testing::Test {
protected:
    sipp phone(std::string scenario, std::uint16_t calls, std::uint8_t says) {
        return sipp(folder_.path(), {.scenario = std::move(scenario), .engine = calls}, says);
    }

    private_folder const folder_;
};

TEST_F(Edge, ACallGoesThroughItToAnOperatorAndBack) {
    auto const engine = free_sip_port();
    an_edge edge(folder_.path(), engine, "sip:duty@127.0.0.1");
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
    an_edge edge(folder_.path(), free_sip_port(), duty.address());
    auto caller = phone("caller_leaves", edge.port(), 0x11);
    caller.hangs_up();
    EXPECT_EQ(caller.ends(), "");
    EXPECT_EQ(duty.ends(), "");
}

TEST_F(Edge, WithoutSoundTheDutyTelephoneRings) {
    auto duty = phone("leg_answers", 1, 0x44);
    auto const engine = free_sip_port();
    an_edge edge(folder_.path(), engine, duty.address());
    hotline_house house({.edge = edge.port(), .sip = engine});
    house.kill_rtpengine();
    auto caller = phone("caller_leaves", edge.port(), 0x11);
    caller.hangs_up();
    EXPECT_EQ(caller.ends(), "");
    EXPECT_EQ(duty.ends(), "");
}

} // namespace
} // namespace linli::tests
