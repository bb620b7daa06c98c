// Three in one talk, and who listens to one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hotline/a_call.hpp"

namespace linli::tests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

terms with_consent(sound const& said) {
    terms by;
    by.consent = said;
    return by;
}

// Sessions: 0 was the caller's alone, 1 is op1's, 2 the third's (and the room's name), 3 the
// caller's with the mixer.
class a_talk_of_three : public a_call {
public:
    a_talk_of_three() { waiting().talking("op1"); }
    // What is spoken is recorded, and he has heard that it is.
    explicit a_talk_of_three(sound const& consent) : a_call(with_consent(consent)) {
        waiting();
        takes(playing{0, seconds(3)});
        passes(seconds(3));
        talking("op1");
    }

    turn const& asks(bool at_once = false) {
        ring const whom{.leg = {"t"}, .address = "sip:120@trunk", .timeout = seconds(30)};
        return takes(add_third{whom, at_once});
    }

    a_talk_of_three& rings(bool at_once = false) {
        asks(at_once);
        takes(leg_offered{{"t"}, "sdp for the third"});
        takes(leg_rang{{"t"}});
        return *this;
    }

    a_talk_of_three& answers(bool at_once = false) {
        rings(at_once);
        takes(hotline::leg_answered{{"t"}, "third's sdp"});
        takes(leg_connected{{"t"}, "sdp for the caller, to the third"});
        return *this;
    }

    a_talk_of_three& aside() {
        answers();
        takes(mixed_opened{is().three->callers, "sdp for the caller, mixed"});
        takes(caller_moved{});
        return *this;
    }

    a_talk_of_three& joined() {
        aside();
        takes(join_third{});
        return *this;
    }

    bool is_back_with_op1() {
        auto const moved = did<move_caller>();
        takes(caller_moved{});
        auto const with = did<join_caller>();
        return moved && moved->sdp == "sdp for the caller, moved" && with && with->session == 1 &&
               with->leg_sdp == "leg's sdp" && is().session == 1 && !is().three &&
               did<close_room>();
    }
};

// ---- the third comes ----

TEST(ThreeInATalk, WhileTheThirdRingsTheTwoSpeakOn) {
    a_talk_of_three c;
    c.asks();
    EXPECT_EQ(c.did<offer_third>()->session, 2U);
    EXPECT_EQ(c.did<offer_third>()->caller_sdp, "caller's sdp");
    c.takes(leg_offered{{"t"}, "sdp for the third"});
    EXPECT_EQ(c.did<invite_leg>()->address, "sip:120@trunk");
    c.takes(leg_rang{{"t"}});
    EXPECT_TRUE(c.told<told_leg_ringing>());
    EXPECT_FALSE(c.did<move_caller>());
    EXPECT_FALSE(c.is().hears);
}

TEST(ThreeInATalk, WhenHeAnswersTheCallerHearsMusicAndTheTwoSpeak) {
    a_talk_of_three c;
    c.answers();
    EXPECT_EQ(c.did<open_mixed>()->session, 3U);
    EXPECT_EQ(c.did<open_mixed>()->room, 2U);
    c.takes(mixed_opened{3, "sdp for the caller, mixed"});
    EXPECT_EQ(c.did<start_sound>()->what.value, "music");
    EXPECT_EQ(c.did<start_sound>()->session, 3U);
    EXPECT_EQ(c.did<move_caller>()->sdp, "sdp for the caller, mixed");
    c.takes(caller_moved{});
    EXPECT_EQ(c.did<mix_leg>()->session, 1U);
    EXPECT_EQ(c.did<mix_leg>()->leg_sdp, "leg's sdp");
    EXPECT_THAT(c.did<mix_talk>()->among, ElementsAre(party::leg, party::third));
    EXPECT_TRUE(c.told<told_third_joined>()->aside);
    EXPECT_THAT(c.closed(), IsEmpty());
}

