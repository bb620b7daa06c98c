// A call as it comes, is rung for, talks, and goes on without a server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <utility>

#include "hotline/a_call.hpp"

namespace linli::tests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// ---- the caller ----

TEST(HotlineCall, IsAnsweredAtOnceAndHearsTheGreeting) {
    a_call c;
    EXPECT_TRUE(c.told<told_offered>());
    EXPECT_EQ(c.did<open_session>()->caller_sdp, "caller's sdp");
    c.takes(session_opened{"ours"});
    EXPECT_EQ(c.did<answer_caller>()->sdp, "ours");
    c.takes(caller_confirmed{});
    EXPECT_TRUE(c.told<told_answered>());
    EXPECT_EQ(c.did<start_sound>()->what.value, "greeting");
    EXPECT_EQ(c.is().is, call_state::waiting);
}

TEST(HotlineCall, AfterTheGreetingComesMusicAndNeverSilence) {
    a_call c;
    c.waiting();
    c.takes(playing{0, milliseconds(3000)});
    c.passes(milliseconds(2999));
    EXPECT_THAT(c.last().effects, IsEmpty());
    c.passes(milliseconds(1));
    EXPECT_EQ(c.told<told_announcement_ended>()->what.value, "greeting");
    EXPECT_EQ(c.did<start_sound>()->what.value, "music");
    EXPECT_TRUE(c.did<start_sound>()->repeat);
}

TEST(HotlineCall, WithoutMediaItIsRefusedAndNeverAnswered) {
    a_call c;
    c.takes(media_refused{0});
    EXPECT_EQ(c.did<refuse_caller>()->sip_code, 503);
    EXPECT_FALSE(c.did<answer_caller>());
    EXPECT_EQ(c.told<told_ended>()->why, call_end::no_media);
}

TEST(HotlineCall, WhoIsTurnedAwayIsToldOfAllTheSame) {
    call c;
    auto const done = turn_away(c, {{"c1"}, "1", "12349", "t1", ""}, 488, call_end::no_codec, {});
    ASSERT_EQ(done.effects.size(), 3U);
    EXPECT_EQ(std::get<refuse_caller>(done.effects[1]).sip_code, 488);
    EXPECT_EQ(c.is, call_state::ended);
}

TEST(HotlineCall, HangingUpWhileSomebodyIsRungWithdrawsTheRing) {
    a_call c;
    c.waiting().ringing("op1");
    c.takes(caller_left{});
    EXPECT_EQ(c.did<end_leg>()->leg.value, "op1");
    EXPECT_FALSE(c.did<end_caller>()) << "he has gone himself";
    EXPECT_EQ(c.leg_gone("op1"), leg_end::call_ended);
    EXPECT_EQ(c.told<told_ended>()->by, ended_by::caller);
    EXPECT_THAT(c.closed(), UnorderedElementsAre(0U, 1U));
}

TEST(HotlineCall, EndsAtItsLongestTime) {
    a_call c;
    c.waiting().talking("op1");
    c.passes(std::chrono::hours(4));
    EXPECT_EQ(c.told<told_ended>()->why, call_end::too_long);
    EXPECT_TRUE(c.did<end_caller>());
    EXPECT_TRUE(c.did<end_leg>());
}

// ---- ringing ----

TEST(HotlineCall, ARingBeforeTheCallersAckWaitsForIt) {
    a_call c;
    c.takes(ring{.leg = {"op1"}, .address = "sip:op1@desk", .timeout = seconds(30)});
    EXPECT_FALSE(c.did<offer_leg>());
    c.takes(session_opened{"ours"});
    c.takes(caller_confirmed{});
    EXPECT_EQ(c.did<offer_leg>()->leg.value, "op1");
}

TEST(HotlineCall, TheSameRingTwiceRingsOnce) {
    a_call c;
    c.waiting().ringing("op1");
    c.takes(ring{.leg = {"op1"}, .address = "sip:op1@desk", .timeout = seconds(30)});
    EXPECT_THAT(c.last().effects, IsEmpty());
    EXPECT_EQ(c.last().refused, refusal::none);
}

