#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hotline/system/hotline_house.hpp"
#include "hotline/system/until.hpp"

namespace linli::tests {
namespace {

using Told = v1::Event;

TEST(Inbound, ACallIsAnsweredAtOnceWithTheGreetingAndThenMusic) {
    hotline_house house({});
    auto server = house.server();
    EXPECT_EQ(server.hears_snapshot().calls_size(), 0);
    auto caller = house.phone("caller_stays");
    auto const offered = server.hears(Told::kOffered);
    EXPECT_EQ(offered.offered().number(), "13800000001");
    EXPECT_EQ(offered.offered().dialled(), "12349");
    EXPECT_EQ(offered.offered().trunk(), "t1");
    server.hears(Told::kAnswered);
    until("the greeting is heard", [&] { return caller.voice().heard() > 0; });
    EXPECT_EQ(server.hears(Told::kAnnouncementEnded).announcement_ended().sound(), "greeting");
    auto const before = caller.voice().heard();
    until("music is heard", [&] { return caller.voice().heard() > before + 10; });
    server.hangs_up(offered.call());
    EXPECT_EQ(caller.ends(), "");
    EXPECT_EQ(server.hears(Told::kEnded).ended().by(), v1::ENDED_BY_SERVER);
    EXPECT_EQ(server.hears_ended_call().id(), offered.call());
    until("nothing is left in rtpengine", [&] { return house.sessions() == 0; });
}

TEST(Inbound, ACallerWhoseNumberIsNoTextIsPutThroughAndSoIsTheNext) {
    hotline_house house({});
    auto server = house.server();
    struct {
        std::string written, told;
    } const table[] = {{"\xc0", ""}, {"139\xff", "139"}, {"138", "138"}};
    for (auto const& [written, told] : table) {
        auto caller = house.phone("caller_talks", 0x11, written);
        auto const offered = server.hears(Told::kOffered);
        EXPECT_EQ(offered.offered().number(), told);
        server.hears(Told::kAnswered);
        auto seat = house.phone("leg_answers", 0x22);
        server.rings(offered.call(), "op1", seat.address());
        server.hears(Told::kBridged);
        server.hangs_up(offered.call());
        EXPECT_EQ(server.hears_ended_call().offered().number(), told);
        EXPECT_EQ(caller.ends(), "");
        EXPECT_EQ(seat.ends(), "");
    }
}

TEST(Inbound, WhoHangsUpWhileAnOperatorRingsIsNobodysAnyMore) {
    hotline_house house({});
    auto server = house.server();
    auto caller = house.phone("caller_leaves");
    auto seat = house.phone("leg_is_withdrawn");
    auto const call = server.hears(Told::kAnswered).call();
    server.rings(call, "op1", seat.address());
    server.hears(Told::kLegRinging);
    caller.hangs_up();
    EXPECT_EQ(server.hears(Told::kLegGone).leg_gone().why(), v1::LEG_END_CALL_ENDED);
    EXPECT_EQ(server.hears(Told::kEnded).ended().by(), v1::ENDED_BY_CALLER);
    EXPECT_EQ(caller.ends(), "");
    EXPECT_EQ(seat.ends(), "");
    until("nothing is left in rtpengine", [&] { return house.sessions() == 0; });
}

TEST(Inbound, AnOperatorWhoDoesNotAnswerIsWithdrawnAndTheCallerWaitsOn) {
    hotline_house house({});
    auto server = house.server();
    auto caller = house.phone("caller_stays");
    auto seat = house.phone("leg_is_withdrawn");
    auto const call = server.hears(Told::kAnswered).call();
    server.rings(call, "op1", seat.address(), 1);
    EXPECT_EQ(server.hears(Told::kLegGone).leg_gone().why(), v1::LEG_END_NOT_ANSWERED);
    EXPECT_EQ(seat.ends(), "");
    auto const before = caller.voice().heard();
    until("music is heard", [&] { return caller.voice().heard() > before + 5; });
    server.hangs_up(call);
    EXPECT_EQ(caller.ends(), "");
}

TEST(Inbound, AnOperatorWhoIsBusyIsToldWithHisCode) {
    hotline_house house({});
    auto server = house.server();
    auto caller = house.phone("caller_stays");
    auto seat = house.phone("leg_is_busy");
    auto const call = server.hears(Told::kAnswered).call();
    server.rings(call, "op1", seat.address());
    auto const gone = server.hears(Told::kLegGone).leg_gone();
    EXPECT_EQ(gone.why(), v1::LEG_END_REFUSED);
    EXPECT_EQ(gone.sip_code(), 486U);
    server.hangs_up(call);
    EXPECT_EQ(caller.ends(), "");
    EXPECT_EQ(seat.ends(), "");
}

TEST(Inbound, ADigitIsHeardByInfoAsByTelephoneEvent) {
    hotline_house house({});
    auto server = house.server();
    {
        auto caller = house.phone("caller_presses");
        EXPECT_EQ(server.hears(Told::kDigit).digit().digit(), "1");
        EXPECT_EQ(caller.ends(), "");
    }
    auto caller = house.phone("caller_stays");
    auto const call = server.hears(Told::kAnswered).call();
    v1::Command collect;
    collect.set_call(call);
    collect.mutable_collect_digits()->set_most(1);
    collect.mutable_collect_digits()->mutable_timeout()->set_seconds(20);
    EXPECT_EQ(server.commands(collect), v1::REFUSAL_UNSPECIFIED);
    until("he knows whom to speak to", [&] { return caller.finds_whom_to_speak_to() != 0; });
    caller.voice().presses(1);
    EXPECT_EQ(server.hears(Told::kDigit).digit().digit(), "1");
    EXPECT_EQ(server.hears(Told::kDigitsCollected).digits_collected().digits(), "1");
    server.hangs_up(call);
    EXPECT_EQ(caller.ends(), "");
}

TEST(Inbound, AnAnnouncementIsPlayedAndItsEndTold) {
    hotline_house house({});
    auto server = house.server();
    auto caller = house.phone("caller_stays");
    auto const call = server.hears(Told::kAnswered).call();
    v1::Command play;
    play.set_id("once");
    play.set_call(call);
    play.mutable_play()->set_sound("press_1");
    EXPECT_EQ(server.commands(play), v1::REFUSAL_UNSPECIFIED);
    EXPECT_EQ(server.commands(play), v1::REFUSAL_UNSPECIFIED) << "answered again, done once";
    EXPECT_EQ(server.hears(Told::kAnnouncementEnded).announcement_ended().sound(), "press_1");
    play.set_id("other");
    play.mutable_play()->set_sound("nothing");
    EXPECT_EQ(server.commands(play), v1::REFUSAL_UNKNOWN_SOUND);
    play.set_id("third");
    play.set_call("nobody");
    EXPECT_EQ(server.commands(play), v1::REFUSAL_UNKNOWN_CALL);
    server.hangs_up(call);
    EXPECT_EQ(caller.ends(), "");
}

TEST(Inbound, WhatWeCanNotSpeakIsRefusedWith488) {
    hotline_house house({});
    auto server = house.server();
    auto caller = house.phone("caller_without_codec");
    EXPECT_EQ(caller.ends(), "");
    EXPECT_EQ(server.hears_ended_call().why(), v1::CALL_END_NO_CODEC);
}

TEST(Inbound, WithoutAPortOfRtpengineItIs503AndNeverA200WithoutSound) {
    hotline_house house({.ports = 4}); // one session
    auto server = house.server();
    auto first = house.phone("caller_stays");
    auto const call = server.hears(Told::kAnswered).call();
    auto second = house.phone("caller_is_refused");
    EXPECT_EQ(second.ends(), "");
    EXPECT_EQ(server.hears_ended_call().why(), v1::CALL_END_NO_MEDIA);
    server.hangs_up(call);
    EXPECT_EQ(first.ends(), "");
}

TEST(Inbound, WithoutRtpengineItIs503) {
    hotline_house house({});
    house.kill_rtpengine();
    auto caller = house.phone("caller_is_refused");
    EXPECT_EQ(caller.ends(), "");
}

TEST(Inbound, WhoseNumberIsBoundHasALineWhenOthersHaveNone) {
    hotline_house house({.more = "[lines]\nall = 1\nfor_bound = 1\n"});
    auto server = house.server();
    v1::ToEngine bound;
    bound.mutable_bound_numbers()->set_begins(true);
    bound.mutable_bound_numbers()->add_numbers("13800000001");
    server.says(bound);
    v1::Command heard; // whatever is answered now comes after the numbers
    heard.set_call("nobody");
    heard.mutable_hang_up();
    server.commands(heard);
    sipp stranger(house.folder(),
                  {.scenario = "caller_is_refused", .engine = house.sip_port(), .number = "139"},
                  0x22);
    EXPECT_EQ(stranger.ends(), "");
    auto resident = house.phone("caller_stays");
    server.hangs_up(server.hears(Told::kAnswered).call());
    EXPECT_EQ(resident.ends(), "");
}

// As long as rtpengine hangs, nobody is answered: that is how long a caller has to give up.
TEST(Inbound, WhoGivesUpBeforeHeIsAnsweredLeavesNothing) {
    hotline_house house({});
    auto server = house.server();
    house.stun_rtpengine();
    auto caller = house.phone("caller_gives_up");
    EXPECT_EQ(caller.ends(), "");
    house.wake_rtpengine();
    EXPECT_EQ(server.hears_ended_call().by(), v1::ENDED_BY_CALLER);
    until("nothing is left in rtpengine", [&] { return house.sessions() == 0; });
}

TEST(Inbound, InAFloodWhoseNumberIsBoundIsAnsweredAmongAllThatAreRefused) {
    constexpr int lines = 8, bound = 3, flood_of = 60;
    hotline_house house({.more = "[lines]\nall = 8\nfor_bound = 3\n"});
    auto server = house.server();
    v1::ToEngine numbers;
    numbers.mutable_bound_numbers()->set_begins(true);
    numbers.mutable_bound_numbers()->add_numbers("13800000001");
    server.says(numbers);
    sipp flood(house.folder(),
               {.scenario = "caller_in_a_flood",
                .engine = house.sip_port(),
                .number = "139",
                .calls = flood_of,
                .a_second = 60},
               0x22);
    for (int refused = 0; refused < flood_of / 3; ++refused)
        EXPECT_EQ(server.hears_ended_call().why(), v1::CALL_END_NO_LINE);
    auto resident = house.phone("caller_stays"); // in the middle
    auto const his = server.hears("his call", [](v1::FromEngine const& m) {
        return m.event().offered().number() == "13800000001";
    });
    server.hears("that he is answered", [&](v1::FromEngine const& m) {
        return m.event().what_case() == Told::kAnswered && m.event().call() == his.event().call();
    });
    until("he is heard", [&] { return resident.voice().heard() > 10; });
    v1::Command nothing; // its answer comes after all that was told before
    nothing.set_call("nobody");
    nothing.mutable_hang_up();
    until("all have come", [&] {
        server.commands(nothing);
        return server.times_heard(Told::kOffered) == flood_of + 1;
    });
    EXPECT_EQ(server.times_heard(Told::kAnswered), lines - bound + 1);
    house.end_engine(); // hangs up on whoever is there
    EXPECT_EQ(flood.ends(), "");
    EXPECT_EQ(resident.ends(), "");
}

TEST(Inbound, ASessionWithoutACallIsEnded) {
    hotline_house house({});
    house.leaves_a_session(house.run() + "-99.1");
    house.leaves_a_session("somebody-elses.1");
    EXPECT_EQ(house.sessions(), 2U);
    until("ours is ended, and no other", [&] { return house.sessions() == 1; });
}

} // namespace
} // namespace linli::tests