TEST(ThreeInATalk, WhereTheCallerIsInTheMixedTalkIsPassedOn) {
    a_talk_of_three c;
    c.answers();
    c.takes(mixed_opened{3, "sdp for the caller, mixed"});
    c.takes(caller_moved{std::string(a_call::sdp_from_elsewhere)});
    EXPECT_EQ(c.did<join_mixed>()->session, 3U);
    EXPECT_EQ(c.did<join_mixed>()->room, 2U);
    EXPECT_EQ(c.did<join_mixed>()->caller_sdp, a_call::sdp_from_elsewhere);
    EXPECT_FALSE(c.did<join_caller>());
    c.takes(caller_changed{std::string(a_call::sdp_of_him)});
    EXPECT_EQ(c.did<join_mixed>()->caller_sdp, a_call::sdp_of_him);
    c.takes(join_third{});
    c.takes(leg_left{{"t"}, true});
    c.takes(caller_moved{std::string(a_call::sdp_from_elsewhere)});
    EXPECT_EQ(c.did<join_caller>()->session, 1U) << "and back with the one";
    EXPECT_EQ(c.did<join_caller>()->caller_sdp, a_call::sdp_from_elsewhere);
}

// Once the mixer was in his place, their session would tell him another key.
TEST(ThreeInATalk, ACallerBySrtpIsAskedBackByTheKeyThatTheirSessionHasForHimNow) {
    a_talk_of_three c;
    c.answers();
    c.takes(mixed_opened{3, "sdp"});
    c.takes(caller_moved{std::string(a_call::sdp_by_srtp)});
    c.takes(join_third{});
    c.takes(leg_left{{"t"}, true});
    EXPECT_FALSE(c.did<move_caller>());
    EXPECT_EQ(c.did<join_caller>()->session, 1U);
    EXPECT_EQ(c.did<join_caller>()->caller_sdp, a_call::sdp_by_srtp);
    c.takes(caller_joined{1, "sdp with another key"});
    EXPECT_EQ(c.did<move_caller>()->sdp, "sdp with another key");
    c.takes(caller_moved{});
    EXPECT_EQ(c.is().session, 1U);
    EXPECT_FALSE(c.is().three);
}

TEST(ThreeInATalk, WhereNoKeyComesHeIsNotKeptForEver) {
    a_talk_of_three c;
    c.answers();
    c.takes(mixed_opened{3, "sdp"});
    c.takes(caller_moved{std::string(a_call::sdp_by_srtp)});
    c.takes(join_third{});
    c.takes(leg_left{{"t"}, true});
    c.passes(seconds(10));
    EXPECT_EQ(c.told<told_ended>()->why, call_end::media_lost);
}

TEST(ThreeInATalk, JoinedAllThreeHearEachOther) {
    a_talk_of_three c;
    c.aside();
    c.takes(join_third{});
    EXPECT_EQ(c.did<stop_sound>()->session, 3U);
    EXPECT_THAT(c.did<mix_talk>()->among, ElementsAre(party::caller, party::leg, party::third));
    EXPECT_FALSE(c.told<told_third_joined>()->aside);
}

TEST(ThreeInATalk, AtOnceTheCallerHearsNoMusic) {
    a_talk_of_three c;
    c.answers(true);
    c.takes(mixed_opened{3, "sdp"});
    EXPECT_FALSE(c.did<start_sound>());
    c.takes(caller_moved{});
    EXPECT_THAT(c.did<mix_talk>()->among, ElementsAre(party::caller, party::leg, party::third));
    EXPECT_FALSE(c.told<told_third_joined>()->aside);
}

// ---- what is recorded of it: what is spoken with him ----

TEST(ThreeInATalk, WhatIsSpokenAsideIsNotRecordedAndWhatAllThreeSayIs) {
    a_talk_of_three c(sound{"consent"});
    c.answers();
    c.takes(mixed_opened{3, "sdp"});
    c.takes(caller_moved{});
    EXPECT_FALSE(c.did<switch_recording>()->on);
    EXPECT_EQ(c.did<switch_recording>()->session, 1U);
    c.takes(join_third{});
    EXPECT_TRUE(c.did<switch_recording>()->on);
    EXPECT_EQ(c.did<switch_recording>()->session, 3U);
}

