#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <random>
#include <set>
#include <utility>

#include "hotline/a_call.hpp"

namespace linli::tests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

terms with_duty() {
    terms by;
    by.duty = {{"sip:duty1@trunk", seconds(20)}, {"sip:duty2@trunk", seconds(20)}};
    return by;
}

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

// ---- SRTP ----

terms always_by_srtp() {
    terms by;
    by.srtp = srtp::always;
    return by;
}

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

// ---- a call that we begin: the house speaks ----

originate to_speak() {
    speak said;
    said.sounds = {{"this_is_the_house"}, {"n1"}};
    said.times = 2;
    said.pause = seconds(4);
    said.accepts = "1";
    said.thanks = sound{"thanks"};
    return {.reference = "r1", .to = "sip:13900000001@trunk", .timeout = seconds(30), .then = said};
}

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

originate to_ask() {
    auto what = to_speak();
    std::get<speak>(what.then).accepts = "12";
    std::get<speak>(what.then).answer_within = seconds(5);
    return what;
}

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

originate to_talk() {
    ring const seat{.leg = {"op1"}, .address = "sip:op1@desk", .timeout = seconds(20)};
    return {.reference = "r1", .to = "sip:13900000001@trunk", .timeout = seconds(40), .then = seat};
}

a_call& seat_answers(a_call& c) {
    c.takes(leg_offered{{"op1"}, "sdp for the leg"});
    c.takes(hotline::leg_answered{{"op1"}, "leg's sdp"});
    c.takes(leg_connected{{"op1"}, "sdp for him"});
    return c;
}

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

// ---- what is recorded, and that he has heard that it is ----

terms with_consent() {
    auto by = with_duty();
    by.consent = sound{"consent"};
    return by;
}

// He has heard it to its end.
a_call& heard_it(a_call& c) {
    c.waiting();
    c.takes(playing{0, seconds(3)});
    c.passes(seconds(3));
    return c;
}

TEST(Recording, FirstHeIsToldAndThenGreeted) {
    a_call c(with_consent());
    c.takes(session_opened{"sdp for the caller"});
    c.takes(caller_confirmed{});
    EXPECT_EQ(c.did<start_sound>()->what.value, "consent");
    c.takes(playing{0, seconds(3)});
    c.passes(milliseconds(2999));
    EXPECT_FALSE(c.did<start_sound>());
    c.passes(milliseconds(1));
    EXPECT_EQ(c.did<start_sound>()->what.value, "greeting");
    EXPECT_FALSE(c.did<switch_recording>()) << "there is nobody yet";
}

TEST(Recording, WhoHasHeardItIsRecordedInEachTalk) {
    a_call c(with_consent());
    heard_it(c).talking("op1");
    EXPECT_TRUE(c.did<switch_recording>()->on);
    EXPECT_EQ(c.did<switch_recording>()->session, 1U);
    c.ringing("op2");
    c.takes(hotline::leg_answered{{"op2"}, "sdp"});
    c.takes(leg_connected{{"op2"}, "sdp"});
    EXPECT_FALSE(c.did<switch_recording>()) << "the old one goes with its session";
    c.takes(caller_moved{});
    EXPECT_TRUE(c.did<switch_recording>()->on);
    EXPECT_EQ(c.did<switch_recording>()->session, 2U);
}

TEST(Recording, WhoeverAnswersBeforeItsEndWaitsForItAndNoLonger) {
    a_call c(with_consent());
    c.waiting();
    c.takes(playing{0, seconds(3)});
    c.ringing("op1");
    c.takes(hotline::leg_answered{{"op1"}, "sdp"});
    c.takes(leg_connected{{"op1"}, "sdp for the caller, moved"});
    EXPECT_FALSE(c.did<move_caller>());
    c.passes(milliseconds(2999));
    EXPECT_FALSE(c.did<move_caller>());
    c.passes(milliseconds(1));
    EXPECT_EQ(c.did<move_caller>()->sdp, "sdp for the caller, moved");
    c.takes(caller_moved{});
    EXPECT_TRUE(c.told<told_bridged>());
    EXPECT_TRUE(c.did<switch_recording>()->on);
}

