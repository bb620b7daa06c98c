#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hotline/system/hotline_house.hpp"
#include "hotline/system/loopback.hpp"
#include "hotline/system/until.hpp"

// Calls that the house begins: the ladder's voice, and the seat that is connected with a number.
namespace linli::tests {
namespace {

using Told = v1::Event;

v1::Originate a_call_to(std::string const& address, int timeout_s = 20) {
    v1::Originate what;
    what.set_reference("r1");
    what.set_to(address);
    what.mutable_timeout()->set_seconds(timeout_s);
    return what;
}

// A recording of the installation's, and one that the dispatch server has just had spoken.
v1::Originate spoken_to(std::string const& address, int times = 1) {
    auto what = a_call_to(address);
    auto* const said = what.mutable_speak();
    said->add_sounds("greeting");
    said->add_sounds("n1");
    said->set_times(static_cast<std::uint32_t>(times));
    said->mutable_pause()->set_nanos(300'000'000);
    said->set_accepts("1");
    said->set_thanks("thanks");
    return what;
}

void hears_the_house(sipp& phone) {
    auto const before = phone.voice().heard();
    until("the house is heard", [&] {
        phone.finds_whom_to_speak_to();
        return phone.voice().heard() > before + 5;
    });
}

TEST(Outbound, WhoPressesOneHasTakenIt) {
    hotline_house house({});
    auto server = house.server();
    auto phone = house.phone("leg_answers");
    auto const call = server.calls(spoken_to(phone.address(), 9));
    EXPECT_EQ(server.hears(Told::kPlaced).placed().reference(), "r1");
    server.hears(Told::kRinging);
    EXPECT_EQ(server.hears(Told::kAnswered).call(), call);
    hears_the_house(phone);
    phone.voice().presses(1);
    EXPECT_EQ(phone.ends(), "");
    auto const ended = server.hears(Told::kEnded).ended();
    EXPECT_EQ(ended.why(), v1::CALL_END_PRESSED) << ended.ShortDebugString();
    EXPECT_EQ(ended.digits(), "1");
    auto const kept = server.hears_ended_call();
    EXPECT_EQ(kept.placed().reference(), "r1");
    EXPECT_EQ(kept.digits(), "1");
    EXPECT_TRUE(kept.has_answered_at());
    until("nothing is left in rtpengine", [&] { return house.sessions() == 0; });
}

TEST(Outbound, WhoIsAskedHearsWhatHisKeyHasLedTo) {
    hotline_house house({});
    auto server = house.server();
    auto phone = house.phone("leg_answers");
    auto what = spoken_to(phone.address(), 9);
    what.mutable_speak()->set_accepts("12");
    what.mutable_speak()->mutable_answer_within()->set_seconds(20);
    server.calls(what);
    server.hears(Told::kAnswered);
    hears_the_house(phone);
    phone.voice().presses(2);
    auto const pressed = server.hears(Told::kDigit);
    EXPECT_EQ(pressed.digit().digit(), "2");
    EXPECT_EQ(pressed.reference(), "r1");
    v1::Command say;
    say.set_id("say");
    say.set_call("r1"); // the server knows no other name
    say.mutable_say()->add_sounds("not_there");
    EXPECT_EQ(server.commands(say), v1::REFUSAL_UNKNOWN_SOUND);
    say.set_id("say again");
    say.mutable_say()->set_sounds(0, "n1");
    EXPECT_EQ(server.commands(say), v1::REFUSAL_UNSPECIFIED);
    EXPECT_EQ(server.hears(Told::kAnnouncementEnded).announcement_ended().sound(), "n1");
    EXPECT_EQ(phone.ends(), "") << "and then hung up on";
    auto const kept = server.hears_ended_call();
    EXPECT_EQ(kept.why(), v1::CALL_END_PRESSED);
    EXPECT_EQ(kept.digits(), "2");
}

TEST(Outbound, WhatNobodyNeedHearAnyMoreRingsNoLonger) {
    hotline_house house({});
    auto server = house.server();
    auto phone = house.phone("leg_is_withdrawn");
    server.calls(spoken_to(phone.address()));
    server.hears(Told::kRinging);
    server.hangs_up("r1");
    auto const ended = server.hears(Told::kEnded).ended();
    EXPECT_EQ(ended.by(), v1::ENDED_BY_SERVER);
    EXPECT_EQ(phone.ends(), "");
}

TEST(Outbound, AKeyThatComesByInfoCountsAsWell) {
    hotline_house house({});
    auto server = house.server();
    auto phone = house.phone("person_presses");
    server.calls(spoken_to(phone.address(), 9));
    EXPECT_EQ(phone.ends(), "");
    EXPECT_EQ(server.hears(Told::kEnded).ended().why(), v1::CALL_END_PRESSED);
}

TEST(Outbound, WhoPressesNothingHasHeardAllOfItAndTakenNothing) {
    hotline_house house({});
    auto server = house.server();
    auto phone = house.phone("leg_answers");
    server.calls(spoken_to(phone.address(), 2));
    EXPECT_EQ(phone.ends(), "") << "hung up on when all was said";
    auto const ended = server.hears(Told::kEnded).ended();
    EXPECT_EQ(ended.why(), v1::CALL_END_SPOKEN);
    EXPECT_EQ(ended.digits(), "");
}

TEST(Outbound, ABusyTelephone) {
    hotline_house house({});
    auto server = house.server();
    auto phone = house.phone("leg_is_busy");
    server.calls(spoken_to(phone.address()));
    auto const ended = server.hears(Told::kEnded).ended();
    EXPECT_EQ(ended.why(), v1::CALL_END_BUSY);
    EXPECT_EQ(ended.by(), v1::ENDED_BY_CALLER);
    EXPECT_EQ(ended.sip_code(), 486U);
    EXPECT_EQ(phone.ends(), "");
    EXPECT_FALSE(server.hears_ended_call().has_answered_at());
    until("nothing is left in rtpengine", [&] { return house.sessions() == 0; });
}

TEST(Outbound, ATelephoneThatNobodyAnswersIsRungNoLonger) {
    hotline_house house({});
    auto server = house.server();
    auto phone = house.phone("leg_is_withdrawn");
    auto what = spoken_to(phone.address());
    what.mutable_timeout()->set_seconds(1);
    server.calls(what);
    EXPECT_EQ(server.hears(Told::kEnded).ended().why(), v1::CALL_END_NOT_ANSWERED);
    EXPECT_EQ(phone.ends(), "");
}

TEST(Outbound, WhoHangsUpInTheMiddleHasHungUp) {
    hotline_house house({});
    auto server = house.server();
    auto phone = house.phone("person_leaves");
    server.calls(spoken_to(phone.address(), 9));
    server.hears(Told::kAnswered);
    hears_the_house(phone);
    phone.hangs_up();
    EXPECT_EQ(phone.ends(), "");
    auto const ended = server.hears(Told::kEnded).ended();
    EXPECT_EQ(ended.why(), v1::CALL_END_HUNG_UP);
    EXPECT_EQ(ended.by(), v1::ENDED_BY_CALLER);
}

TEST(Outbound, WithoutATrunkItIsToldThatNobodyWasReached) {
    auto const nobody = free_sip_port();
    hotline_house house({.edge = nobody});
    auto server = house.server();
    auto what = spoken_to("sip:13900000001@trunk.test");
    what.mutable_timeout()->set_seconds(2);
    server.calls(what);
    auto const ended = server.hears(Told::kEnded).ended();
    EXPECT_THAT(ended.why(), testing::AnyOf(v1::CALL_END_REFUSED, v1::CALL_END_NOT_ANSWERED))
        << ended.ShortDebugString();
    until("nothing is left in rtpengine", [&] { return house.sessions() == 0; });
}

TEST(Outbound, GoesOnWithoutTheServerAndTheNextHearsWhatBecameOfIt) {
    hotline_house house({});
    auto phone = house.phone("leg_answers");
    {
        auto server = house.server();
        server.calls(spoken_to(phone.address(), 9));
        server.hears(Told::kAnswered);
        server.dies();
    }
    hears_the_house(phone);
    phone.voice().presses(1);
    EXPECT_EQ(phone.ends(), "");
    auto next = house.server();
    auto const kept = next.hears_ended_call();
    EXPECT_EQ(kept.placed().reference(), "r1");
    EXPECT_EQ(kept.why(), v1::CALL_END_PRESSED);
}

TEST(Outbound, AfterTheEnginesDeathItsNextRunSaysThatNobodyKnowsWhatBecameOfIt) {
    hotline_house house({});
    auto server = house.server();
    auto phone = house.phone("leg_answers");
    server.calls(spoken_to(phone.address(), 9));
    server.hears(Told::kAnswered);
    house.kill_engine();
    house.start_engine();
    auto next = house.server();
    auto const lost = next.hears_ended_call();
    EXPECT_EQ(lost.placed().reference(), "r1");
    EXPECT_EQ(lost.why(), v1::CALL_END_ENGINE_LOST);
}

TEST(Outbound, TheSameCommandTwiceRingsOnce) {
    hotline_house house({});
    auto server = house.server();
    auto phone = house.phone("leg_answers");
    v1::Command command;
    command.set_id("one wish");
    *command.mutable_originate() = spoken_to(phone.address());
    auto const first = server.is_answered(command).call();
    server.hears(Told::kEnded); // and with it the first answer
    EXPECT_FALSE(first.empty());
    auto const second = server.is_answered(command).call();
    EXPECT_EQ(second, first);
    EXPECT_EQ(phone.ends(), "");
}

TEST(Outbound, WhatIsNotThereToBeSaidRingsNobody) {
    hotline_house house({});
    auto server = house.server();
    auto what = spoken_to("sip:13900000001@trunk.test");
    what.mutable_speak()->add_sounds("nowhere");
    v1::Command command;
    *command.mutable_originate() = what;
    EXPECT_EQ(server.commands(command), v1::REFUSAL_UNKNOWN_SOUND);
}

TEST(Outbound, TheLastLinesAreForWhoCallsUs) {
    hotline_house house({.more = "[lines]\nall = 3\nfor_bound = 1\nplaced = 1\n"});
    auto server = house.server();
    auto phone = house.phone("leg_answers");
    auto const call = server.calls(spoken_to(phone.address(), 9));
    v1::Command second;
    *second.mutable_originate() = spoken_to("sip:13900000002@trunk.test");
    EXPECT_EQ(server.commands(second), v1::REFUSAL_NO_LINE);
    server.hears(Told::kAnswered);
    server.hangs_up(call);
    EXPECT_EQ(server.hears(Told::kEnded).ended().by(), v1::ENDED_BY_SERVER);
    EXPECT_EQ(phone.ends(), "");
}

// ---- a seat first, then whom it calls ----

v1::Originate a_talk_of(sipp const& seat, std::string const& with) {
    auto what = a_call_to(with);
    auto* const leg = what.mutable_connect();
    leg->set_leg("op1");
    leg->set_address(seat.address());
    leg->mutable_timeout()->set_seconds(20);
    (*leg->mutable_headers())["X-Call"] = "c7";
    return what;
}

void hear_each_other(sipp& one, sipp& other) {
    auto const first = one.voice().heard_of(other.voice());
    auto const second = other.voice().heard_of(one.voice());
    until("both hear each other", [&] {
        one.finds_whom_to_speak_to();
        other.finds_whom_to_speak_to();
        return one.voice().heard_of(other.voice()) > first + 10 &&
               other.voice().heard_of(one.voice()) > second + 10;
    });
}

TEST(Outbound, TheSeatIsRungThenTheNumberAndBothTalk) {
    hotline_house house({.records = true});
    auto server = house.server();
    auto seat = house.phone("leg_answers", 0x22);
    auto phone = house.phone("leg_answers", 0x11);
    auto const call = server.calls(a_talk_of(seat, phone.address()));
    server.hears(Told::kLegAnswered);
    server.hears(Told::kBridged);
    hear_each_other(seat, phone);
    server.hangs_up(call);
    EXPECT_EQ(seat.ends(), "");
    EXPECT_EQ(phone.ends(), "");
    auto const counted = server.hears(Told::kMediaCounted).media_counted();
    EXPECT_GE(counted.packets_from_caller(), 10U);
    EXPECT_GE(counted.packets_from_leg(), 10U);
    until("nothing is left in rtpengine", [&] { return house.sessions() == 0; });
    EXPECT_EQ(house.recorded(), 0U) << "he has not heard that he would be";
}

TEST(Outbound, WhomWeCallIsToldThatHeIsRecordedAndThenHeIs) {
    hotline_house house({.more = "also_placed = true\n", .records = true});
    auto server = house.server();
    auto seat = house.phone("leg_answers", 0x22);
    auto phone = house.phone("leg_answers", 0x11);
    auto const call = server.calls(a_talk_of(seat, phone.address()));
    server.hears(Told::kBridged);
    hears_the_house(phone);
    hear_each_other(seat, phone);
    auto const sides = house.folder() / "recordings/sides" / (call + ".0");
    until("it is recorded, and whose port is whose",
          [&] { return std::filesystem::exists(sides); });
    hear_each_other(seat, phone);
    server.hangs_up(call);
    EXPECT_EQ(phone.ends(), "");
    constexpr std::uintmax_t twenty_packets = 20 * 160;
    until("the talk is on the disk", [&] { return house.recorded() > twenty_packets; });
}

TEST(Outbound, TheSeatHearsThatItRings) {
    hotline_house house({});
    auto server = house.server();
    auto seat = house.phone("leg_answers", 0x22);
    auto phone = house.phone("leg_is_withdrawn", 0x11);
    auto what = a_talk_of(seat, phone.address());
    what.mutable_timeout()->set_seconds(3);
    server.calls(what);
    server.hears(Told::kRinging);
    hears_the_house(seat);
    EXPECT_EQ(server.hears(Told::kEnded).ended().why(), v1::CALL_END_NOT_ANSWERED);
    EXPECT_EQ(seat.ends(), "");
    EXPECT_EQ(phone.ends(), "");
}

TEST(Outbound, WhenTheNumberIsBusyTheSeatIsFreeAgain) {
    hotline_house house({});
    auto server = house.server();
    auto seat = house.phone("leg_answers", 0x22);
    auto phone = house.phone("leg_is_busy", 0x11);
    server.calls(a_talk_of(seat, phone.address()));
    EXPECT_EQ(server.hears(Told::kEnded).ended().why(), v1::CALL_END_BUSY);
    EXPECT_EQ(seat.ends(), "");
    EXPECT_EQ(phone.ends(), "");
}

TEST(Outbound, WithoutTheSeatTheNumberIsNeverRung) {
    hotline_house house({});
    auto server = house.server();
    auto seat = house.phone("leg_is_busy", 0x22);
    server.calls(a_talk_of(seat, "sip:13900000001@trunk.test"));
    auto const ended = server.hears(Told::kEnded).ended();
    EXPECT_EQ(ended.by(), v1::ENDED_BY_LEG);
    EXPECT_EQ(ended.why(), v1::CALL_END_BUSY);
    EXPECT_FALSE(server.has_heard([](auto const& m) { return m.event().has_ringing(); }));
    EXPECT_EQ(seat.ends(), "");
}

TEST(Outbound, ATalkThatWeBeganIsHandedOnLikeAnyOther) {
    hotline_house house({});
    auto server = house.server();
    auto seat = house.phone("leg_answers", 0x22);
    auto phone = house.phone("person_moves", 0x11);
    auto const call = server.calls(a_talk_of(seat, phone.address()));
    server.hears(Told::kBridged);
    hear_each_other(seat, phone);
    auto next = house.phone("leg_answers", 0x33);
    server.rings(call, "op2", next.address());
    EXPECT_EQ(server.hears(Told::kLegGone).leg_gone().why(), v1::LEG_END_TRANSFERRED);
    EXPECT_EQ(seat.ends(), "");
    hear_each_other(next, phone);
    server.hangs_up(call);
    EXPECT_EQ(next.ends(), "");
    EXPECT_EQ(phone.ends(), "");
}

} // namespace
} // namespace linli::tests