TEST(ThreeInATalk, BackWithTheOneHeIsRecordedAsBefore) {
    for (bool const was_recorded : {true, false}) {
        a_talk_of_three c(sound{"consent"});
        c.takes(record{was_recorded});
        c.joined();
        EXPECT_EQ(c.did<switch_recording>().has_value(), was_recorded);
        c.takes(leg_left{{"t"}, true});
        c.takes(caller_moved{});
        ASSERT_EQ(c.did<switch_recording>().has_value(), was_recorded);
        if (!was_recorded) continue;
        EXPECT_TRUE(c.did<switch_recording>()->on);
        EXPECT_EQ(c.did<switch_recording>()->session, 1U);
    }
}

TEST(ThreeInATalk, WhoIsLeftToWaitIsNotRecorded) {
    a_talk_of_three c(sound{"consent"});
    c.joined();
    c.takes(leg_left{{"op1"}, true});
    c.takes(leg_left{{"t"}, true});
    c.takes(caller_moved{});
    EXPECT_FALSE(c.is().is_recorded);
    EXPECT_TRUE(c.is().hears);
}

TEST(ThreeInATalk, TwoWhoSpeakOnWithoutHimAreNotRecorded) {
    a_talk_of_three c(sound{"consent"});
    c.joined();
    c.takes(caller_left{});
    EXPECT_FALSE(c.is().is_recorded);
    EXPECT_FALSE(c.did<switch_recording>()) << "it goes with his session";
}

TEST(ThreeInATalk, BusyOrNotAnsweredTheTalkIsWhatItWas) {
    for (bool const is_busy : {true, false}) {
        a_talk_of_three c;
        c.rings();
        if (is_busy)
            c.takes(leg_refused{{"t"}, 486});
        else
            c.passes(seconds(30));
        EXPECT_EQ(c.leg_gone("t"), is_busy ? leg_end::refused : leg_end::not_answered);
        EXPECT_THAT(c.closed(), ElementsAre(2U));
        EXPECT_EQ(c.did<close_room>()->room, 2U);
        EXPECT_FALSE(c.did<move_caller>());
        EXPECT_EQ(c.is().is, call_state::talking);
        c.rings(); // another is asked
        EXPECT_FALSE(c.is().three == std::nullopt);
    }
}

TEST(ThreeInATalk, WithoutMixerTheTalkIsWhatItWas) {
    a_talk_of_three c;
    c.asks();
    c.takes(media_refused{2});
    EXPECT_EQ(c.leg_gone("t"), leg_end::no_media);
    EXPECT_FALSE(c.is().three);
    EXPECT_EQ(c.is().is, call_state::talking);
}

TEST(ThreeInATalk, ACallerWhoWillNotMoveSpeaksOnWithTheOne) {
    a_talk_of_three c;
    c.answers();
    c.takes(mixed_opened{3, "sdp"});
    c.takes(caller_stayed{488});
    EXPECT_EQ(c.leg_gone("t"), leg_end::refused);
    EXPECT_THAT(c.closed(), ElementsAre(2U, 3U));
    EXPECT_EQ(c.is().session, 1U);
    EXPECT_EQ(c.is().is, call_state::talking);
}

TEST(ThreeInATalk, OnlyATalkOfTwoTakesOne) {
    a_talk_of_three c;
    c.takes(hold{});
    EXPECT_EQ(c.asks().refused, refusal::not_now);
    c.takes(resume{});
    c.rings();
    ring const another{.leg = {"t2"}, .address = "sip:x@trunk", .timeout = seconds(30)};
    EXPECT_EQ(c.takes(add_third{another}).refused, refusal::not_now);
    EXPECT_EQ(c.takes(ring{.leg = {"op2"}, .address = "sip:op2@desk"}).refused, refusal::not_now);
    EXPECT_EQ(c.takes(hold{}).refused, refusal::not_now);
    EXPECT_EQ(c.takes(park{}).refused, refusal::not_now);
    EXPECT_EQ(c.takes(join_third{}).refused, refusal::not_now);
    EXPECT_EQ(c.takes(leave{}).refused, refusal::not_now);
    a_call waits;
    waits.waiting();
    EXPECT_EQ(waits.takes(add_third{another}).refused, refusal::not_now);
}