TEST(HotlineCall, WhoAnswersIsConnectedAndTheCallerMovesToHim) {
    a_call c;
    c.waiting().ringing("op1");
    c.takes(hotline::leg_answered{{"op1"}, "leg's sdp"});
    EXPECT_EQ(c.did<connect_leg>()->leg_sdp, "leg's sdp");
    EXPECT_THAT(c.closed(), IsEmpty()) << "the music plays on until he has moved";
    c.takes(leg_connected{{"op1"}, "new"});
    EXPECT_EQ(c.did<move_caller>()->sdp, "new");
    c.takes(caller_moved{});
    EXPECT_EQ(c.told<told_bridged>()->leg.value, "op1");
    EXPECT_THAT(c.closed(), ElementsAre(0U));
    EXPECT_EQ(c.is().session, 1U);
}

TEST(HotlineCall, WhereHeIsWhenHeHasMovedTheirSessionHears) {
    a_call c;
    c.waiting().ringing("op1");
    c.takes(hotline::leg_answered{{"op1"}, "leg's sdp"});
    c.takes(leg_connected{{"op1"}, "new"});
    c.takes(caller_moved{std::string(a_call::sdp_from_elsewhere)});
    auto const joining = c.did<join_caller>();
    ASSERT_TRUE(joining);
    EXPECT_EQ(joining->session, 1U);
    EXPECT_EQ(joining->caller_sdp, a_call::sdp_from_elsewhere);
    EXPECT_EQ(joining->leg_sdp, "leg's sdp");
    EXPECT_TRUE(c.told<told_bridged>());
    c.ringing("op2");
    c.takes(hotline::leg_answered{{"op2"}, "sdp"});
    c.takes(leg_connected{{"op2"}, "sdp"});
    c.takes(caller_moved{"o=another version\r\n" + std::string(a_call::sdp_from_elsewhere)});
    EXPECT_FALSE(c.did<join_caller>()) << "it is what the session was opened with";
}

TEST(HotlineCall, TheNextWhoIsRungIsOfferedWhereHeIsNow) {
    a_call c;
    c.waiting().talking("op1");
    c.takes(caller_changed{std::string(a_call::sdp_from_elsewhere)});
    c.takes(ring{.leg = {"op2"}, .address = "sip:op2@desk", .timeout = seconds(30)});
    EXPECT_EQ(c.did<offer_leg>()->caller_sdp, a_call::sdp_from_elsewhere);
}

TEST(HotlineCall, WhoMovesWhileTheOtherHangsUpHearsTheMusicWhereHeIs) {
    a_call c;
    c.waiting().ringing("op1");
    c.takes(hotline::leg_answered{{"op1"}, "leg's sdp"});
    c.takes(leg_connected{{"op1"}, "new"});
    c.takes(leg_left{{"op1"}, true});
    c.takes(caller_moved{std::string(a_call::sdp_from_elsewhere)});
    EXPECT_EQ(c.did<join_caller>()->session, 1U);
    EXPECT_EQ(c.did<join_caller>()->caller_sdp, a_call::sdp_from_elsewhere);
    EXPECT_FALSE(c.did<join_caller>()->leg_sdp.empty()) << "nobody takes and throws away";
    EXPECT_EQ(c.did<start_sound>()->what.value, "music");
}

TEST(HotlineCall, WhoSaysByHimselfThatHeIsElsewhereIsHeardThere) {
    a_call c;
    c.waiting();
    c.takes(caller_changed{std::string(a_call::sdp_from_elsewhere)});
    EXPECT_EQ(c.did<join_caller>()->session, 0U);
    c.talking("op1");
    c.takes(caller_changed{std::string(a_call::sdp_from_elsewhere)});
    EXPECT_FALSE(c.did<join_caller>()) << "a refresh of what we know";
    c.takes(caller_changed{"v=0\r\nm=audio 0 RTP/AVP 8\r\n"});
    EXPECT_FALSE(c.did<join_caller>()) << "nothing that we could send to";
    c.takes(caller_changed{std::string(a_call::sdp_of_him)});
    EXPECT_EQ(c.did<join_caller>()->session, 1U);
    EXPECT_EQ(c.did<join_caller>()->leg_sdp, "leg's sdp");
}