TEST(Recording, WhoeverGoesWhileHeWaitsForItLeavesThePlaceToTheNext) {
    a_call c(with_consent());
    c.waiting();
    c.takes(playing{0, seconds(3)});
    c.ringing("op1");
    c.takes(hotline::leg_answered{{"op1"}, "sdp"});
    c.takes(leg_connected{{"op1"}, "to op1"});
    c.takes(leg_left{{"op1"}, true});
    EXPECT_THAT(c.closed(), ElementsAre(1U));
    c.passes(seconds(3));
    EXPECT_FALSE(c.did<move_caller>());
    c.talking("op2");
    EXPECT_TRUE(c.told<told_bridged>());
    EXPECT_TRUE(c.did<switch_recording>()->on);
}

TEST(Recording, WhatCanNotBeSaidHoldsNobodyAndNothingIsRecorded) {
    a_call c(with_consent());
    c.waiting();
    c.ringing("op1");
    c.takes(hotline::leg_answered{{"op1"}, "sdp"});
    c.takes(leg_connected{{"op1"}, "moved"});
    c.takes(playing{0, milliseconds(1), true});
    EXPECT_EQ(c.did<move_caller>()->sdp, "moved") << "at once";
    c.takes(caller_moved{});
    EXPECT_TRUE(c.told<told_bridged>());
    EXPECT_FALSE(c.did<switch_recording>());
    c.takes(record{true});
    EXPECT_EQ(c.last().refused, refusal::not_now) << "also if the server wants it";
}

TEST(Recording, WhatTakesTooLongIsNotWaitedForAndNothingIsRecorded) {
    a_call c(with_consent());
    c.waiting();
    c.takes(playing{0, seconds(9)});
    c.talking("op1");
    EXPECT_TRUE(c.told<told_bridged>());
    EXPECT_FALSE(c.did<switch_recording>());
}

TEST(Recording, WithoutAWordOfTheMediaNobodyWaitsForEverAndNothingIsRecorded) {
    a_call c(with_consent());
    c.waiting();
    c.ringing("op1");
    c.takes(hotline::leg_answered{{"op1"}, "sdp"});
    c.takes(leg_connected{{"op1"}, "moved"});
    c.passes(seconds(8));
    EXPECT_EQ(c.did<move_caller>()->sdp, "moved");
    c.takes(caller_moved{});
    EXPECT_FALSE(c.did<switch_recording>());
}

TEST(Recording, WhileHeIsHeldNothingIsRecorded) {
    a_call c(with_consent());
    heard_it(c).talking("op1");
    c.takes(hold{});
    EXPECT_FALSE(c.did<switch_recording>()->on);
    c.takes(resume{});
    EXPECT_TRUE(c.did<switch_recording>()->on);
}

TEST(Recording, NeitherIsItWhileHeWaitsAgain) {
    a_call c(with_consent());
    heard_it(c).talking("op1");
    c.takes(park{});
    EXPECT_FALSE(c.did<switch_recording>()->on);
    EXPECT_EQ(c.did<start_sound>()->what.value, "music");
    c.talking("op2");
    EXPECT_TRUE(c.did<switch_recording>()->on);
}

TEST(Recording, WhoIsAskedToStopItStopsIt) {
    a_call c(with_consent());
    heard_it(c).talking("op1");
    c.takes(record{false});
    EXPECT_FALSE(c.did<switch_recording>()->on);
    c.takes(hold{});
    c.takes(resume{});
    EXPECT_FALSE(c.did<switch_recording>()) << "it stays as he wants it";
}

TEST(Recording, NobodySpeaksIntoTheAnnouncement) {
    a_call c(with_consent());
    c.waiting();
    c.takes(play{{"place-2"}, false});
    EXPECT_EQ(c.last().refused, refusal::not_now);
    c.takes(playing{0, seconds(3)});
    c.takes(stop_playing{});
    EXPECT_EQ(c.last().refused, refusal::not_now);
}

TEST(Recording, WithoutTheAnnouncementNothingIsRecorded) {
    a_call c;
    c.waiting().talking("op1");
    EXPECT_FALSE(c.did<switch_recording>());
}