// ---- where they are, and what they press ----

TEST(ThreeInATalk, WhereALegIsNowItsSessionWithTheMixerHears) {
    a_talk_of_three c;
    c.answers();
    auto const elsewhere = std::string(a_call::sdp_from_elsewhere);
    auto const there = std::string(a_call::sdp_of_him);
    c.takes(leg_changed{{"t"}, there});
    EXPECT_EQ(c.did<connect_to_room>()->session, 2U);
    EXPECT_EQ(c.did<connect_to_room>()->leg_sdp, there);
    c.takes(leg_connected{{"t"}, "the same"});
    EXPECT_THAT(c.last().effects, IsEmpty()) << "it has been connected before";
    c.takes(leg_changed{{"op1"}, elsewhere});
    EXPECT_EQ(c.did<join_caller>()->session, 1U) << "she still speaks with him";
    c.takes(mixed_opened{3, "sdp"});
    c.takes(caller_moved{});
    EXPECT_EQ(c.did<mix_leg>()->leg_sdp, elsewhere);
    for (bool const is_joined : {false, true}) {
        if (is_joined) c.takes(join_third{});
        c.takes(leg_changed{{"op1"}, is_joined ? elsewhere : there});
        EXPECT_FALSE(c.did<join_caller>());
        EXPECT_EQ(c.did<mix_leg>()->session, 1U);
        EXPECT_EQ(c.did<mix_leg>()->leg_sdp, is_joined ? elsewhere : there);
        c.takes(leg_changed{{"t"}, is_joined ? there : elsewhere});
        EXPECT_EQ(c.did<connect_to_room>()->leg_sdp, is_joined ? there : elsewhere);
    }
}

TEST(ThreeInATalk, WhereTheLegIsThatHeGoesBackToIsHeardWhenHeIsThere) {
    a_talk_of_three c;
    c.joined();
    c.takes(leg_left{{"t"}, true});
    c.takes(leg_changed{{"op1"}, std::string(a_call::sdp_from_elsewhere)});
    EXPECT_THAT(c.last().effects, IsEmpty()) << "the mixer is about to go";
    c.takes(caller_moved{});
    EXPECT_EQ(c.did<join_caller>()->leg_sdp, a_call::sdp_from_elsewhere);
    c.takes(caller_changed{std::string(a_call::sdp_of_him)});
    EXPECT_EQ(c.did<join_caller>()->leg_sdp, a_call::sdp_from_elsewhere);
}

// The mixer says a key again to the others, in the caller's place.
TEST(ThreeInATalk, AKeyOfAnothersIsNotTakenForTheCallers) {
    a_talk_of_three c;
    c.joined();
    c.takes(collect_digits{1, 0, seconds(5)});
    for (session_number const session : {1U, 2U}) {
        c.takes(digit_pressed{std::nullopt, '5', session});
        EXPECT_THAT(c.last().effects, IsEmpty());
    }
    c.takes(digit_pressed{leg_id{"t"}, '6'});
    EXPECT_EQ(c.told<told_digit>()->leg, "t") << "by INFO it is known whose it is";
    EXPECT_FALSE(c.told<told_digits>());
    c.takes(digit_pressed{std::nullopt, '7', 3});
    EXPECT_EQ(c.told<told_digit>()->leg, "");
    EXPECT_EQ(c.told<told_digits>()->digits, "7");
    c.takes(leg_left{{"t"}, true});
    c.takes(digit_pressed{std::nullopt, '8', 1});
    EXPECT_FALSE(c.told<told_digit>()) << "on his way back the mixer is there still";
    c.takes(caller_moved{});
    c.takes(digit_pressed{std::nullopt, '9', 1});
    EXPECT_TRUE(c.told<told_digit>());
}

// ---- somebody leaves ----