TEST(HotlineCall, WhoHoldsIsLookedForWhereHeWasWhenHeComesBack) {
    a_call c;
    c.waiting().talking("op1");
    c.takes(caller_changed{std::string(a_call::sdp_from_elsewhere) + "a=sendonly\r\n"});
    EXPECT_EQ(c.did<join_caller>()->caller_sdp, a_call::sdp_from_elsewhere)
        << "his music comes from there, and he will speak again";
    c.takes(caller_changed{"v=0\r\nc=IN IP4 0.0.0.0\r\nm=audio 4000 RTP/AVP 8 101\r\n"});
    EXPECT_THAT(c.last().effects, IsEmpty()) << "nobody can be sent anything there";
    c.takes(caller_changed{std::string(a_call::sdp_from_elsewhere)});
    EXPECT_THAT(c.last().effects, IsEmpty());
}

TEST(HotlineCall, WhoGoesElsewhereWhileSomebodyRingsIsThereForWhoAnswers) {
    a_call c;
    c.waiting().ringing("op1");
    c.takes(caller_changed{std::string(a_call::sdp_from_elsewhere)});
    c.takes(hotline::leg_answered{{"op1"}, "leg's sdp"});
    c.takes(leg_connected{{"op1"}, "new"});
    ASSERT_TRUE(c.did<join_caller>());
    EXPECT_EQ(c.did<join_caller>()->session, 1U);
    EXPECT_EQ(c.did<join_caller>()->caller_sdp, a_call::sdp_from_elsewhere);
    EXPECT_EQ(c.did<move_caller>()->sdp, "new");
}

// ---- what a leg says of itself ----

TEST(HotlineCall, ALegThatIsElsewhereIsHeardThereAndTheCallerIsToldNothing) {
    a_call c;
    c.waiting().talking("op1");
    c.takes(leg_changed{{"op1"}, std::string(a_call::sdp_from_elsewhere) + "a=sendonly\r\n"});
    auto const joining = c.did<join_caller>();
    ASSERT_TRUE(joining);
    EXPECT_EQ(joining->session, 1U);
    EXPECT_EQ(joining->caller_sdp, "caller's sdp");
    EXPECT_EQ(joining->leg_sdp, a_call::sdp_from_elsewhere) << "it comes back, and then speaks";
    EXPECT_EQ(c.last().effects.size(), 1U);
    c.takes(leg_changed{{"op1"}, std::string(a_call::sdp_from_elsewhere)});
    EXPECT_THAT(c.last().effects, IsEmpty()) << "a refresh of what we know";
    c.takes(caller_changed{std::string(a_call::sdp_of_him)});
    EXPECT_EQ(c.did<join_caller>()->leg_sdp, a_call::sdp_from_elsewhere) << "and later as well";
}

TEST(HotlineCall, ALegThatChangesBeforeTheCallerHasComeIsFoundThere) {
    a_call c;
    c.waiting().ringing("op1");
    c.takes(leg_changed{{"op1"}, std::string(a_call::sdp_from_elsewhere)});
    EXPECT_THAT(c.last().effects, IsEmpty()) << "it hasn't answered";
    c.takes(hotline::leg_answered{{"op1"}, "leg's sdp"});
    c.takes(leg_changed{{"op1"}, std::string(a_call::sdp_from_elsewhere)});
    EXPECT_EQ(c.did<join_caller>()->session, 1U);
    c.takes(leg_connected{{"op1"}, "new"});
    c.takes(caller_moved{});
    EXPECT_TRUE(c.told<told_bridged>());
    c.takes(leg_changed{{"gone"}, std::string(a_call::sdp_of_him)});
    EXPECT_THAT(c.last().effects, IsEmpty());
}

TEST(HotlineCall, OfABrowserAndOfALegBySrtpNothingIsLearned) {
    a_call c;
    c.waiting();
    c.takes(
        ring{.leg = {"op1"}, .address = "sip:op1@desk", .timeout = seconds(30), .webrtc = true});
    c.takes(leg_offered{{"op1"}, "sdp"});
    c.takes(hotline::leg_answered{{"op1"}, "browser's sdp"});
    c.takes(leg_changed{{"op1"}, std::string(a_call::sdp_from_elsewhere)});
    EXPECT_THAT(c.last().effects, IsEmpty()) << "ICE says where it is";
    a_call secret(always_by_srtp());
    secret.waiting().ringing("op1");
    secret.takes(hotline::leg_answered{{"op1"}, std::string(a_call::sdp_by_srtp)});
    for (auto const sdp : {a_call::sdp_from_elsewhere, a_call::sdp_by_srtp}) {
        secret.takes(leg_changed{{"op1"}, std::string(sdp)});
        EXPECT_THAT(secret.last().effects, IsEmpty());
    }
}

