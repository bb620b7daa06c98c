#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hotline/system/hotline_house.hpp"
#include "hotline/system/until.hpp"

namespace linli::tests {
namespace {

using Told = v1::Event;

// A caller, an operator who answers, and both hear each other.
class a_talk {
public:
    a_talk(hotline_house& house, dispatch_peer& server, std::string caller_does = "caller_talks",
           std::string seat_does = "leg_answers")
        : caller(house.phone(std::move(caller_does), 0x11)),
          seat(house.phone(std::move(seat_does), 0x22)) {
        call = server.hears(Told::kAnswered).call();
        server.rings(call, "op1", seat.address());
        server.hears(Told::kBridged);
        hear_each_other();
    }

    void hear_each_other() {
        auto const from_seat = caller.voice().heard_of(seat.voice());
        auto const from_caller = seat.voice().heard_of(caller.voice());
        until("both hear each other", [&] {
            caller.finds_whom_to_speak_to();
            seat.finds_whom_to_speak_to();
            return caller.voice().heard_of(seat.voice()) > from_seat + 10 &&
                   seat.voice().heard_of(caller.voice()) > from_caller + 10;
        });
    }

    sipp caller;
    sipp seat;
    std::string call;
};

TEST(Talk, CallerAndOperatorHearEachOtherAndItIsCounted) {
    hotline_house house({});
    auto server = house.server();
    a_talk talk(house, server);
    server.hangs_up(talk.call);
    EXPECT_EQ(talk.caller.ends(), "");
    EXPECT_EQ(talk.seat.ends(), "");
    auto const counted = server.hears(Told::kMediaCounted).media_counted();
    EXPECT_EQ(counted.leg(), "op1");
    EXPECT_GE(counted.packets_from_caller(), 10U);
    EXPECT_GE(counted.packets_from_leg(), 10U);
    until("nothing is left in rtpengine", [&] { return house.sessions() == 0; });
}

TEST(Talk, WhenTheCallerHangsUpTheOperatorIsFree) {
    hotline_house house({});
    auto server = house.server();
    a_talk talk(house, server, "caller_talks_and_leaves");
    talk.caller.hangs_up();
    EXPECT_EQ(talk.caller.ends(), "");
    EXPECT_EQ(talk.seat.ends(), "");
    EXPECT_EQ(server.hears(Told::kEnded).ended().by(), v1::ENDED_BY_CALLER);
}

TEST(Talk, WhenTheOperatorHangsUpTheCallerIsToo) {
    hotline_house house({});
    auto server = house.server();
    a_talk talk(house, server, "caller_talks", "leg_answers_and_leaves");
    talk.seat.hangs_up();
    EXPECT_EQ(talk.caller.ends(), "");
    EXPECT_EQ(talk.seat.ends(), "");
    EXPECT_EQ(server.hears(Told::kEnded).ended().by(), v1::ENDED_BY_LEG);
    auto const record = server.hears_ended_call();
    EXPECT_EQ(record.leg(), "op1");
    EXPECT_TRUE(record.has_talked_at());
}

TEST(Talk, OnHoldTheCallerHearsMusicAndNobodyHearsTheOther) {
    hotline_house house({});
    auto server = house.server();
    a_talk talk(house, server);
    v1::Command hold;
    hold.set_call(talk.call);
    hold.mutable_hold();
    EXPECT_EQ(server.commands(hold), v1::REFUSAL_UNSPECIFIED);
    server.hears(Told::kHeld);
    auto& caller = talk.caller.voice();
    auto const music = [&] { return caller.heard() - caller.heard_of(talk.seat.voice()); };
    auto const before = music();
    until("the caller hears music", [&] { return music() > before + 10; });
    auto const spoken = caller.heard_of(talk.seat.voice());
    auto const more = music();
    until("and more of it", [&] { return music() > more + 20; });
    EXPECT_EQ(caller.heard_of(talk.seat.voice()), spoken);
    v1::Command resume;
    resume.set_call(talk.call);
    resume.mutable_resume();
    EXPECT_EQ(server.commands(resume), v1::REFUSAL_UNSPECIFIED);
    talk.hear_each_other();
    server.hangs_up(talk.call);
    EXPECT_EQ(talk.caller.ends(), "");
}

TEST(Talk, WhatIsRecordedLiesThereWhenItIsOver) {
    hotline_house house({.records = true});
    auto server = house.server();
    a_talk talk(house, server);
    server.hangs_up(talk.call);
    EXPECT_EQ(talk.caller.ends(), "");
    constexpr std::uintmax_t twenty_packets = 20 * 160;
    until("the talk is on the disk", [&] { return house.recorded() > twenty_packets; });
    auto const sides = house.folder() / "recordings/sides" / (talk.call + ".1");
    until("and whose port is whose", [&] { return std::filesystem::exists(sides); });
}

TEST(Talk, WhoHasNotHeardThatHeIsRecordedIsNot) {
    hotline_house house({});
    auto server = house.server();
    a_talk talk(house, server);
    v1::Command record;
    record.set_call(talk.call);
    record.mutable_record()->set_on(true);
    EXPECT_EQ(server.commands(record), v1::REFUSAL_NOT_NOW);
    talk.hear_each_other();
    server.hangs_up(talk.call);
    EXPECT_EQ(talk.caller.ends(), "");
    until("nothing is left in rtpengine", [&] { return house.sessions() == 0; });
    EXPECT_EQ(house.recorded(), 0U);
}

TEST(Talk, ATransferGivesTheCallerToTheNextOperator) {
    hotline_house house({});
    auto server = house.server();
    a_talk talk(house, server, "caller_talks_twice");
    auto next = house.phone("leg_answers", 0x33);
    server.rings(talk.call, "op2", next.address());
    auto const gone = server.hears(Told::kLegGone).leg_gone();
    EXPECT_EQ(gone.why(), v1::LEG_END_TRANSFERRED) << gone.ShortDebugString();
    EXPECT_EQ(talk.seat.ends(), "");
    auto const heard = talk.caller.voice().heard_of(next.voice());
    until("they hear each other", [&] {
        talk.caller.finds_whom_to_speak_to();
        next.finds_whom_to_speak_to();
        return talk.caller.voice().heard_of(next.voice()) > heard + 10 &&
               next.voice().heard_of(talk.caller.voice()) > 10;
    });
    server.hangs_up(talk.call);
    EXPECT_EQ(talk.caller.ends(), "");
    EXPECT_EQ(next.ends(), "");
}

TEST(Talk, ACallerWhoseTelephoneWillNotMoveKeepsTheMusic) {
    hotline_house house({});
    auto server = house.server();
    auto caller = house.phone("caller_will_not_move");
    auto seat = house.phone("leg_answers");
    auto const call = server.hears(Told::kAnswered).call();
    server.rings(call, "op1", seat.address());
    EXPECT_EQ(server.hears(Told::kLegGone).leg_gone().sip_code(), 488U);
    EXPECT_EQ(seat.ends(), "");
    auto const before = caller.voice().heard();
    until("music is heard", [&] { return caller.voice().heard() > before + 5; });
    server.hangs_up(call);
    EXPECT_EQ(caller.ends(), "");
}

// Nobody here can say it: the edge answers for a trunk that we have an account at.
TEST(Talk, ATrunkThatAsksWhoWeAreHasRefusedThatTimeAndTheCallerStaysWhereHeIs) {
    constexpr unsigned proxy_authentication_required = 407;
    hotline_house house({});
    auto server = house.server();
    auto caller = house.phone("caller_asks_who", 0x11);
    auto const call = server.hears(Told::kAnswered).call();
    auto first = house.phone("leg_answers", 0x22);
    server.rings(call, "op1", first.address());
    EXPECT_EQ(server.hears(Told::kLegGone).leg_gone().sip_code(), proxy_authentication_required);
    EXPECT_EQ(first.ends(), "");
    auto const music = caller.voice().heard();
    until("music is heard", [&] { return caller.voice().heard() > music + 5; });
    auto second = house.phone("leg_answers", 0x33);
    server.rings(call, "op2", second.address());
    server.hears(Told::kBridged);
    auto const hear_each_other = [&](std::string const& when) {
        auto const by_caller = caller.voice().heard_of(second.voice());
        auto const by_seat = second.voice().heard_of(caller.voice());
        until(when, [&] {
            caller.finds_whom_to_speak_to();
            second.finds_whom_to_speak_to();
            return caller.voice().heard_of(second.voice()) > by_caller + 10 &&
                   second.voice().heard_of(caller.voice()) > by_seat + 10;
        });
    };
    hear_each_other("the next has him");
    auto third = house.phone("leg_answers", 0x44);
    server.rings(call, "op3", third.address());
    EXPECT_EQ(server.hears(Told::kLegGone).leg_gone().leg(), "op3");
    hear_each_other("and keeps him");
    server.hangs_up(call);
    EXPECT_EQ(caller.ends(), "");
    EXPECT_EQ(second.ends(), "");
}

// What each side asks of us itself: the other need not know.
TEST(Talk, ALegThatMovesAndOnlySpeaksIsHeardWhereItIsAndHearsThere) {
    hotline_house house({});
    auto server = house.server();
    voice there(0x23);
    sipp seat(house.folder(),
              {.scenario = "leg_changes", .engine = house.sip_port(), .elsewhere = there.port()},
              0x22);
    auto caller = house.phone("caller_talks", 0x11);
    auto const call = server.hears(Told::kAnswered).call();
    server.rings(call, "op1", seat.address());
    server.hears(Told::kBridged);
    until("both hear each other", [&] {
        caller.finds_whom_to_speak_to();
        seat.finds_whom_to_speak_to();
        return caller.voice().heard_of(seat.voice()) > 10 &&
               seat.voice().heard_of(caller.voice()) > 10;
    });
    auto const door = seat.is_to_send_to();
    seat.voice().speaks_to(0); // it says no more there
    seat.changes();
    until("it hears before it has said a word",
          [&] { return there.heard_of(caller.voice()) > 10; });
    until("and is heard", [&] {
        there.speaks_to(seat.is_to_send_to());
        return caller.voice().heard_of(there) > 10;
    });
    server.hangs_up(call);
    EXPECT_EQ(seat.ends(), "") << "told that we hear, and that nobody takes a fax";
    EXPECT_EQ(seat.is_to_send_to(), door) << "our end is where it was";
    EXPECT_EQ(caller.ends(), "");
}

TEST(Talk, ACallerWhoAsksAnewIsToldWhereHeIsHeardAndHearsWhereHeIs) {
    hotline_house house({});
    auto server = house.server();
    voice there(0x12);
    sipp caller(
        house.folder(),
        {.scenario = "caller_refreshes", .engine = house.sip_port(), .elsewhere = there.port()},
        0x11);
    auto const call = server.hears(Told::kAnswered).call();
    until("he knows whom to speak to", [&] { return caller.is_to_send_to() != 0; });
    auto const door = caller.is_to_send_to();
    auto seat = house.phone("leg_answers");
    server.rings(call, "op1", seat.address());
    EXPECT_EQ(server.hears(Told::kLegGone).leg_gone().sip_code(), 488U);
    caller.changes();
    until("he hears the music there", [&] { return there.heard() > 5; });
    EXPECT_EQ(caller.is_to_send_to(), door) << "and not where he would not go";
    caller.returns();
    auto const before = caller.voice().heard();
    until("and here again", [&] { return caller.voice().heard() > before + 5; });
    server.hangs_up(call);
    EXPECT_EQ(caller.ends(), "") << "told that we hear";
    EXPECT_EQ(caller.is_to_send_to(), door);
}

// Who only listens there can't be learned from his packets.
TEST(Talk, ACallerWhoAnswersFromAnotherPortIsHeardThereAndHears) {
    hotline_house house({});
    auto server = house.server();
    voice there(0x12);
    sipp caller(house.folder(),
                {.scenario = "caller_moves", .engine = house.sip_port(), .elsewhere = there.port()},
                0x11);
    auto seat = house.phone("leg_answers", 0x22);
    auto const call = server.hears(Told::kAnswered).call();
    server.rings(call, "op1", seat.address());
    server.hears(Told::kBridged);
    until("he hears before he has said a word", [&] {
        seat.finds_whom_to_speak_to();
        return there.heard_of(seat.voice()) > 10;
    });
    until("and is heard", [&] {
        there.speaks_to(caller.is_to_send_to());
        return seat.voice().heard_of(there) > 10;
    });
    server.hangs_up(call);
    EXPECT_EQ(caller.ends(), "");
    EXPECT_EQ(seat.ends(), "");
}

// rtpengine learns in the first seconds where somebody speaks from, and then hears nobody else.
TEST(Talk, WhoeverElseSendsToItsPortsIsNotHeard) {
    hotline_house house({});
    auto server = house.server();
    a_talk talk(house, server);
    until("it has been learned", [&] { return talk.caller.voice().heard() > 250; });
    voice stranger(0x55);
    stranger.speaks_to(talk.caller.finds_whom_to_speak_to());
    talk.hear_each_other();
    talk.hear_each_other();
    EXPECT_EQ(talk.seat.voice().heard_of(stranger), 0);
    EXPECT_EQ(stranger.heard(), 0) << "nor does he hear anything";
    server.hangs_up(talk.call);
    EXPECT_EQ(talk.caller.ends(), "");
}

// ---- what dies ----

TEST(Talk, GoesOnWhenTheDispatchServerIsKilledAndIsFoundAgain) {
    hotline_house house({});
    auto first = house.server();
    a_talk talk(house, first);
    first.dies();
    talk.hear_each_other();
    auto second = house.server();
    auto const found = second.hears_snapshot();
    ASSERT_EQ(found.calls_size(), 1);
    EXPECT_EQ(found.calls(0).id(), talk.call);
    EXPECT_EQ(found.calls(0).state(), v1::CALL_STATE_TALKING);
    EXPECT_EQ(found.calls(0).legs(0).id(), "op1");
    talk.hear_each_other();
    second.hangs_up(talk.call);
    EXPECT_EQ(talk.caller.ends(), "");
    EXPECT_EQ(talk.seat.ends(), "");
}

TEST(Talk, WithoutAServerTheDutyTelephoneRingsAndTheNextServerHearsOfIt) {
    private_folder const folder;
    sipp duty(folder.path(), {.scenario = "leg_answers", .engine = 1}, 0x44);
    hotline_house house(
        {.more = "[calls]\nduty_after_s = 1\n[[duty]]\naddress = \"" + duty.address() + "\"\n"});
    auto caller = house.phone("caller_talks");
    until("they hear each other", [&] {
        caller.finds_whom_to_speak_to();
        duty.finds_whom_to_speak_to();
        return caller.voice().heard_of(duty.voice()) > 10 &&
               duty.voice().heard_of(caller.voice()) > 10;
    });
    auto server = house.server();
    EXPECT_EQ(server.hears(Told::kBridged).bridged().leg(), "+duty-1") << "kept in the backlog";
    auto const found = server.hears_snapshot();
    ASSERT_EQ(found.calls_size(), 1);
    EXPECT_TRUE(found.calls(0).legs(0).duty());
    server.hangs_up(found.calls(0).id());
    EXPECT_EQ(caller.ends(), "");
    EXPECT_EQ(duty.ends(), "");
}

TEST(Talk, ACallThatEndedWithoutAServerIsToldUntilItIsAcknowledged) {
    hotline_house house({});
    auto caller = house.phone("caller_leaves");
    caller.hangs_up();
    EXPECT_EQ(caller.ends(), "");
    house.end_engine();
    house.start_engine();
    std::string id;
    {
        auto server = house.server();
        id = server.hears_ended_call().id();
    }
    {
        auto server = house.server();
        EXPECT_EQ(server.hears_ended_call().id(), id) << "it was not acknowledged";
        v1::ToEngine seen;
        seen.mutable_acknowledge()->add_ended_calls(id);
        server.says(seen);
        v1::Command after; // its answer comes later than that
        after.set_call("nobody");
        after.mutable_hang_up();
        server.commands(after);
    }
    house.end_engine();
    house.start_engine();
    auto server = house.server();
    server.hears_snapshot();
    EXPECT_FALSE(server.has_heard([](auto const& m) { return m.has_ended_call(); }));
}

TEST(Talk, AnEngineThatIsEndedHangsUpOnWhoIsStillThereAndRemembersIt) {
    hotline_house house({});
    auto server = house.server();
    a_talk talk(house, server);
    house.end_engine();
    EXPECT_EQ(talk.caller.ends(), "");
    EXPECT_EQ(talk.seat.ends(), "");
    EXPECT_EQ(house.sessions(), 0U);
    house.start_engine();
    auto next = house.server();
    auto const ended = next.hears_ended_call();
    EXPECT_EQ(ended.id(), talk.call);
    EXPECT_EQ(ended.by(), v1::ENDED_BY_ENGINE);
    EXPECT_EQ(ended.why(), v1::CALL_END_HUNG_UP);
}

TEST(Talk, WhenTheEngineIsKilledTheSoundGoesOnAndItsNextRunTellsOfTheCall) {
    hotline_house house({});
    auto server = house.server();
    a_talk talk(house, server);
    house.kill_engine();
    talk.hear_each_other();
    house.start_engine();
    talk.hear_each_other();
    auto next = house.server();
    auto const lost = next.hears_ended_call();
    EXPECT_EQ(lost.id(), talk.call);
    EXPECT_EQ(lost.why(), v1::CALL_END_ENGINE_LOST);
}

TEST(Talk, WhenRtpengineDiesInATalkTheCallIsEnded) {
    hotline_house house({});
    auto server = house.server();
    a_talk talk(house, server);
    house.restart_rtpengine();
    EXPECT_EQ(server.hears(Told::kEnded).ended().why(), v1::CALL_END_MEDIA_LOST);
    EXPECT_EQ(talk.caller.ends(), "");
    EXPECT_EQ(talk.seat.ends(), "");
}

} // namespace
} // namespace linli::tests
