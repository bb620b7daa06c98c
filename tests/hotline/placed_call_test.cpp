// A call that we begin.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hotline/a_call.hpp"

namespace linli::tests {
namespace {

using testing::ElementsAre;

// ---- a call that we begin: the house speaks ----

std::vector<std::string> sounds_heard(a_call& c, milliseconds each, int most = 50) {
    std::vector<std::string> all;
    for (int i = 0; i < most && c.is().is != call_state::ended; ++i) {
        if (auto const begun = c.did<start_sound>()) {
            all.push_back(begun->what.value);
            c.takes(playing{begun->session, each});
        }
        auto const next = due(c.is());
        c.passes(std::chrono::ceil<milliseconds>(*next - c.now()));
    }
    return all;
}

TEST(HotlineCall, WhomWeCallAndWhoAnswersInClearIsNotSpokenTo) {
    a_call c(to_speak(), true, always_by_srtp());
    c.takes(session_opened{"our sdp"});
    c.takes(caller_answered{std::string(a_call::sdp_of_him)});
    EXPECT_EQ(c.told<told_ended>()->why, call_end::no_codec);
}

TEST(PlacedCall, RingsWhomWeCallAndSpeaksToHimWhenHeHasAnswered) {
    a_call c(to_speak());
    EXPECT_EQ(c.told<told_placed>()->reference, "r1");
    EXPECT_TRUE(c.did<offer_caller>());
    c.takes(session_opened{"our sdp"});
    EXPECT_EQ(c.did<call_caller>()->to, "sip:13900000001@trunk");
    EXPECT_EQ(c.did<call_caller>()->sdp, "our sdp");
    c.takes(caller_rang{});
    EXPECT_TRUE(c.told<told_ringing>());
    c.takes(caller_answered{std::string(a_call::sdp_of_him)});
    EXPECT_TRUE(c.told<told_answered>());
    EXPECT_EQ(c.did<join_caller>()->caller_sdp, a_call::sdp_of_him);
    EXPECT_FALSE(c.did<start_sound>()) << "before he can hear it";
    c.takes(caller_joined{0});
    EXPECT_EQ(c.did<start_sound>()->what.value, "this_is_the_house");
}

TEST(PlacedCall, SaysAllOfItAsOftenAsItWasToldAndThenHangsUp) {
    a_call c(to_speak());
    c.picked_up();
    auto const heard = sounds_heard(c, seconds(3));
    EXPECT_THAT(heard, ElementsAre("this_is_the_house", "n1", "this_is_the_house", "n1"));
    EXPECT_EQ(c.told<told_ended>()->why, call_end::spoken);
    EXPECT_EQ(c.told<told_ended>()->digits, "");
    EXPECT_TRUE(c.did<end_caller>());
    EXPECT_EQ(c.now() - *c.is().answered_at, seconds(2 * (3 + 3 + 4)));
}

TEST(PlacedCall, AKeyThatWasAskedForEndsItAfterTheThanks) {
    a_call c(to_speak());
    c.picked_up();
    c.takes(digit_pressed{std::nullopt, '7'});
    EXPECT_FALSE(c.did<start_sound>()) << "nobody has asked for that one";
    c.takes(digit_pressed{std::nullopt, '1'});
    EXPECT_EQ(c.did<start_sound>()->what.value, "thanks");
    c.takes(playing{0, seconds(2)});
    c.takes(digit_pressed{std::nullopt, '1'});
    c.passes(seconds(2));
    EXPECT_EQ(c.told<told_ended>()->why, call_end::pressed);
    EXPECT_EQ(c.told<told_ended>()->digits, "71");
    EXPECT_TRUE(c.did<end_caller>());
}

TEST(PlacedCall, WhoPressesInThePauseAfterTheLastWordIsInTime) {
    auto said = to_speak();
    std::get<speak>(said.then).times = 1;
    a_call c(said);
    c.picked_up();
    for (int i = 0; i < 2; ++i) {
        c.takes(playing{0, seconds(3)});
        c.passes(seconds(3));
    }
    c.passes(milliseconds(3999));
    EXPECT_EQ(c.is().is, call_state::waiting);
    c.takes(digit_pressed{std::nullopt, '1'});
    c.takes(playing{0, seconds(1)});
    c.passes(seconds(1));
    EXPECT_EQ(c.is().why, call_end::pressed);
}

TEST(PlacedCall, WhoHasPressedAndHangsUpDuringTheThanksHasPressed) {
    a_call c(to_speak());
    c.picked_up();
    c.takes(digit_pressed{std::nullopt, '1'});
    c.takes(caller_left{});
    EXPECT_EQ(c.told<told_ended>()->why, call_end::pressed);
    EXPECT_EQ(c.told<told_ended>()->by, ended_by::caller);
}

TEST(PlacedCall, WhoHangsUpInTheMiddleHasHungUp) {
    a_call c(to_speak());
    c.picked_up();
    c.takes(caller_left{});
    EXPECT_EQ(c.told<told_ended>()->why, call_end::hung_up);
    EXPECT_EQ(c.told<told_ended>()->by, ended_by::caller);
    EXPECT_THAT(c.closed(), ElementsAre(0U));
}

TEST(PlacedCall, WhyNobodyHasAnsweredIsToldApart) {
    std::map<int, call_end> const by_code{
        {486, call_end::busy},         {600, call_end::busy},    {408, call_end::not_answered},
        {480, call_end::not_answered}, {404, call_end::refused}, {603, call_end::refused},
        {503, call_end::refused}};
    for (auto const& [code, why] : by_code) {
        a_call c(to_speak());
        c.takes(session_opened{"our sdp"});
        c.takes(caller_refused{code});
        EXPECT_EQ(c.told<told_ended>()->why, why) << code;
        EXPECT_EQ(c.told<told_ended>()->sip_code, code);
        EXPECT_FALSE(c.did<end_caller>()) << "there is nobody to hang up on";
        EXPECT_THAT(c.closed(), ElementsAre(0U));
    }
}

TEST(PlacedCall, WhoDoesNotAnswerInTimeIsRungNoLonger) {
    a_call c(to_speak());
    c.takes(session_opened{"our sdp"});
    c.takes(caller_rang{});
    c.passes(seconds(30));
    EXPECT_TRUE(c.did<end_caller>());
    EXPECT_EQ(c.told<told_ended>()->why, call_end::not_answered);
    EXPECT_THAT(c.closed(), ElementsAre(0U));
}

TEST(PlacedCall, WithoutSoundNobodyIsRung) {
    a_call c(to_speak());
    c.takes(media_refused{0});
    EXPECT_EQ(c.told<told_ended>()->why, call_end::no_media);
    EXPECT_FALSE(c.did<call_caller>());
    EXPECT_FALSE(c.did<end_caller>());
}

TEST(PlacedCall, WhoCanNotHearWhatWeSpeakIsHungUpOn) {
    a_call c(to_speak());
    c.takes(session_opened{"our sdp"});
    c.takes(caller_answered{"v=0\r\nm=audio 4000 RTP/AVP 18\r\n"});
    EXPECT_EQ(c.told<told_ended>()->why, call_end::no_codec);
    EXPECT_TRUE(c.did<end_caller>());
}

TEST(PlacedCall, ASoundOfUnknownLengthHoldsNobodyForEver) {
    a_call c(to_speak());
    c.picked_up();
    c.takes(playing{0, milliseconds(0)});
    c.passes(std::chrono::minutes(20));
    EXPECT_EQ(c.is().why, call_end::spoken);
}

TEST(PlacedCall, GoesItsWayWithoutAServerAndRingsNoDutyTelephone) {
    a_call c(to_speak(), true, with_duty());
    c.picked_up();
    c.takes(server_lost{});
    auto const heard = sounds_heard(c, seconds(30));
    EXPECT_THAT(heard, ElementsAre("n1", "this_is_the_house", "n1")) << "after the first";
    EXPECT_EQ(c.is().why, call_end::spoken);
    EXPECT_TRUE(c.is().legs.empty());
}

TEST(PlacedCall, NobodyElseSpeaksIntoIt) {
    a_call c(to_speak());
    c.picked_up();
    for (input const& each : {input(play{{"music"}, true}), input(stop_playing{}),
                              input(collect_digits{1, '#', seconds(3)}), input(hold{}),
                              input(ring{.leg = {"op1"}, .address = "sip:op1@desk"})}) {
        c.takes(each);
        EXPECT_EQ(c.last().refused, refusal::not_now);
    }
}

// ---- a call that we begin: the house asks, and says what the key has led to ----

TEST(PlacedCall, WhoHasPressedWaitsForWhatHisKeyHasLedTo) {
    a_call c(to_ask());
    c.picked_up();
    c.takes(digit_pressed{std::nullopt, '2'});
    EXPECT_EQ(c.told<told_digit>()->digit, '2');
    EXPECT_TRUE(c.did<stop_sound>()) << "he need not hear the rest";
    EXPECT_FALSE(c.did<start_sound>());
    c.passes(seconds(4));
    c.takes(say{{{"a1"}, {"a2"}}});
    EXPECT_EQ(c.did<start_sound>()->what.value, "a1");
    EXPECT_THAT(sounds_heard(c, seconds(3)), ElementsAre("a1", "a2"));
    EXPECT_EQ(c.is().why, call_end::pressed);
    EXPECT_EQ(c.is().pressed, "2");
}

TEST(PlacedCall, WhoWaitsInVainHearsTheThanks) {
    a_call c(to_ask());
    c.picked_up();
    c.takes(digit_pressed{std::nullopt, '1'});
    c.takes(server_lost{});
    c.passes(seconds(5));
    EXPECT_EQ(c.did<start_sound>()->what.value, "thanks");
    c.takes(say{{{"a1"}}});
    EXPECT_EQ(c.last().refused, refusal::not_now) << "too late";
    c.takes(playing{0, seconds(2)});
    c.passes(seconds(2));
    EXPECT_EQ(c.is().why, call_end::pressed);
}

TEST(PlacedCall, NothingIsSaidToWhoHasNotPressed) {
    a_call c(to_ask());
    c.picked_up();
    c.takes(say{{{"a1"}}});
    EXPECT_EQ(c.last().refused, refusal::not_now);
    a_call not_asked(to_speak());
    not_asked.picked_up();
    not_asked.takes(digit_pressed{std::nullopt, '1'});
    not_asked.takes(say{{{"a1"}}});
    EXPECT_EQ(not_asked.last().refused, refusal::not_now);
}

TEST(PlacedCall, TheServerEndsItUntilAKeyIsPressed) {
    a_call rings(to_ask());
    rings.takes(session_opened{"our sdp"});
    rings.takes(hang_up{});
    EXPECT_TRUE(rings.did<end_caller>());
    EXPECT_EQ(rings.told<told_ended>()->by, ended_by::server);
    a_call c(to_ask());
    c.picked_up();
    c.takes(digit_pressed{std::nullopt, '1'});
    c.takes(hang_up{});
    EXPECT_EQ(c.last().refused, refusal::not_now);
    EXPECT_NE(c.is().is, call_state::ended) << "he waits for his answer";
}

// ---- a call that we begin: a seat first, then whom it calls ----

TEST(PlacedCall, RingsTheSeatFirstAndHimWhenItHasAnswered) {
    a_call c(to_talk());
    c.takes(leg_offered{{"op1"}, "sdp for the leg"});
    EXPECT_EQ(c.did<invite_leg>()->address, "sip:op1@desk");
    c.takes(hotline::leg_answered{{"op1"}, "leg's sdp"});
    EXPECT_FALSE(c.did<call_caller>());
    c.takes(leg_connected{{"op1"}, "sdp for him"});
    EXPECT_EQ(c.did<call_caller>()->sdp, "sdp for him");
    EXPECT_EQ(c.did<start_sound>()->to, side::leg) << "she hears that it rings";
    c.takes(caller_answered{std::string(a_call::sdp_of_him)});
    EXPECT_EQ(c.did<stop_sound>()->to, side::leg);
    EXPECT_EQ(c.did<join_caller>()->leg_sdp, "leg's sdp");
    c.takes(caller_joined{0});
    EXPECT_EQ(c.told<told_bridged>()->leg.value, "op1");
    EXPECT_EQ(c.is().is, call_state::talking);
}

TEST(PlacedCall, OnceTheyTalkItIsACallLikeAnyOther) {
    a_call c(to_talk());
    seat_answers(c);
    c.takes(caller_answered{std::string(a_call::sdp_of_him)});
    c.takes(caller_joined{0});
    c.takes(hold{});
    EXPECT_TRUE(c.told<told_held>());
    c.takes(resume{});
    c.talking("op2"); // a transfer
    EXPECT_EQ(c.leg_gone("op1"), leg_end::transferred);
    EXPECT_THAT(c.closed(), ElementsAre(0U));
    c.takes(leg_left{{"op2"}, true});
    EXPECT_TRUE(c.did<end_caller>());
    EXPECT_EQ(c.told<told_ended>()->by, ended_by::leg);
}

// They talk.
a_call& they_talk(a_call& c) {
    seat_answers(c);
    c.takes(caller_answered{std::string(a_call::sdp_of_him)});
    c.takes(caller_joined{0});
    return c;
}

TEST(PlacedCall, WhoeverWasRungBackAndWhoseOperatorIsLostIsNotLeftWithMusic) {
    a_call c(to_talk(), true, with_duty());
    they_talk(c);
    c.takes(leg_left{{"op1"}, false});
    EXPECT_EQ(c.leg_gone("op1"), leg_end::lost);
    EXPECT_TRUE(c.did<end_caller>());
    EXPECT_FALSE(c.did<start_sound>());
    ASSERT_TRUE(c.told<told_ended>());
    EXPECT_EQ(c.told<told_ended>()->by, ended_by::leg);
    EXPECT_THAT(c.closed(), ElementsAre(0U));
}

TEST(PlacedCall, WhoeverIsBeingHandedOnWaitsForTheOtherAndNoLonger) {
    a_call c(to_talk());
    they_talk(c);
    c.ringing("op2");
    c.takes(leg_left{{"op1"}, false});
    EXPECT_EQ(c.did<start_sound>()->what.value, "music");
    c.takes(leg_refused{{"op2"}, 486});
    EXPECT_TRUE(c.did<end_caller>());
    EXPECT_TRUE(c.told<told_ended>());
}

TEST(PlacedCall, ASeatThatIsNotThereEndsItBeforeHeIsRung) {
    a_call c(to_talk());
    c.takes(leg_offered{{"op1"}, "sdp for the leg"});
    c.passes(seconds(20));
    EXPECT_EQ(c.told<told_leg_gone>()->why, leg_end::not_answered);
    EXPECT_EQ(c.told<told_ended>()->by, ended_by::leg);
    EXPECT_EQ(c.told<told_ended>()->why, call_end::not_answered);
    EXPECT_FALSE(c.did<end_caller>());
    EXPECT_THAT(c.closed(), ElementsAre(0U));
}

TEST(PlacedCall, ASeatThatHangsUpWhileItRingsStopsTheRinging) {
    a_call c(to_talk());
    seat_answers(c);
    c.takes(leg_left{{"op1"}, true});
    EXPECT_TRUE(c.did<end_caller>());
    EXPECT_EQ(c.told<told_ended>()->by, ended_by::leg);
    EXPECT_EQ(c.told<told_ended>()->why, call_end::hung_up);
}

TEST(PlacedCall, WhenHeIsBusyTheSeatIsFreeAgain) {
    a_call c(to_talk());
    seat_answers(c);
    c.takes(caller_refused{486});
    EXPECT_EQ(c.did<end_leg>()->leg.value, "op1");
    EXPECT_EQ(c.told<told_ended>()->by, ended_by::caller);
    EXPECT_EQ(c.told<told_ended>()->why, call_end::busy);
}

} // namespace
} // namespace linli::tests