// ---- SRTP ----

TEST(HotlineCall, WhoAnswersInClearWhereSrtpIsAlwaysSpokenIsNotConnected) {
    a_call c(always_by_srtp());
    c.waiting().ringing("op1").ringing("op2");
    c.takes(hotline::leg_answered{{"op1"}, std::string(a_call::sdp_of_him)});
    ASSERT_EQ(c.leg_gone("op1"), leg_end::no_media);
    EXPECT_EQ(c.did<end_leg>()->leg.value, "op1");
    EXPECT_FALSE(c.leg_gone("op2")) << "the next may still answer";
    c.takes(hotline::leg_answered{{"op2"}, std::string(a_call::sdp_by_srtp)});
    EXPECT_EQ(c.did<connect_leg>()->leg_sdp, a_call::sdp_by_srtp);
}

TEST(HotlineCall, ABrowserHasASecrecyOfItsOwn) {
    a_call c(always_by_srtp());
    c.waiting();
    c.takes(
        ring{.leg = {"op1"}, .address = "sip:op1@desk", .timeout = seconds(30), .webrtc = true});
    c.takes(leg_offered{{"op1"}, "sdp"});
    c.takes(hotline::leg_answered{{"op1"}, "browser's sdp"});
    EXPECT_TRUE(c.did<connect_leg>());
}

TEST(HotlineCall, NobodyTalksHimOutOfHisSecrecy) {
    a_call c;
    c.waiting();
    c.takes(caller_changed{std::string(a_call::sdp_by_srtp)});
    c.takes(caller_changed{std::string(a_call::sdp_of_him)});
    EXPECT_FALSE(c.did<join_caller>());
    EXPECT_EQ(c.is().from.sdp, a_call::sdp_by_srtp);
}

TEST(HotlineCall, OfSeveralWhoRingTheFirstHasTheCaller) {
    a_call c;
    c.waiting().ringing("op1").ringing("op2");
    c.takes(hotline::leg_answered{{"op2"}, "sdp"});
    EXPECT_EQ(c.leg_gone("op1"), leg_end::answered_elsewhere);
    EXPECT_EQ(c.did<end_leg>()->leg.value, "op1");
    c.takes(hotline::leg_answered{{"op1"}, "sdp"}); // crossed with our CANCEL
    EXPECT_FALSE(c.did<connect_leg>());
}

TEST(HotlineCall, WhoDoesNotAnswerInTimeIsWithdrawn) {
    a_call c;
    c.waiting().ringing("op1", seconds(15));
    c.passes(seconds(15));
    EXPECT_EQ(c.leg_gone("op1"), leg_end::not_answered);
    EXPECT_EQ(c.did<end_leg>()->leg.value, "op1");
    EXPECT_THAT(c.closed(), ElementsAre(1U));
    EXPECT_EQ(c.is().is, call_state::waiting);
}

TEST(HotlineCall, ARefusalIsToldWithItsCode) {
    a_call c;
    c.waiting().ringing("op1");
    c.takes(leg_refused{{"op1"}, 486});
    EXPECT_EQ(c.told<told_leg_gone>()->sip_code, 486);
    EXPECT_FALSE(c.did<end_leg>());
    EXPECT_THAT(c.closed(), ElementsAre(1U));
}

TEST(HotlineCall, NoPortForALegEndsTheRingAndNotTheCall) {
    a_call c;
    c.waiting();
    c.takes(ring{.leg = {"op1"}, .address = "sip:op1@desk", .timeout = seconds(30)});
    c.takes(media_refused{1});
    EXPECT_EQ(c.leg_gone("op1"), leg_end::no_media);
    EXPECT_EQ(c.is().is, call_state::waiting);
}

