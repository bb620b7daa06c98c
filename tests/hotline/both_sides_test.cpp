// The protocol from both its sides: what the dispatch server says is what the engine hears, and
// the other way round, of calls that we begin.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/hotline_link/messages.hpp"
#include "hotline/a_call.hpp"
#include "hotline/link/messages.hpp"

namespace linli::tests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string behind_the_length(std::string const& framed) {
    return framed.substr(messages::length_bytes);
}

std::optional<originate> heard_by_the_engine(app::place_line what) {
    auto const said = hotline_link::command("k1", {}, app::line_command(std::move(what)));
    auto const read = messages::read(behind_the_length(said));
    return std::get<messages::wanted_call>(*read).what;
}

app::place_line spoken() {
    return {.reference = "0192a0b0-7",
            .to = "sip:13900000001@trunk",
            .timeout = seconds(35),
            .then = app::speak_line{.sounds = {"notice_zh", "said-1", "press_1_zh"},
                                    .times = 2,
                                    .pause = seconds(6),
                                    .accepts = "1",
                                    .thanks = "thanks_zh"}};
}

class a_server final : public app::hotline_listener {
public:
    void lines_came(std::string const&) override {}
    void lines_clock(domain::instant shows) override { clock = shows; }
    void line_happened(app::line_event const& what) override { events.push_back(what); }
    void line_was(app::line_over const&) override { ++calls_over; }
    void lines_stand(app::lines_snapshot const& what) override { snapshot = what; }
    void lines_answered(std::string const&, app::line_refusal why) override { refusal = why; }
    void lines_went() override {}
    void placed_was(app::placed_over const& what) override { placed.push_back(what); }
    void placed_happened(app::placed_news const& what) override { news.push_back(what); }

    void hears(std::string const& framed) { hotline_link::hear(behind_the_length(framed), *this); }

    std::vector<app::line_event> events;
    std::vector<app::placed_over> placed;
    std::vector<app::placed_news> news;
    app::lines_snapshot snapshot;
    std::optional<domain::instant> clock;
    app::line_refusal refusal = app::line_refusal::none;
    int calls_over = 0;
};

originate as_the_engine_has_it() {
    return *heard_by_the_engine(spoken());
}

TEST(BothSides, ASpokenCallIsUnderstoodWhole) {
    auto const what = heard_by_the_engine(spoken());
    ASSERT_TRUE(what);
    EXPECT_EQ(what->reference, "0192a0b0-7");
    EXPECT_EQ(what->to, "sip:13900000001@trunk");
    EXPECT_EQ(what->timeout, seconds(35));
    auto const& said = std::get<speak>(what->then);
    EXPECT_EQ(said.sounds.size(), 3U);
    EXPECT_EQ(said.times, 2U);
    EXPECT_EQ(said.pause, seconds(6));
    EXPECT_EQ(said.accepts, "1");
    EXPECT_EQ(said.thanks->value, "thanks_zh");
    EXPECT_FALSE(said.answer_within);
}

TEST(BothSides, WhoeverIsAskedWaitsForAnAnswer) {
    auto asked = spoken();
    std::get<app::speak_line>(asked.then).answer_within = seconds(6);
    auto const what = heard_by_the_engine(asked);
    ASSERT_TRUE(what);
    EXPECT_EQ(std::get<speak>(what->then).answer_within, seconds(6));
    auto const said = hotline_link::command("k2", "0192a0b0-7", app::say_line{{"said-1-answer"}});
    auto const read = std::get<messages::wanted>(*messages::read(behind_the_length(said)));
    EXPECT_EQ(read.call.value, "0192a0b0-7");
    EXPECT_EQ(std::get<say>(*read.what).sounds, std::vector<sound>{{"said-1-answer"}});
}

TEST(BothSides, WhatHappensToWhomWeCallIsToldByItsReference) {
    a_server server;
    auto const told = [&server](news what, std::string reference) {
        server.hears(messages::told({7, {"c1"}, instant(), std::move(what), std::move(reference)}));
    };
    told(told_answered{}, "0192a0b0-7");
    told(told_digit{'2', {}}, "0192a0b0-7");
    told(told_digit{'1', "wang-1"}, "0192a0b0-7"); // by the seat that he talks with
    told(told_ringing{}, "0192a0b0-7");
    told(told_digit{'1', {}}, {}); // by somebody who has called us
    ASSERT_EQ(server.news.size(), 2U);
    EXPECT_EQ(server.news[0].reference, "0192a0b0-7");
    EXPECT_EQ(server.news[0].key, 0);
    EXPECT_EQ(server.news[1].key, '2');
    EXPECT_EQ(server.events.size(), 5U) << "each is acknowledged";
}

TEST(BothSides, ASeatThatIsConnectedIsUnderstoodWhole) {
    auto what = spoken();
    what.then = app::ring_leg{.leg = "wang.li-1",
                              .address = "sip:wang.li@desk",
                              .timeout = seconds(20),
                              .headers = {{"X-Call", "alert-1"}},
                              .webrtc = true};
    auto const read = heard_by_the_engine(what);
    ASSERT_TRUE(read);
    auto const& seat = std::get<ring>(read->then);
    EXPECT_EQ(seat.leg.value, "wang.li-1");
    EXPECT_EQ(seat.address, "sip:wang.li@desk");
    EXPECT_EQ(seat.timeout, seconds(20));
    EXPECT_EQ(seat.headers.at("X-Call"), "alert-1");
    EXPECT_TRUE(seat.webrtc);
}

