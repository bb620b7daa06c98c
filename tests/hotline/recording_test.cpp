// What is recorded, and that he has heard that it is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hotline/a_call.hpp"

namespace linli::tests {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

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

// ---- whom we have called, where an installation wants it ----

terms with_placed_calls() {
    auto by = with_consent();
    by.records_placed = true;
    return by;
}

// He has answered; she for whom he was called is there.
class a_placed_talk : public a_call {
public:
    a_placed_talk() : a_call(to_talk(), true, with_placed_calls()) {
        seat_answers(*this);
        takes(caller_answered{std::string(sdp_of_him)});
        takes(caller_joined{0});
    }
    a_placed_talk& heard() {
        takes(playing{0, seconds(3)});
        passes(seconds(3));
        return *this;
    }
};

TEST(Recording, WhomWeCallHearsItBeforeTheyHearEachOther) {
    a_placed_talk c;
    EXPECT_TRUE(c.told<told_bridged>());
    EXPECT_TRUE(c.did<silence_talk>()->on);
    std::vector<side> heard_by;
    for (auto const& each : c.last().effects)
        if (auto const* const begun = std::get_if<start_sound>(&each)) {
            EXPECT_EQ(begun->what.value, "consent");
            heard_by.push_back(begun->to);
        }
    EXPECT_THAT(heard_by, UnorderedElementsAre(side::caller, side::leg));
    c.takes(playing{0, seconds(3)});
    c.takes(playing{0, seconds(3), false, side::leg});
    c.passes(milliseconds(2999));
    EXPECT_FALSE(c.did<switch_recording>());
    c.passes(milliseconds(1));
    EXPECT_FALSE(c.did<silence_talk>()->on);
    EXPECT_TRUE(c.did<switch_recording>()->on);
    EXPECT_FALSE(c.did<start_sound>()) << "no music";
    EXPECT_EQ(due(c.is()), c.is().ends_at);
}

TEST(Recording, WhomWeCallIsSpokenToAtOnceAndNotRecordedIfItCanNotBeSaid) {
    struct {
        char const* is;
        playing said;
    } const table[] = {
        {"no such file", {0, milliseconds(1), true}},
        {"too long to wait for", {0, seconds(9)}},
    };
    for (auto const& [is, said] : table) {
        SCOPED_TRACE(is);
        a_placed_talk c;
        c.takes(said);
        EXPECT_FALSE(c.did<silence_talk>()->on);
        EXPECT_FALSE(c.did<switch_recording>());
        c.takes(record{true});
        EXPECT_EQ(c.last().refused, refusal::not_now);
    }
    a_placed_talk unheard;
    unheard.passes(seconds(8)); // without a word of the media
    EXPECT_FALSE(unheard.did<silence_talk>()->on);
    EXPECT_FALSE(unheard.did<switch_recording>());
}

TEST(Recording, ThatSheCanNotHearItIsNoReasonToRecordHimUnheard) {
    a_placed_talk c;
    c.takes(playing{0, seconds(3)});
    c.takes(playing{0, milliseconds(1), true, side::leg});
    c.passes(milliseconds(1));
    EXPECT_FALSE(c.did<switch_recording>());
    c.passes(seconds(3));
    EXPECT_TRUE(c.did<switch_recording>()->on);
}

TEST(Recording, WhileWhomWeCallHearsItNobodyPutsHimOnHoldOrBringsAThirdIn) {
    a_placed_talk c;
    c.takes(hold{});
    EXPECT_EQ(c.last().refused, refusal::not_now);
    c.takes(add_third{{.leg = {"t"}, .address = "sip:120@trunk", .timeout = seconds(30)}, false});
    EXPECT_EQ(c.last().refused, refusal::not_now);
    c.takes(record{false});
    EXPECT_EQ(c.last().refused, refusal::not_now);
    c.heard();
    c.takes(hold{});
    EXPECT_FALSE(c.did<switch_recording>()->on);
    EXPECT_TRUE(c.did<silence_talk>()->on);
}

TEST(Recording, WhoTakesWhomWeCalledOverBeforeItsEndWaitsForIt) {
    a_placed_talk c;
    c.takes(playing{0, seconds(3)});
    c.ringing("op2");
    c.takes(hotline::leg_answered{{"op2"}, "sdp"});
    c.takes(leg_connected{{"op2"}, "sdp for him, to op2"});
    EXPECT_FALSE(c.did<move_caller>());
    c.passes(seconds(3));
    EXPECT_EQ(c.did<move_caller>()->sdp, "sdp for him, to op2");
    c.takes(caller_moved{});
    EXPECT_TRUE(c.did<switch_recording>()->on) << "he has heard it";
}

TEST(Recording, WhomWeCalledIsNotLeftInSilenceWhenSheIsLostBeforeItsEnd) {
    a_placed_talk c;
    c.takes(playing{0, seconds(3)});
    c.ringing("op2");
    c.takes(leg_left{{"op1"}, false});
    EXPECT_FALSE(c.did<silence_talk>()->on);
    EXPECT_EQ(c.did<start_sound>()->what.value, "music");
    c.takes(hotline::leg_answered{{"op2"}, "sdp"});
    c.takes(leg_connected{{"op2"}, "sdp for him, to op2"});
    EXPECT_TRUE(c.did<move_caller>()) << "nobody waits for words that he hears no more";
    c.takes(caller_moved{});
    EXPECT_FALSE(c.did<switch_recording>());
}

} // namespace
} // namespace linli::tests