TEST(HotlineCall, TooManyLegsAreRefused) {
    terms by;
    by.most_legs = 2;
    a_call c(by);
    c.waiting().ringing("op1").ringing("op2");
    c.takes(ring{.leg = {"op3"}, .address = "sip:op3@desk", .timeout = seconds(30)});
    EXPECT_EQ(c.last().refused, refusal::too_many_legs);
}

TEST(HotlineCall, ACallerWhoCanNotMoveKeepsWaiting) {
    a_call c;
    c.waiting().ringing("op1");
    c.takes(hotline::leg_answered{{"op1"}, "sdp"});
    c.takes(leg_connected{{"op1"}, "new"});
    c.takes(caller_stayed{488});
    EXPECT_EQ(c.told<told_leg_gone>()->sip_code, 488);
    EXPECT_EQ(c.did<end_leg>()->leg.value, "op1");
    EXPECT_EQ(c.is().is, call_state::waiting);
    EXPECT_THAT(c.closed(), ElementsAre(1U)) << "and his own session stays";
}

TEST(HotlineCall, WhoAskedUsForSomethingAtThatMomentIsAskedOnceMore) {
    constexpr int request_pending = 491;
    a_call c;
    c.waiting().ringing("op1");
    c.takes(hotline::leg_answered{{"op1"}, "sdp"});
    c.takes(leg_connected{{"op1"}, "new"});
    c.takes(caller_stayed{request_pending});
    EXPECT_FALSE(c.leg_gone("op1"));
    EXPECT_FALSE(c.did<move_caller>()) << "not at once: he would do the same";
    c.takes(caller_changed{std::string(a_call::sdp_from_elsewhere)});
    std::vector<session_number> told_where;
    for (auto const& each : c.last().effects)
        if (auto const* const to = std::get_if<join_caller>(&each))
            told_where.push_back(to->session);
    EXPECT_THAT(told_where, ElementsAre(0U, 1U)) << "where he is now, and where he will be";
    c.passes(seconds(1));
    ASSERT_TRUE(c.did<move_caller>());
    EXPECT_EQ(c.did<move_caller>()->sdp, "new");
    c.takes(caller_stayed{request_pending});
    EXPECT_EQ(c.leg_gone("op1"), leg_end::refused);
    c.talking("op2");
    EXPECT_EQ(c.is().is, call_state::talking);
}

TEST(HotlineCall, WhoHangsUpBeforeHeIsAskedOnceMoreIsNobodysToMoveTo) {
    a_call c;
    c.waiting().ringing("op1");
    c.takes(hotline::leg_answered{{"op1"}, "sdp"});
    c.takes(leg_connected{{"op1"}, "new"});
    c.takes(caller_stayed{491});
    c.takes(leg_left{{"op1"}, true});
    EXPECT_THAT(c.closed(), ElementsAre(1U));
    c.passes(seconds(5));
    EXPECT_FALSE(c.did<move_caller>());
    EXPECT_EQ(c.is().is, call_state::waiting);
    c.talking("op2");
    EXPECT_EQ(c.is().is, call_state::talking);
}

TEST(HotlineCall, WhoHangsUpWhileTheCallerMovesLeavesHimWithMusic) {
    a_call c;
    c.waiting().ringing("op1");
    c.takes(hotline::leg_answered{{"op1"}, "sdp"});
    c.takes(leg_connected{{"op1"}, "new"});
    c.takes(leg_left{{"op1"}, true});
    EXPECT_THAT(c.closed(), IsEmpty()) << "the caller is about to send there";
    c.takes(caller_moved{});
    EXPECT_EQ(c.is().is, call_state::waiting);
    EXPECT_EQ(c.did<start_sound>()->session, 1U);
    EXPECT_THAT(c.closed(), ElementsAre(0U));
}

// ---- talking ----

TEST(HotlineCall, WhenTheOperatorHangsUpItIsOver) {
    a_call c;
    c.waiting().talking("op1");
    c.takes(leg_left{{"op1"}, true});
    EXPECT_TRUE(c.did<end_caller>());
    EXPECT_FALSE(c.did<end_leg>());
    EXPECT_EQ(c.told<told_ended>()->by, ended_by::leg);
    EXPECT_EQ(c.did<close_session>()->leg.value, "op1") << "what was counted is his";
}