TEST(BothSides, EachEndIsToldApart) {
    struct {
        std::string name;
        std::vector<input> happens;
        domain::placed_end how;
    } const table[] = {
        {"pressed", {digit_pressed{std::nullopt, '1'}, caller_left{}}, domain::placed_end::pressed},
        {"hung up", {caller_left{}}, domain::placed_end::hung_up},
        {"by us", {hang_up{}}, domain::placed_end::withdrawn},
    };
    for (auto const& [name, happens, how] : table) {
        a_call c(as_the_engine_has_it());
        c.picked_up();
        for (auto const& each : happens)
            c.takes(each);
        a_server server;
        server.hears(messages::framed_ended_call(messages::ended_call(c.is())));
        ASSERT_EQ(server.placed.size(), 1U) << name;
        EXPECT_EQ(server.placed[0].how, how) << name;
        EXPECT_EQ(server.placed[0].key, how == domain::placed_end::pressed ? "1" : "") << name;
        EXPECT_EQ(server.placed[0].reference, "0192a0b0-7");
        EXPECT_EQ(server.calls_over, 0) << "it is no call that came to us";
    }
}

TEST(BothSides, WhyNobodyAnsweredIsToldApart) {
    struct {
        int sip_code;
        domain::placed_end how;
    } const table[] = {
        {486, domain::placed_end::busy},           {480, domain::placed_end::not_answered},
        {603, domain::placed_end::declined},       {404, domain::placed_end::no_such_number},
        {604, domain::placed_end::no_such_number}, {503, domain::placed_end::failed},
    };
    for (auto const& [code, how] : table) {
        a_call c(as_the_engine_has_it());
        c.takes(session_opened{"ours"});
        c.takes(caller_refused{code});
        a_server server;
        server.hears(messages::framed_ended_call(messages::ended_call(c.is())));
        ASSERT_EQ(server.placed.size(), 1U);
        EXPECT_EQ(server.placed[0].how, how) << code;
    }
}

TEST(BothSides, AnEngineThatDiedIsTold) {
    a_call c(as_the_engine_has_it());
    c.picked_up();
    auto const lost = messages::engine_lost(messages::ended_call(c.is()), c.now());
    a_server server;
    server.hears(messages::framed_ended_call(lost));
    ASSERT_EQ(server.placed.size(), 1U);
    EXPECT_EQ(server.placed[0].how, domain::placed_end::lost);
}

TEST(BothSides, WhoSpokeAndWasCutOffHasBeenSpokenWith) {
    auto what = spoken();
    what.then = app::ring_leg{"wang.li-1", "sip:wang.li@desk", seconds(20), {}, true};
    a_call c(*heard_by_the_engine(what));
    leg_id const seat{"wang.li-1"};
    c.takes(leg_offered{seat, "sdp"});
    c.takes(hotline::leg_answered{seat, "sdp"});
    c.takes(leg_connected{seat, "sdp"});
    c.takes(caller_answered{std::string(a_call::sdp_of_him)});
    c.takes(caller_joined{0});
    c.takes(leg_left{seat, false});
    ASSERT_EQ(c.is().is, call_state::ended);
    a_server server;
    server.hears(messages::framed_ended_call(messages::ended_call(c.is())));
    ASSERT_EQ(server.placed.size(), 1U);
    EXPECT_EQ(server.placed[0].how, domain::placed_end::talked) << "and her seat is free";
}

TEST(BothSides, ACallThatWeBeganStandsInNobodysLine) {
    a_call c(as_the_engine_has_it());
    c.picked_up();
    a_server server;
    server.hears(messages::snapshot({&c.is()}, 3));
    EXPECT_THAT(server.snapshot.calls, IsEmpty());
    EXPECT_THAT(server.snapshot.placed, ElementsAre("0192a0b0-7"));
    EXPECT_THAT(server.snapshot.heard, ElementsAre("0192a0b0-7"));
    a_call rings(as_the_engine_has_it());
    rings.takes(session_opened{"ours"});
    server.hears(messages::snapshot({&rings.is()}, 3));
    EXPECT_THAT(server.snapshot.heard, IsEmpty());
    server.hears(messages::told({4, {"c1"}, c.now(), told_answered{}, "0192a0b0-7"}));
    ASSERT_EQ(server.events.size(), 1U) << "so that it is acknowledged";
    EXPECT_TRUE(std::holds_alternative<app::line_tells_else>(server.events[0].what));
    EXPECT_EQ(server.events[0].sequence, 4U);
}

TEST(BothSides, WhatTheEnginesClockShowsIsTold) {
    instant const at(std::chrono::hours(500'000));
    a_server server;
    server.hears(messages::hello("run-7", 0, at));
    EXPECT_EQ(server.clock, at);
    server.hears(messages::alive(at + seconds(5)));
    EXPECT_EQ(server.clock, at + seconds(5));
}

TEST(BothSides, ThatTheLinesAreTakenIsToldApart) {
    a_server server;
    server.hears(messages::answered("k1", {refusal::no_line}));
    EXPECT_EQ(server.refusal, app::line_refusal::no_line);
}

} // namespace
} // namespace linli::tests