TEST(ThreeInATalk, WhenTheThirdLeavesTheTwoSpeakOnWithoutTheMixer) {
    for (bool const is_aside : {true, false}) {
        a_talk_of_three c;
        if (is_aside)
            c.aside();
        else
            c.joined();
        c.takes(leg_left{{"t"}, true});
        EXPECT_EQ(c.leg_gone("t"), leg_end::hung_up);
        EXPECT_THAT(c.did<mix_talk>()->among, ElementsAre(party::caller, party::leg));
        EXPECT_THAT(c.closed(), ElementsAre(2U));
        EXPECT_TRUE(c.is_back_with_op1());
        EXPECT_THAT(c.closed(), ElementsAre(3U));
        EXPECT_EQ(c.is().is, call_state::talking);
        c.takes(leg_left{{"op1"}, true});
        EXPECT_EQ(c.told<told_ended>()->by, ended_by::leg);
    }
}

TEST(ThreeInATalk, SheMayPutTheThirdOut) {
    a_talk_of_three c;
    c.joined();
    c.takes(withdraw{{"t"}});
    EXPECT_EQ(c.did<end_leg>()->leg.value, "t");
    EXPECT_EQ(c.leg_gone("t"), leg_end::withdrawn);
    EXPECT_TRUE(c.is_back_with_op1());
}

TEST(ThreeInATalk, WhoLeavesLeavesTheCallerWithTheThird) {
    for (bool const by_command : {true, false}) {
        a_talk_of_three c;
        c.joined();
        if (by_command)
            c.takes(leave{});
        else
            c.takes(leg_left{{"op1"}, true});
        EXPECT_EQ(c.leg_gone("op1"), by_command ? leg_end::transferred : leg_end::hung_up);
        EXPECT_EQ(c.did<end_leg>().has_value(), by_command);
        EXPECT_THAT(c.did<mix_talk>()->among, ElementsAre(party::caller, party::third));
        EXPECT_EQ(c.did<move_caller>()->sdp, "sdp for the caller, to the third");
        EXPECT_FALSE(c.told<told_ended>());
        c.takes(caller_moved{});
        EXPECT_EQ(c.did<join_caller>()->session, 2U);
        EXPECT_EQ(c.did<join_caller>()->leg_sdp, "third's sdp");
        EXPECT_EQ(c.told<told_bridged>()->leg.value, "t");
        EXPECT_THAT(c.closed(), ElementsAre(3U));
        c.takes(leg_left{{"t"}, true});
        EXPECT_EQ(c.told<told_ended>()->by, ended_by::leg);
    }
}

TEST(ThreeInATalk, WhoHangsUpWhileSpeakingAsideHandsTheCallerOver) {
    a_talk_of_three c;
    c.aside();
    c.takes(leg_left{{"op1"}, true});
    EXPECT_EQ(c.did<stop_sound>()->session, 3U);
    EXPECT_THAT(c.did<mix_talk>()->among, ElementsAre(party::caller, party::third));
    c.takes(caller_moved{});
    EXPECT_EQ(c.told<told_bridged>()->leg.value, "t");
}

TEST(ThreeInATalk, WhenHerBrowserIsLostAsideTheCallerIsNeverLeftWithWhomHeWasNotGivenTo) {
    a_talk_of_three c;
    c.aside();
    c.takes(leg_left{{"op1"}, false});
    EXPECT_EQ(c.leg_gone("op1"), leg_end::lost);
    EXPECT_EQ(c.leg_gone("t"), leg_end::withdrawn);
    EXPECT_EQ(c.is().is, call_state::waiting);
    EXPECT_EQ(c.is().hears->what.value, "music");
    EXPECT_FALSE(c.is().three);
    c.talking("op2");
    EXPECT_EQ(c.told<told_bridged>()->leg.value, "op2");
    EXPECT_THAT(c.closed(), ElementsAre(3U));
}

TEST(ThreeInATalk, WhenHerBrowserIsLostWithAllThreeTheOtherTwoSpeakOn) {
    a_talk_of_three c;
    c.joined();
    c.takes(leg_left{{"op1"}, false});
    EXPECT_EQ(c.leg_gone("op1"), leg_end::lost);
    c.takes(caller_moved{});
    EXPECT_EQ(c.told<told_bridged>()->leg.value, "t");
}