TEST(HotlineCall, WhenTheOperatorIsLostTheCallerStaysWithMusic) {
    a_call c;
    c.waiting().talking("op1");
    c.takes(leg_left{{"op1"}, false});
    EXPECT_EQ(c.leg_gone("op1"), leg_end::lost);
    EXPECT_EQ(c.is().is, call_state::waiting);
    EXPECT_EQ(c.did<start_sound>()->what.value, "music");
    c.talking("op2");
    EXPECT_EQ(c.is().is, call_state::talking);
}

// In a talk with a browser, whose last packet has come just now.
void talks_with_a_browser(a_call& c) {
    c.waiting();
    c.takes(
        ring{.leg = {"op1"}, .address = "sip:op1@desk", .timeout = seconds(30), .webrtc = true});
    c.takes(leg_offered{{"op1"}, "sdp"});
    c.takes(hotline::leg_answered{{"op1"}, "leg's sdp"});
    c.takes(leg_connected{{"op1"}, "moved"});
    c.takes(caller_moved{});
    c.takes(media_heard{1, 500});
}

TEST(HotlineCall, ABrowserThatIsDeadIsLostAndTheCallerStaysWithMusic) {
    a_call c;
    talks_with_a_browser(c);
    c.passes(seconds(10));
    c.takes(media_heard{1, 1000});
    c.passes(seconds(19));
    c.takes(media_heard{1, 1000});
    EXPECT_EQ(c.is().is, call_state::talking) << "it may only be between two networks";
    c.passes(seconds(1));
    c.takes(media_heard{1, 1000});
    EXPECT_EQ(c.leg_gone("op1"), leg_end::lost);
    EXPECT_EQ(c.did<end_leg>()->leg.value, "op1");
    EXPECT_EQ(c.did<start_sound>()->what.value, "music");
    EXPECT_EQ(c.is().is, call_state::waiting);
}

TEST(HotlineCall, AHeldCallerWhoseOperatorsMachineIsGoneIsTheNextWithinAMinute) {
    a_call c;
    talks_with_a_browser(c);
    c.takes(hold{});
    std::uint64_t packets = 500;
    for (int i = 0; i < 30; ++i) { // she fetches something
        c.passes(seconds(10));
        c.takes(media_heard{1, packets += 500});
    }
    EXPECT_EQ(c.is().is, call_state::talking);
    for (int i = 0; i < 2; ++i) {
        c.passes(seconds(10));
        c.takes(media_heard{1, packets});
    }
    EXPECT_EQ(c.leg_gone("op1"), leg_end::lost);
    EXPECT_EQ(c.is().is, call_state::waiting);
    EXPECT_FALSE(c.is().held);
    EXPECT_EQ(c.did<start_sound>()->what.value, "music");
}

TEST(HotlineCall, WhoHasAPlainTelephoneMayBeSilent) {
    a_call plain;
    plain.waiting().talking("op1");
    plain.takes(media_heard{1, 500});
    plain.passes(seconds(60));
    plain.takes(media_heard{1, 500});
    EXPECT_EQ(plain.is().is, call_state::talking);
}

TEST(HotlineCall, HoldAndResume) {
    a_call c;
    c.waiting().talking("op1");
    c.takes(hold{});
    EXPECT_TRUE(c.did<silence_talk>()->on);
    EXPECT_EQ(c.did<start_sound>()->what.value, "music");
    EXPECT_TRUE(c.told<told_held>());
    c.takes(hold{});
    EXPECT_THAT(c.last().effects, IsEmpty());
    c.takes(resume{});
    EXPECT_FALSE(c.did<silence_talk>()->on);
    EXPECT_TRUE(c.did<stop_sound>());
    EXPECT_TRUE(c.told<told_resumed>());
}

TEST(HotlineCall, ATransferTalksOnUntilTheNewLegAnswers) {
    a_call c;
    c.waiting().talking("op1").ringing("op2");
    EXPECT_EQ(c.is().is, call_state::talking);
    c.takes(hotline::leg_answered{{"op2"}, "sdp"});
    EXPECT_FALSE(c.leg_gone("op1"));
    c.takes(leg_connected{{"op2"}, "new"});
    c.takes(caller_moved{});
    EXPECT_EQ(c.leg_gone("op1"), leg_end::transferred);
    EXPECT_EQ(c.told<told_bridged>()->leg.value, "op2");
    EXPECT_EQ(c.is().session, 2U);
}

