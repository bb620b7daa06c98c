// SRTP with the trunk, measured by telephones that encrypt by a code of their own.
#include <gtest/gtest.h>

#include <string>

#include "hotline/system/hotline_house.hpp"
#include "hotline/system/until.hpp"

namespace linli::tests {
namespace {

using Told = v1::Event;

// 30 bytes in base64.
constexpr auto callers_key = "Y2FsbGVycyBrZXkgb2YgdGhpcnR5IGJ5dGVzISEh";
constexpr auto callers_next = "YW5vdGhlciBrZXkgb2YgdGhpcnR5IGJ5dGVzISEh";
constexpr auto legs_key = "bGVncyBrZXksIHRoaXJ0eSBieXRlcyBvZiBpdCEh";
constexpr auto thirds_key = "dGhlIHRoaXJkcyBrZXkgb2YgdGhpcnR5IGJ5dGVz";
constexpr auto never = "[trunk]\nsrtp = \"never\"\n";
constexpr auto always = "[trunk]\nsrtp = \"always\"\n";

std::string hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (unsigned char const each : bytes)
        text += {digits[each >> 4], digits[each & 15]};
    return text;
}

TEST(Srtp, DerivesTheKeysOfRfc3711) { // B.3
    srtp const of("4fl6DT4Bi+DWT6MsBt5BOQ7Gda1Jiv7rtpYLOqvm");
    EXPECT_EQ(hex(of.keys().cipher), "C61E7A93744F39EE10734AFE3FF7A087");
    EXPECT_EQ(hex(of.keys().salt), "30CBBC08863D8C85D49DB34A9AE1");
    EXPECT_EQ(hex(of.keys().proof), "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4");
}

class SecureSound : public testing::Test {
protected:
    sipp phone(hotline_house& house, std::string scenario, std::uint8_t says, std::string key,
               std::string const& next = {}) {
        return sipp(house.folder(),
                    {.scenario = std::move(scenario),
                     .engine = house.sip_port(),
                     .key = key,
                     .next_key = next.empty() ? key : next},
                    says);
    }

    static void follow(sipp& who) {
        who.finds_whom_to_speak_to();
        who.voice().hears_by(who.hears_by());
    }