TEST(ThreeInATalk, WhenTheCallerHangsUpTheTwoOthersMayFinish) {
    for (std::string const last : {"op1", "t"}) {
        a_talk_of_three c;
        c.joined();
        c.takes(caller_left{});
        EXPECT_TRUE(c.told<told_caller_left>());
        EXPECT_FALSE(c.told<told_ended>());
        EXPECT_THAT(c.closed(), ElementsAre(3U));
        EXPECT_THAT(c.did<mix_talk>()->among, ElementsAre(party::leg, party::third));
        c.takes(leg_left{{last}, true});
        EXPECT_EQ(c.told<told_ended>()->by, ended_by::caller);
        EXPECT_EQ(c.did<end_leg>()->leg.value, last == "t" ? "op1" : "t");
        EXPECT_FALSE(c.did<end_caller>());
        EXPECT_TRUE(c.did<close_room>());
    }
}

TEST(ThreeInATalk, WhenTheCallerHangsUpBeforeTheThirdHasComeAllIsOver) {
    a_talk_of_three c;
    c.rings();
    c.takes(caller_left{});
    EXPECT_EQ(c.told<told_ended>()->by, ended_by::caller);
    EXPECT_EQ(c.leg_gone("t"), leg_end::call_ended);
    EXPECT_TRUE(c.did<close_room>());
}

// ---- while the caller is moved ----

TEST(ThreeInATalk, AThirdThatHangsUpWhileTheCallerComesIsLeftOut) {
    a_talk_of_three c;
    c.answers();
    c.takes(mixed_opened{3, "sdp"});
    c.takes(leg_left{{"t"}, true});
    EXPECT_FALSE(c.did<move_caller>());
    c.takes(caller_moved{});
    EXPECT_FALSE(c.did<mix_leg>());
    EXPECT_TRUE(c.is_back_with_op1());
}

TEST(ThreeInATalk, WhoHangsUpWhileTheCallerComesHandsOver) {
    a_talk_of_three c;
    c.answers();
    c.takes(mixed_opened{3, "sdp"});
    c.takes(leg_left{{"op1"}, true});
    EXPECT_EQ(c.is().hears->what.value, "music");
    c.takes(caller_moved{});
    EXPECT_THAT(c.closed(), ElementsAre(1U));
    EXPECT_EQ(c.did<move_caller>()->sdp, "sdp for the caller, to the third");
    c.takes(caller_moved{});
    EXPECT_EQ(c.told<told_bridged>()->leg.value, "t");
}

TEST(ThreeInATalk, WhenBothHaveGoneHeHearsMusicWhereHeComesTo) {
    a_talk_of_three c;
    c.answers();
    c.takes(mixed_opened{3, "sdp"});
    c.takes(leg_left{{"op1"}, false});
    c.takes(caller_moved{});
    EXPECT_EQ(c.did<start_sound>()->session, 3U);
    EXPECT_EQ(c.is().is, call_state::waiting);
    EXPECT_FALSE(c.is().three);
}

TEST(ThreeInATalk, ACallerWhoWillNotLeaveTheMixerIsAskedAgain) {
    a_talk_of_three c;
    c.joined();
    c.takes(leg_left{{"t"}, true});
    c.takes(caller_stayed{491});
    EXPECT_EQ(c.is().is, call_state::talking);
    c.passes(seconds(1));
    EXPECT_TRUE(c.is_back_with_op1());
    c.joined(); // and that another time
}

// Each time that he is asked, his carrier wants to know whose account it is.
a_talk_of_three who_never_leaves_the_mixer() {
    a_talk_of_three c;
    c.joined();
    c.takes(leg_left{{"t"}, true});
    for (int i = 0; i < 4; ++i) {
        c.takes(caller_stayed{407});
        c.passes(seconds(1));
    }
    c.takes(caller_stayed{407});
    return c;
}