TEST(HotlineCall, AParkedCallerWaits) {
    a_call c;
    c.waiting().talking("op1");
    c.takes(park{});
    EXPECT_EQ(c.did<end_leg>()->leg.value, "op1");
    EXPECT_EQ(c.is().is, call_state::waiting);
}

TEST(HotlineCall, MediaThatIsGoneEndsTheCall) {
    a_call c;
    c.waiting().talking("op1");
    c.takes(media_lost{1});
    EXPECT_EQ(c.told<told_ended>()->why, call_end::media_lost);
    EXPECT_TRUE(c.did<end_caller>());
    EXPECT_TRUE(c.did<end_leg>());
}

TEST(HotlineCall, DigitsAreCollectedUntilTheLastOrTheEndOrTheTime) {
    a_call c;
    c.waiting();
    c.takes(collect_digits{2, '#', seconds(5)});
    c.takes(digit_pressed{std::nullopt, '1'});
    EXPECT_TRUE(c.told<told_digit>());
    c.takes(digit_pressed{std::nullopt, '2'});
    EXPECT_EQ(c.told<told_digits>()->digits, "12");
    c.takes(collect_digits{9, '#', seconds(5)});
    c.takes(digit_pressed{std::nullopt, '7'});
    c.takes(digit_pressed{std::nullopt, '#'});
    EXPECT_EQ(c.told<told_digits>()->digits, "7");
    c.takes(collect_digits{9, '#', seconds(5)});
    c.passes(seconds(5));
    EXPECT_FALSE(c.told<told_digits>()->in_time);
}

TEST(HotlineCall, AKeyIsHisWhereHeIsOrIsAboutToBe) {
    a_call c;
    c.waiting().ringing("op1");
    c.takes(digit_pressed{std::nullopt, '1', 0});
    EXPECT_TRUE(c.told<told_digit>());
    c.takes(hotline::leg_answered{{"op1"}, "leg's sdp"});
    c.takes(leg_connected{{"op1"}, "new"});
    c.takes(digit_pressed{std::nullopt, '2', 1});
    EXPECT_TRUE(c.told<told_digit>()) << "he is quicker than his telephone's word";
    c.takes(caller_moved{});
    c.takes(digit_pressed{std::nullopt, '3', 0});
    EXPECT_FALSE(c.told<told_digit>());
}

// ---- without the dispatch server ----

TEST(HotlineCall, WithoutAServerTheDutyTelephonesRingOneAfterTheOther) {
    a_call c(with_duty(), false);
    c.waiting();
    c.passes(seconds(9));
    EXPECT_FALSE(c.did<offer_leg>());
    c.passes(seconds(1));
    EXPECT_TRUE(c.did<offer_leg>());
    c.takes(leg_offered{{"+duty-1"}, "sdp"});
    EXPECT_EQ(c.did<invite_leg>()->address, "sip:duty1@trunk");
    c.passes(seconds(20));
    EXPECT_EQ(c.leg_gone("+duty-1"), leg_end::not_answered);
    c.passes(seconds(2));
    c.takes(leg_offered{{"+duty-2"}, "sdp"});
    EXPECT_EQ(c.did<invite_leg>()->address, "sip:duty2@trunk");
    c.takes(leg_refused{{"+duty-2"}, 480});
    c.passes(seconds(2));
    c.takes(leg_offered{{"+duty-3"}, "sdp"});
    EXPECT_EQ(c.did<invite_leg>()->address, "sip:duty1@trunk")
        << "and again, until somebody is there";
}

TEST(HotlineCall, TheServerMayHaveTheDutyTelephonesRungUntilItHasSomebodyBetter) {
    a_call c(with_duty());
    c.waiting();
    c.passes(seconds(20));
    EXPECT_FALSE(c.did<offer_leg>()) << "nobody has asked for it";
    c.takes(ring_duty{true});
    c.passes(seconds(0));
    EXPECT_TRUE(c.did<offer_leg>());
    c.takes(leg_offered{{"+duty-1"}, "sdp"});
    c.takes(ring_duty{false});
    EXPECT_EQ(c.leg_gone("+duty-1"), leg_end::withdrawn);
    c.passes(seconds(20));
    EXPECT_FALSE(c.did<offer_leg>());
}