TEST(Recording, WhomWeCallHasHeardNothingAndIsNotRecorded) {
    a_call c(to_talk(), true, with_consent());
    c.takes(leg_offered{{"op1"}, "sdp for the leg"});
    c.takes(hotline::leg_answered{{"op1"}, "sdp"});
    c.takes(leg_connected{{"op1"}, "sdp"});
    c.takes(caller_answered{std::string(a_call::sdp_of_him)});
    c.takes(caller_joined{0});
    EXPECT_TRUE(c.told<told_bridged>());
    EXPECT_FALSE(c.did<switch_recording>());
}

// ---- each state against each input ----

// From any state any input, in any order: what was opened is closed once the call has ended, nobody
// is invited without being ended, answered or gone, and the end is told once.
class tally {
public:
    void take(turn const& done) {
        for (auto const& each : done.effects)
            std::visit([this](auto const& what) { on(what); }, each);
    }
    void check_ended() const {
        EXPECT_THAT(open_, IsEmpty());
        EXPECT_THAT(rooms_, IsEmpty());
        EXPECT_THAT(listeners_, IsEmpty());
        EXPECT_THAT(invited_, IsEmpty());
        EXPECT_FALSE(is_called_) << "whom we call is still rung";
        EXPECT_EQ(ends_, 1);
    }
    // Whoever is on the line hears somebody or something, and where he sends to there is.
    void check_running(call const& c) const {
        if (c.is == call_state::ended || c.is < call_state::waiting) return;
        EXPECT_TRUE(c.without_caller || open_.contains(c.session));
        bool const waits = c.is == call_state::waiting && !c.placed;
        // Whoever had him went while he came to the mixer: there he hears the third.
        auto const* const three = c.three ? &*c.three : nullptr;
        bool const hears_third = three && three->is == three_state::moving_out && three->has_mixer;
        EXPECT_TRUE(!waits || c.hears || hears_third) << "in silence";
        if (c.is != call_state::talking) return;
        auto const talks = [](leg const& l) {
            return l.is == leg_state::talking && l.role != leg_role::listens;
        };
        bool const on_his_way = c.moving_to || (c.three && c.three->again_at);
        EXPECT_TRUE(on_his_way || std::ranges::any_of(c.legs, talks)) << "he is alone";
    }
    void leg_went(std::string const& id) { invited_.erase(id); }
    void caller_went() { is_called_ = false; }

private:
    template <class Other>
    void on(Other const&) {}
    void on(open_session const& what) { open_.insert(what.session); }
    void on(offer_caller const& what) { open_.insert(what.session); }
    void on(join_caller const& what) { EXPECT_TRUE(open_.contains(what.session)); }
    void on(call_caller const&) { EXPECT_FALSE(std::exchange(is_called_, true)); }
    void on(end_caller const&) { is_called_ = false; }
    void on(offer_leg const& what) { EXPECT_TRUE(open_.insert(what.session).second); }
    void on(offer_third const& what) {
        EXPECT_TRUE(open_.insert(what.session).second);
        EXPECT_TRUE(rooms_.insert(what.session).second);
    }
    void on(connect_to_room const& what) { EXPECT_TRUE(open_.contains(what.session)); }
    void on(open_mixed const& what) {
        EXPECT_TRUE(open_.insert(what.session).second);
        EXPECT_TRUE(rooms_.contains(what.room));
    }
    void on(join_mixed const& what) {
        EXPECT_TRUE(open_.contains(what.session));
        EXPECT_TRUE(rooms_.contains(what.room));
    }
    void on(mix_leg const& what) {
        EXPECT_TRUE(open_.contains(what.session));
        EXPECT_TRUE(rooms_.contains(what.room));
    }
    void on(mix_talk const& what) { EXPECT_TRUE(rooms_.contains(what.room)); }
    void on(close_room const& what) { EXPECT_EQ(rooms_.erase(what.room), 1U); }
    void on(offer_listener const& what) {
        EXPECT_TRUE(open_.contains(what.talk));
        EXPECT_TRUE(open_.insert(what.session).second);
        EXPECT_TRUE(rooms_.insert(what.session).second);
        listeners_[what.leg.value] = what.talk;
    }
    void on(end_listening const& what) {
        EXPECT_TRUE(open_.contains(what.talk));
        EXPECT_EQ(listeners_.erase(what.leg.value), 1U);
    }
    void on(close_session const& what) {
        EXPECT_EQ(open_.erase(what.session), 1U);
        std::erase_if(listeners_, [&](auto const& each) { return each.second == what.session; });
    }
    void on(start_sound const& what) { EXPECT_TRUE(open_.contains(what.session)); }
    void on(switch_recording const& what) { EXPECT_TRUE(open_.contains(what.session)); }
    void on(invite_leg const& what) { EXPECT_TRUE(invited_.insert(what.leg.value).second); }
    void on(end_leg const& what) { EXPECT_EQ(invited_.erase(what.leg.value), 1U); }
    void on(news const& what) {
        if (std::holds_alternative<told_ended>(what)) ++ends_;
    }