TEST(ThreeInATalk, WhoNeverLeavesTheMixerSpeaksOnByItAndIsAskedNowAndThen) {
    auto c = who_never_leaves_the_mixer();
    EXPECT_EQ(c.did<mix_leg>()->leg_sdp, "leg's sdp");
    EXPECT_THAT(c.did<mix_talk>()->among, ElementsAre(party::caller, party::leg));
    EXPECT_EQ(c.is().is, call_state::talking);
    c.passes(seconds(29));
    EXPECT_FALSE(c.did<move_caller>());
    for (int i = 0; i < 100; ++i) {
        c.passes(seconds(30));
        EXPECT_TRUE(c.did<move_caller>());
        c.takes(caller_stayed{407});
    }
    EXPECT_EQ(c.is().is, call_state::talking);
    c.passes(seconds(30));
    EXPECT_TRUE(c.is_back_with_op1());
    c.joined();
}

TEST(ThreeInATalk, WhoNeverLeavesTheMixerIsNotLeftWithOneThatIsLost) {
    auto c = who_never_leaves_the_mixer();
    c.takes(mixer_lost{2});
    EXPECT_EQ(c.did<start_sound>()->what.value, "music");
    c.passes(seconds(0));
    EXPECT_TRUE(c.did<move_caller>()) << "at once";
    c.takes(caller_stayed{407});
    EXPECT_EQ(c.told<told_ended>()->why, call_end::media_lost);
}

TEST(ThreeInATalk, WhoNeverLeavesTheMixerAndLosesHerWaitsThereAndIsTheNexts) {
    auto c = who_never_leaves_the_mixer();
    c.takes(leg_left{{"op1"}, false});
    EXPECT_EQ(c.is().is, call_state::waiting);
    EXPECT_EQ(c.is().hears->what.value, "music");
    EXPECT_THAT(c.closed(), ElementsAre(1U));
    EXPECT_TRUE(c.did<close_room>());
    c.talking("op2");
    EXPECT_EQ(c.told<told_bridged>()->leg.value, "op2");
    EXPECT_THAT(c.closed(), ElementsAre(3U));
}

TEST(ThreeInATalk, WhoIsGoneBeforeTheCallerIsBackLeavesHimWithMusic) {
    a_talk_of_three c;
    c.joined();
    c.takes(leg_left{{"t"}, true});
    c.takes(leg_left{{"op1"}, false});
    c.takes(caller_moved{});
    EXPECT_EQ(c.did<join_caller>()->session, 1U);
    EXPECT_EQ(c.did<start_sound>()->session, 1U);
    EXPECT_EQ(c.is().is, call_state::waiting);
}

// ---- the mixer ----

TEST(ThreeInATalk, AMixerThatIsLostGivesHimBackToTheOneWhoTookHim) {
    for (bool const is_aside : {true, false}) {
        a_talk_of_three c;
        if (is_aside)
            c.aside();
        else
            c.joined();
        c.takes(mixer_lost{2});
        EXPECT_EQ(c.leg_gone("t"), leg_end::no_media);
        EXPECT_FALSE(c.did<stop_sound>()) << "what he hears until he is back";
        EXPECT_EQ(c.is().hears->what.value, "music");
        EXPECT_TRUE(c.is_back_with_op1());
    }
}

TEST(ThreeInATalk, AMixerThatIsLostBeforeTheThirdHasComeChangesNothing) {
    a_talk_of_three c;
    c.rings();
    c.takes(mixer_lost{2});
    EXPECT_EQ(c.leg_gone("t"), leg_end::no_media);
    EXPECT_FALSE(c.did<move_caller>());
    EXPECT_EQ(c.is().is, call_state::talking);
}

TEST(ThreeInATalk, RtpengineThatCannotMixIsAsGoodAsNoMixer) {
    a_talk_of_three c;
    c.joined();
    c.takes(media_refused{1});
    EXPECT_EQ(c.leg_gone("t"), leg_end::no_media);
    EXPECT_TRUE(c.is_back_with_op1());
}

// ---- who listens ----

class a_talk_that_is_heard : public a_talk_of_three {
public:
    a_talk_that_is_heard() {
        takes(listen{ring{.leg = {"l"}, .address = "sip:boss@desk", .timeout = seconds(20)}});
        takes(leg_offered{{"l"}, "sdp for the listener"});
        takes(hotline::leg_answered{{"l"}, "listener's sdp"});
        takes(leg_connected{{"l"}, {}});
    }
};