TEST(HotlineCall, WithNobodyAtADeskTheDutyTelephoneRingsAsSoonAsHeIsAnswered) {
    a_call c(with_duty());
    c.takes(session_opened{"sdp for the caller"});
    c.takes(ring_duty{true});
    c.passes(milliseconds(100));
    EXPECT_FALSE(c.did<offer_leg>()) << "he isn't there yet";
    c.takes(caller_confirmed{});
    c.passes(seconds(2));
    EXPECT_TRUE(c.did<offer_leg>());
}

TEST(HotlineCall, ATalkGoesOnWhenTheServerGoes) {
    a_call c(with_duty());
    c.waiting().talking("op1");
    c.takes(server_lost{});
    c.passes(seconds(600));
    EXPECT_EQ(c.is().is, call_state::talking);
    EXPECT_THAT(c.last().effects, IsEmpty());
    c.takes(leg_left{{"op1"}, false});
    c.passes(seconds(10));
    EXPECT_TRUE(c.did<offer_leg>()) << "who has lost his operator then gets the duty telephone";
}

TEST(HotlineCall, TheDutyTelephonesRingBesideADeskOneAtATime) {
    a_call c(with_duty());
    c.waiting().ringing("op1");
    c.takes(ring_duty{true});
    c.passes(seconds(0));
    ASSERT_TRUE(c.did<offer_leg>());
    c.takes(leg_offered{{"+duty-1"}, "sdp"});
    c.passes(seconds(10));
    EXPECT_FALSE(c.did<offer_leg>());
    c.takes(hotline::leg_answered{{"op1"}, "leg's sdp"});
    EXPECT_EQ(c.leg_gone("+duty-1"), leg_end::answered_elsewhere);
    c.passes(seconds(10));
    EXPECT_FALSE(c.did<offer_leg>()) << "she has answered";
}

TEST(HotlineCall, AServerThatIsBackInTimeRingsItsOwn) {
    a_call c(with_duty());
    c.waiting();
    c.takes(server_lost{});
    c.passes(seconds(9));
    c.takes(server_back{});
    c.passes(seconds(60));
    EXPECT_FALSE(c.did<offer_leg>());
}

TEST(HotlineCall, AServerThatComesAndGoesEverySecondLetsTheDutyTelephoneRing) {
    a_call c(with_duty());
    c.waiting();
    auto const began = c.now();
    auto const rings_within = [&c](seconds limit) {
        for (auto const until = c.now() + limit; c.now() < until;) {
            c.takes(server_lost{});
            c.passes(milliseconds(500));
            if (c.did<offer_leg>()) return true;
            c.takes(server_back{});
            c.passes(milliseconds(500));
            if (c.did<offer_leg>()) return true;
        }
        return false;
    };
    ASSERT_TRUE(rings_within(seconds(60)));
    EXPECT_LE(c.now() - began, seconds(11));
    c.takes(leg_offered{{"+duty-1"}, "sdp"});
    c.takes(server_back{});
    c.takes(leg_refused{{"+duty-1"}, 480});
    EXPECT_TRUE(rings_within(seconds(3))) << "and the next one, as without a server";
}

TEST(HotlineCall, AServerThatRingsForHimIsBelievedAtOnce) {
    a_call c(with_duty());
    c.waiting();
    c.takes(server_lost{});
    c.passes(seconds(9));
    c.takes(server_back{});
    c.ringing("op1", seconds(5));
    c.passes(seconds(30));
    EXPECT_EQ(c.leg_gone("op1"), leg_end::not_answered);
    EXPECT_FALSE(c.did<offer_leg>());
    c.takes(server_lost{});
    c.passes(seconds(9));
    EXPECT_FALSE(c.did<offer_leg>());
    c.passes(seconds(1));
    EXPECT_TRUE(c.did<offer_leg>());
}

} // namespace
} // namespace linli::tests