    std::set<session_number> open_, rooms_;
    std::map<std::string, session_number> listeners_;
    std::set<std::string> invited_;
    bool is_called_ = false; // by us
    int ends_ = 0;
};

std::string any_place(std::mt19937& dice) {
    std::array const places{std::string_view(), a_call::sdp_of_him, a_call::sdp_from_elsewhere};
    return std::string(places[dice() % places.size()]);
}

// What a talk of three waits for, that the walks come far enough.
input next_of_three(std::mt19937& dice, call const& c) {
    auto const& t = *c.three;
    auto const third =
        std::ranges::find_if(c.legs, [&](leg const& l) { return l.what.leg == t.third; });
    bool const is_there = third != c.legs.end();
    switch (t.is) {
    case three_state::asking:
        if (is_there && third->is == leg_state::offering) return leg_offered{t.third, "sdp"};
        if (is_there && third->is == leg_state::ringing)
            return hotline::leg_answered{t.third, "sdp"};
        return leg_connected{t.third, "sdp"};
    case three_state::opening:
        return mixed_opened{t.callers, "sdp"};
    case three_state::aside:
        return dice() % 2 == 0 ? input(join_third{}) : input(leg_left{t.first, dice() % 2 == 0});
    case three_state::joined:
        if (dice() % 3 == 0) return caller_left{};
        return dice() % 2 == 0 ? input(leave{}) : input(leg_left{t.third, true});
    case three_state::moving_in:
    case three_state::moving_out:
        break;
    }
    return dice() % 4 == 0 ? input(caller_stayed{491}) : input(caller_moved{any_place(dice)});
}

input any_of_three(std::mt19937& dice, call const& c) {
    leg_id const leg{"op" + std::to_string(dice() % 4)};
    ring const whom{.leg = leg, .address = "sip:a@b", .timeout = seconds(30)};
    bool const may_come = c.is == call_state::talking && !c.three && dice() % 2 == 0;
    switch (may_come ? 0 : dice() % 8) {
    case 0:
        return add_third{whom, dice() % 3 == 0};
    case 1:
        return join_third{};
    case 2:
        return leave{};
    case 3:
        return mixer_lost{c.three ? c.three->room : 0};
    case 4:
        return listen{whom};
    case 5:
        return mixed_opened{c.three ? c.three->callers : 0, "sdp"};
    case 6:
        return caller_changed{any_place(dice)};
    default:
        return caller_moved{any_place(dice)};
    }
}