TEST(WhoListens, HearsTheSessionOfTheTalkAndNothingMoves) {
    a_talk_of_three c;
    c.takes(listen{ring{.leg = {"l"}, .address = "sip:boss@desk", .timeout = seconds(20)}});
    EXPECT_EQ(c.did<offer_listener>()->talk, 1U);
    EXPECT_EQ(c.did<offer_listener>()->session, 2U);
    EXPECT_EQ(c.did<offer_listener>()->caller_sdp, "caller's sdp");
    c.takes(leg_offered{{"l"}, "sdp for the listener"});
    EXPECT_EQ(c.did<invite_leg>()->sdp, "sdp for the listener");
    c.takes(hotline::leg_answered{{"l"}, "listener's sdp"});
    EXPECT_EQ(c.did<connect_to_room>()->leg_sdp, "listener's sdp");
    c.takes(leg_connected{{"l"}, {}});
    EXPECT_EQ(c.did<mix_talk>()->room, 2U);
    EXPECT_TRUE(c.told<told_listening>());
    EXPECT_FALSE(c.told<told_bridged>());
    EXPECT_FALSE(c.did<move_caller>());
    EXPECT_EQ(c.is().last_leg, "op1");
}

TEST(WhoListens, ComesAndGoesAndTheTalkGoesOn) {
    for (bool const by_command : {true, false}) {
        a_talk_that_is_heard c;
        if (by_command)
            c.takes(withdraw{{"l"}});
        else
            c.takes(leg_left{{"l"}, true});
        EXPECT_EQ(c.did<end_listening>()->talk, 1U);
        EXPECT_EQ(c.did<close_room>()->room, 2U);
        EXPECT_FALSE(c.told<told_ended>());
        EXPECT_THAT(c.closed(), ElementsAre(2U)) << "his own";
        EXPECT_EQ(c.is().is, call_state::talking);
    }
}

TEST(WhoListens, HasNoPartInATransferAndIsDismissedByIt) {
    a_talk_that_is_heard c;
    c.talking("op2");
    EXPECT_EQ(c.told<told_bridged>()->leg.value, "op2");
    EXPECT_EQ(c.leg_gone("l"), leg_end::call_ended);
    EXPECT_FALSE(c.did<end_leg>() == std::nullopt);
}

TEST(WhoListens, StaysWhenAThirdComesAndGoes) {
    a_talk_that_is_heard c;
    c.joined();
    c.takes(leg_left{{"t"}, true});
    EXPECT_TRUE(c.is_back_with_op1());
    EXPECT_EQ(c.is().legs.size(), 2U);
}

TEST(WhoListens, DoesNotHearACallerWhoWaits) {
    a_talk_that_is_heard c;
    c.takes(park{});
    EXPECT_EQ(c.leg_gone("l"), leg_end::call_ended);
    EXPECT_EQ(c.is().is, call_state::waiting);
    auto const& refused =
        c.takes(listen{ring{.leg = {"l2"}, .address = "sip:boss@desk", .timeout = seconds(20)}});
    EXPECT_EQ(refused.refused, refusal::not_now);
}

TEST(WhoListens, HeWhoCannotIsNoFaultOfTheTalk) {
    a_talk_of_three c;
    c.takes(listen{ring{.leg = {"l"}, .address = "sip:boss@desk", .timeout = seconds(20)}});
    c.takes(media_refused{2});
    EXPECT_EQ(c.leg_gone("l"), leg_end::no_media);
    EXPECT_EQ(c.is().is, call_state::talking);
}

TEST(WhoListens, GoesWhenTheMixerIsLostAndTheTalkGoesOn) {
    a_talk_that_is_heard c;
    c.takes(mixer_lost{2});
    EXPECT_EQ(c.leg_gone("l"), leg_end::no_media);
    EXPECT_EQ(c.is().is, call_state::talking);
    EXPECT_FALSE(c.is().hears);
}

TEST(WhoListens, GoesWithTheCall) {
    a_talk_that_is_heard c;
    c.takes(caller_left{});
    EXPECT_EQ(c.leg_gone("l"), leg_end::call_ended);
    EXPECT_TRUE(c.told<told_ended>());
}

} // namespace
} // namespace linli::tests