    static void hear_each_other(sipp& one, sipp& other) {
        auto const before = one.voice().heard_of(other.voice());
        auto const of_one = other.voice().heard_of(one.voice());
        until("both hear each other", [&] {
            follow(one);
            follow(other);
            return one.voice().heard_of(other.voice()) > before + 10 &&
                   other.voice().heard_of(one.voice()) > of_one + 10;
        });
    }
};

TEST_F(SecureSound, WhoOffersItIsHeardByItAndHearsAlsoWithANewKey) {
    hotline_house house({});
    auto server = house.server();
    auto caller = phone(house, "caller_moves", 0x11, callers_key, callers_next);
    auto seat = phone(house, "leg_answers", 0x22, {});
    auto const call = server.hears(Told::kAnswered).call();
    until("he hears the music", [&] {
        follow(caller);
        return caller.voice().heard() > 10;
    });
    server.rings(call, "op1", seat.address());
    server.hears(Told::kBridged);
    caller.voice().speaks_by(callers_next);
    hear_each_other(caller, seat);
    EXPECT_EQ(caller.voice().heard_in_clear(), 0);
    server.hangs_up(call);
    EXPECT_EQ(caller.ends(), "");
    EXPECT_EQ(seat.ends(), "");
}

// SRTP counts beyond the packets' own 65,536, and a new session begins at 0.
TEST_F(SecureSound, WhoHasWaitedForLongIsStillHeard) {
    hotline_house house({});
    auto server = house.server();
    auto caller = phone(house, "caller_moves", 0x11, callers_key);
    auto seat = phone(house, "leg_answers", 0x22, {});
    caller.voice().begins_at(65'500);
    auto const call = server.hears(Told::kAnswered).call();
    until("its numbers have begun again", [&] {
        follow(caller);
        return caller.voice().heard() > 50 && caller.voice().sequence() < 1'000;
    });
    server.rings(call, "op1", seat.address());
    server.hears(Told::kBridged);
    hear_each_other(caller, seat);
    server.hangs_up(call);
    EXPECT_EQ(caller.ends(), "");
}

TEST_F(SecureSound, WhereItIsNeverSpokenWhoOffersItIsRefused) {
    hotline_house house({.more = never});
    auto caller = phone(house, "caller_is_not_acceptable", 0x11, callers_key);
    EXPECT_EQ(caller.ends(), "") << "488";
}

TEST_F(SecureSound, WhereItIsAlwaysSpokenWhoOffersPlainSoundIsRefused) {
    hotline_house house({.more = always});
    auto caller = phone(house, "caller_is_not_acceptable", 0x11, {});
    EXPECT_EQ(caller.ends(), "") << "488";
}

TEST_F(SecureSound, WhomWeRingIsOfferedNothingElseThere) {
    hotline_house house({.more = always});
    auto server = house.server();
    auto caller = phone(house, "caller_moves", 0x11, callers_key, callers_next);
    auto leg = phone(house, "leg_stays", 0x22, legs_key);
    auto const call = server.hears(Told::kAnswered).call();
    server.rings(call, "out-1", leg.address());
    server.hears(Told::kBridged);
    caller.voice().speaks_by(callers_next);
    hear_each_other(caller, leg);
    EXPECT_EQ(caller.voice().heard_in_clear() + leg.voice().heard_in_clear(), 0);
    server.hangs_up(call);
    EXPECT_EQ(caller.ends(), "");
    EXPECT_EQ(leg.ends(), "");
}

TEST_F(SecureSound, WhoAnswersByPlainSoundThereHasNobody) {
    hotline_house house({.more = always});
    auto server = house.server();
    auto caller = phone(house, "caller_moves", 0x11, callers_key);
    auto leg = phone(house, "leg_stays", 0x22, {});
    auto const call = server.hears(Told::kAnswered).call();
    server.rings(call, "out-1", leg.address());
    EXPECT_EQ(server.hears(Told::kLegGone).leg_gone().why(), v1::LEG_END_NO_MEDIA);
    EXPECT_EQ(leg.ends(), "");
    server.hangs_up(call);
    EXPECT_EQ(caller.ends(), "");
}

TEST_F(SecureSound, ThreeSpeakAndTwoOfThemAfterwards) {
    for (bool const is_always : {false, true}) {
        SCOPED_TRACE(is_always);
        hotline_house house({.more = is_always ? always : "", .mixer = true});
        auto server = house.server();
        auto caller = phone(house, "caller_moves", 0x11, callers_key, callers_next);
        auto leg = phone(house, "leg_stays", 0x22, is_always ? legs_key : "");
        auto third = phone(house, "leg_stays", 0x33, is_always ? thirds_key : "");
        caller.voice().sings(500);
        leg.voice().sings(800);
        third.voice().sings(1'100);
        auto const call = server.hears(Told::kAnswered).call();
        server.rings(call, "op1", leg.address());
        server.hears(Told::kBridged);
        caller.voice().speaks_by(callers_next);
        auto const all_hear = [&](std::string const& when, auto const& so) {
            until(when, [&] {
                for (auto* const each : {&caller, &leg, &third})
                    follow(*each);
                return so();
            });
        };
        constexpr double clear = 6'000;
        all_hear("the two hear each other", [&] {
            return caller.voice().level_of(800) > clear && leg.voice().level_of(500) > clear;
        });
        v1::Command add;
        add.set_call(call);
        auto& ring = *add.mutable_add_third()->mutable_ring();
        ring.set_leg("t");
        ring.set_address(third.address());
        ring.mutable_timeout()->set_seconds(20);
        (*ring.mutable_headers())["X-Call-Ref"] = call;
        add.mutable_add_third()->set_at_once(true);
        EXPECT_EQ(server.commands(add), v1::REFUSAL_UNSPECIFIED);
        server.hears(Told::kThirdJoined);
        all_hear("all three hear each other", [&] {
            return caller.voice().level_of(800) > clear && caller.voice().level_of(1'100) > clear &&
                   leg.voice().level_of(500) > clear && leg.voice().level_of(1'100) > clear &&
                   third.voice().level_of(500) > clear && third.voice().level_of(800) > clear;
        });
        third.hangs_up();
        EXPECT_EQ(third.ends(), "");
        constexpr double nothing = 300;
        all_hear("the two are as before", [&] {
            return caller.voice().level_of(800) > clear && leg.voice().level_of(500) > clear &&
                   caller.voice().level_of(1'100) < nothing;
        });
        until("also when they are moved back, without the mixer",
              [&] { return house.sessions() == 1; });
        all_hear("the two are as before", [&] {
            return caller.voice().level_of(800) > clear && leg.voice().level_of(500) > clear;
        });
        EXPECT_EQ(caller.voice().heard_in_clear(), 0);
        server.hangs_up(call);
        EXPECT_EQ(caller.ends(), "");
    }
}

} // namespace
} // namespace linli::tests