input any_input(std::mt19937& dice, call const& c) {
    if (c.three && dice() % 3 != 0) return next_of_three(dice, c);
    if (dice() % 4 == 0) return any_of_three(dice, c);
    auto const roll = [&](int sides) {
        return static_cast<int>(dice() % static_cast<unsigned>(sides));
    };
    leg_id const leg{"op" + std::to_string(roll(4))};
    auto const session = static_cast<session_number>(roll(static_cast<int>(c.sessions) + 1));
    switch (roll(30)) {
    case 0:
        return caller_confirmed{};
    case 1:
        return caller_moved{any_place(dice)};
    case 2:
        return caller_stayed{488};
    case 3:
        return roll(6) == 0 ? input(caller_left{}) : input(caller_moved{});
    case 4:
        return leg_rang{leg};
    case 5:
        return hotline::leg_answered{leg, "sdp"};
    case 6:
        return leg_refused{leg, 486};
    case 7:
        return leg_left{leg, roll(2) == 0};
    case 8:
        return session_opened{"sdp"};
    case 9:
    case 10:
        return leg_offered{leg, "sdp"};
    case 11:
    case 12:
        return leg_connected{leg, "sdp"};
    case 13:
        return roll(4) == 0 ? input(media_refused{session}) : input(leg_rang{leg});
    case 14:
        return roll(6) == 0 ? input(media_lost{session}) : input(playing{session, seconds(3)});
    case 15:
        return withdraw{leg};
    case 16:
        return park{};
    case 17:
        return hold{};
    case 18:
        return resume{};
    case 19:
        return server_lost{};
    case 20:
        return server_back{};
    case 21:
        return time_passed{};
    case 22:
        return caller_rang{};
    case 23:
        return caller_answered{std::string(a_call::sdp_of_him)};
    case 24:
        return caller_joined{session};
    case 25:
        return roll(4) == 0 ? input(caller_refused{486}) : input(caller_joined{0});
    case 26:
        return digit_pressed{std::nullopt, "127#"[roll(4)]};
    case 27:
        return say{{{"a1"}, {"a2"}}};
    default:
        return ring{.leg = leg, .address = "sip:a@b", .timeout = seconds(30)};
    }
}

bool caller_ends_it(input const& what, call const& c) {
    if (std::holds_alternative<caller_left>(what)) return true;
    return std::holds_alternative<caller_refused>(what) && c.is == call_state::calling;
}

// An INVITE that has ended by itself is nobody's to end.
bool ends_by_itself(input const& what, call const& c) {
    auto const* const left = std::get_if<leg_left>(&what);
    auto const* const refused = std::get_if<leg_refused>(&what);
    auto const id = left ? left->leg : refused ? refused->leg : leg_id();
    auto const at = std::ranges::find_if(c.legs, [&](leg const& l) { return l.what.leg == id; });
    if (at == c.legs.end()) return false;
    return left ? at->is >= leg_state::ringing : at->is == leg_state::ringing;
}

TEST(HotlineCall, WhateverHappensNothingIsLeftBehind) {
    std::set<three_state> reached;
    bool was_without_caller = false;
    for (unsigned seed = 1; seed <= 9000; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937 dice(seed);
        terms const by = seed % 2 == 0 ? with_duty() : with_consent();
        instant now{};
        call c;
        tally sum;
        auto const spoken = seed % 2 == 0 ? to_speak() : to_ask();
        if (seed % 3 == 0)
            sum.take(begin(c, {{"c1"}, "1", "2", "t", "sdp"}, true, by, now));
        else
            sum.take(place(c, {"c1"}, seed % 3 == 1 ? spoken : to_talk(), true, by, now));
        for (int step = 0; step < 200 && c.is != call_state::ended; ++step) {
            now += milliseconds(dice() % 5000);
            auto const what = any_input(dice, c);
            auto const* const left = std::get_if<leg_left>(&what);
            auto const* const refused = std::get_if<leg_refused>(&what);
            if (ends_by_itself(what, c)) sum.leg_went(left ? left->leg.value : refused->leg.value);
            if (caller_ends_it(what, c)) sum.caller_went();
            auto done = take(c, what, by, now);
            // Nobody is recorded who hasn't heard that he is.
            for (auto const& each : done.effects) {
                auto const* const to = std::get_if<switch_recording>(&each);
                EXPECT_TRUE(!to || !to->on || c.consent == consent_state::heard);
            }
            sum.take(std::move(done));
            sum.check_running(c);
            if (c.three) reached.insert(c.three->is);
            was_without_caller |= c.without_caller;
        }
        if (c.is != call_state::ended) sum.take(take(c, engine_stops{}, by, now));
        sum.check_ended();
        EXPECT_THAT(take(c, caller_left{}, by, now).effects, IsEmpty());
        if (HasFailure()) return;
    }
    EXPECT_EQ(reached.size(), 6U);
    EXPECT_TRUE(was_without_caller);
}

} // namespace
} // namespace linli::tests
