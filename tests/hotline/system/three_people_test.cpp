// Three people in one talk, each with a tone of its own, on real rtpengine and the real mixer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <iostream>
#include <vector>

#include "hotline/system/hotline_house.hpp"
#include "hotline/system/until.hpp"

namespace linli::tests {
namespace {

using Told = v1::Event;
using std::chrono::steady_clock;

constexpr int callers_tone = 500, seats_tone = 800, thirds_tone = 1'100, music = 330;
constexpr double clear = 6'000, nothing = 300; // of 8,000 that each sings

// A talk of two, and a third's telephone.
class people {
public:
    explicit people(hotline_house& in)
        : house(in), server(in.server()), caller(in.phone("caller_moves", 0x11)),
          seat(in.phone("leg_stays", 0x22)), third(in.phone("leg_stays", 0x33)) {
        caller.voice().sings(callers_tone);
        seat.voice().sings(seats_tone);
        third.voice().sings(thirds_tone);
        call = server.hears(Told::kAnswered).call();
        server.rings(call, "op1", seat.address());
        server.hears(Told::kBridged);
        two_speak("at first", caller, callers_tone, seat, seats_tone);
    }

    void all_find_whom_to_speak_to() {
        for (auto* const each : {&caller, &seat, &third})
            each->finds_whom_to_speak_to();
    }

    void two_speak(std::string const& when, sipp& one, int ones_tone, sipp& other,
                   int others_tone) {
        until(when + " the two hear each other, and nobody else: " + levels(), [&] {
            all_find_whom_to_speak_to();
            return hears_only(one, {others_tone}) && hears_only(other, {ones_tone});
        });
    }

    void all_speak() {
        until("all three hear each other", [&] {
            all_find_whom_to_speak_to();
            return hears_only(caller, {seats_tone, thirds_tone}) &&
                   hears_only(seat, {callers_tone, thirds_tone}) &&
                   hears_only(third, {callers_tone, seats_tone});
        });
    }

    static bool hears_only(sipp& who, std::vector<int> const& tones) {
        for (auto const tone : {callers_tone, seats_tone, thirds_tone, music}) {
            auto const level = who.voice().level_of(tone);
            bool const is_wanted = std::ranges::find(tones, tone) != tones.end();
            if (is_wanted ? level < clear : level > nothing) return false;
        }
        return true;
    }

    std::string levels() {
        std::string text;
        for (auto* const each : {&caller, &seat, &third})
            for (auto const tone : {callers_tone, seats_tone, thirds_tone, music})
                text += std::to_string(static_cast<int>(each->voice().level_of(tone))) + ' ';
        return text;
    }

    v1::Refusal says(std::function<void(v1::Command&)> const& what) {
        v1::Command command;
        command.set_call(call);
        what(command);
        return server.commands(command);
    }

    void fill(v1::Ring& to, std::string const& leg, sipp const& whom) const {
        to.set_leg(leg);
        to.set_address(whom.address());
        to.mutable_timeout()->set_seconds(20);
        (*to.mutable_headers())["X-Call-Ref"] = call;
    }

    void adds_third(bool at_once = false) {
        auto const refused = says([&](v1::Command& c) {
            fill(*c.mutable_add_third()->mutable_ring(), "t", third);
            c.mutable_add_third()->set_at_once(at_once);
        });
        ASSERT_EQ(refused, v1::REFUSAL_UNSPECIFIED);
        EXPECT_EQ(server.hears(Told::kThirdJoined).third_joined().aside(), !at_once);
    }

    void joins() {
        ASSERT_EQ(says([](v1::Command& c) { c.mutable_join_third(); }), v1::REFUSAL_UNSPECIFIED);
        EXPECT_FALSE(server.hears(Told::kThirdJoined).third_joined().aside());
    }

    v1::LegGone leg_gone() { return server.hears(Told::kLegGone).leg_gone(); }

    hotline_house& house;
    dispatch_peer server;
    sipp caller, seat, third;
    std::string call;
};

TEST(ThreePeople, AsideFirstThenAllThenTheTwoAgain) {
    hotline_house house({.mixer = true});
    people p(house);
    p.adds_third();
    p.two_speak("aside", p.seat, seats_tone, p.third, thirds_tone);
    until("the caller hears music", [&] { return p.hears_only(p.caller, {music}); });
    p.joins();
    p.all_speak();
    p.third.hangs_up();
    auto const gone = p.leg_gone();
    EXPECT_EQ(gone.leg(), "t");
    EXPECT_EQ(gone.why(), v1::LEG_END_HUNG_UP);
    EXPECT_EQ(p.third.ends(), "");
    p.two_speak("afterwards", p.caller, callers_tone, p.seat, seats_tone);
    until("only their session is left", [&] { return house.sessions() == 1; });
    EXPECT_EQ(p.seat.voice().came_from_elsewhere(), 0);
    p.seat.hangs_up();
    EXPECT_EQ(p.caller.ends(), "");
    EXPECT_EQ(p.seat.ends(), "");
    until("nothing is left in rtpengine", [&] { return house.sessions() == 0; });
}

// rtpengine has learned where each of the three speaks from, as in a talk of two.
TEST(ThreePeople, WhoeverElseSendsToTheirPortsIsNotHeard) {
    hotline_house house({.mixer = true});
    people p(house);
    p.adds_third(true);
    p.all_speak();
    auto const at_first = p.seat.voice().heard();
    until("it has been learned", [&] { return p.seat.voice().heard() > at_first + 250; });
    voice beside_caller(0x55), beside_third(0x66);
    for (auto* const each : {&beside_caller, &beside_third})
        each->sings(music);
    beside_caller.speaks_to(p.caller.finds_whom_to_speak_to());
    beside_third.speaks_to(p.third.finds_whom_to_speak_to());
    double loudest = 0;
    auto const then = p.seat.voice().heard();
    until("they speak on", [&] {
        loudest = std::max(loudest, p.seat.voice().level_of(music));
        return p.seat.voice().heard() > then + 150;
    });
    EXPECT_LT(loudest, nothing);
    p.all_speak();
}

// As in a talk of two. The mixer says them in the caller's place, and yet only his are told as his.
TEST(ThreePeople, AKeyIsHeardByTheTwoOthersAndTakenForNobodyElses) {
    hotline_house house({.mixer = true});
    people p(house);
    p.caller.voice().presses(4);
    until("the other of two hears a key", [&] { return p.seat.voice().heard_key(4) > 0; });
    EXPECT_EQ(p.server.hears(Told::kDigit).digit().digit(), "4");
    p.adds_third(true);
    p.all_speak();
    auto const all_hear = [&](sipp& who, int key) {
        until("they hear key " + std::to_string(key), [&] {
            for (auto* const each : {&p.caller, &p.seat, &p.third})
                if (each != &who && each->voice().heard_key(key) == 0) return false;
            return true;
        });
        EXPECT_EQ(who.voice().heard_key(key), 0);
    };
    p.third.voice().presses(5);
    all_hear(p.third, 5);
    p.seat.voice().presses(6);
    all_hear(p.seat, 6);
    p.caller.voice().presses(7);
    all_hear(p.caller, 7);
    auto const pressed = p.server.hears(Told::kDigit).digit();
    EXPECT_EQ(pressed.digit(), "7");
    EXPECT_EQ(pressed.leg(), "");
    p.all_speak();
    p.server.hangs_up(p.call);
    EXPECT_EQ(p.caller.ends(), "");
    p.server.hears(Told::kEnded);
    EXPECT_EQ(p.server.times_heard(Told::kDigit), 2);
}

TEST(ThreePeople, WhenSheLeavesTheCallerAndTheThirdSpeakOn) {
    hotline_house house({.mixer = true});
    people p(house);
    p.adds_third(true);
    p.all_speak();
    ASSERT_EQ(p.says([](v1::Command& c) { c.mutable_leave(); }), v1::REFUSAL_UNSPECIFIED);
    EXPECT_EQ(p.seat.ends(), "");
    EXPECT_EQ(p.server.hears(Told::kBridged).bridged().leg(), "t");
    p.two_speak("without her", p.caller, callers_tone, p.third, thirds_tone);
    EXPECT_EQ(p.third.voice().came_from_elsewhere(), 0);
    p.third.hangs_up();
    EXPECT_EQ(p.caller.ends(), "");
    EXPECT_EQ(p.server.hears_ended_call().leg(), "t");
}

TEST(ThreePeople, WhenTheCallerLeavesTheTwoOthersSpeakOn) {
    hotline_house house({.mixer = true});
    people p(house);
    p.adds_third(true);
    p.all_speak();
    p.caller.hangs_up();
    p.server.hears(Told::kCallerLeft);
    EXPECT_EQ(p.caller.ends(), "");
    p.two_speak("without him", p.seat, seats_tone, p.third, thirds_tone);
    p.seat.hangs_up();
    EXPECT_EQ(p.third.ends(), "");
    EXPECT_EQ(p.server.hears(Told::kEnded).ended().by(), v1::ENDED_BY_CALLER);
    until("nothing is left in rtpengine", [&] { return house.sessions() == 0; });
}

void a_mixer_that_is(bool frozen) {
    hotline_house house({.mixer = true});
    people p(house);
    p.adds_third(true);
    p.all_speak();
    auto const begun = steady_clock::now();
    if (frozen)
        house.freeze_mixer();
    else
        house.kill_mixer();
    auto const gone = p.leg_gone();
    EXPECT_EQ(gone.leg(), "t");
    EXPECT_EQ(gone.why(), v1::LEG_END_NO_MEDIA);
    auto const seen = steady_clock::now() - begun;
    EXPECT_LT(seen, std::chrono::seconds(4)); // 1.1 s, on a machine that does nothing else
    EXPECT_EQ(p.third.ends(), "");
    p.two_speak("without a mixer", p.caller, callers_tone, p.seat, seats_tone);
    std::cout << (frozen ? "frozen" : "killed") << " mixer was seen after "
              << std::chrono::duration_cast<std::chrono::milliseconds>(seen).count() << " ms\n";
    p.server.hangs_up(p.call);
    EXPECT_EQ(p.caller.ends(), "");
}

TEST(ThreePeople, WhenTheMixerIsKilledTheTwoSpeakOn) {
    a_mixer_that_is(false);
}

TEST(ThreePeople, WhenTheMixerHangsTheTwoSpeakOn) {
    a_mixer_that_is(true);
}

TEST(ThreePeople, WithoutAMixerNobodyComesAndTheTalkGoesOn) {
    hotline_house house({.mixer = true});
    people p(house);
    house.kill_mixer();
    EXPECT_EQ(p.says([&](v1::Command& c) {
        p.fill(*c.mutable_add_third()->mutable_ring(), "t", p.third);
    }),
              v1::REFUSAL_UNSPECIFIED);
    EXPECT_EQ(p.leg_gone().why(), v1::LEG_END_NO_MEDIA);
    p.two_speak("all the same", p.caller, callers_tone, p.seat, seats_tone);
    house.start_mixer(); // and when it is back, he comes
    p.adds_third(true);
    p.all_speak();
}

TEST(ThreePeople, WhenTheEngineIsKilledTheThreeSpeakOn) {
    hotline_house house({.mixer = true});
    people p(house);
    p.adds_third(true);
    p.all_speak();
    house.kill_engine();
    p.all_speak();
    house.start_engine();
    p.all_speak();
    auto next = house.server();
    EXPECT_EQ(next.hears_ended_call().why(), v1::CALL_END_ENGINE_LOST);
}

TEST(ThreePeople, WhoListensHearsAllAndIsHeardByNone) {
    hotline_house house({.mixer = true});
    people p(house);
    auto boss = house.phone("leg_stays", 0x44);
    constexpr int bosss_tone = 1'400;
    boss.voice().sings(bosss_tone);
    ASSERT_EQ(
        p.says([&](v1::Command& c) { p.fill(*c.mutable_listen()->mutable_ring(), "l", boss); }),
        v1::REFUSAL_UNSPECIFIED);
    p.server.hears(Told::kListening);
    auto const hears = [&](int tone) { return boss.voice().level_of(tone) > clear; };
    until("he hears both", [&] {
        boss.finds_whom_to_speak_to();
        return hears(callers_tone) && hears(seats_tone);
    });
    auto const is_silent = [&] {
        for (auto* const each : {&p.caller, &p.seat, &p.third})
            if (each->voice().level_of(bosss_tone) > nothing) return false;
        return true;
    };
    EXPECT_TRUE(is_silent());
    p.two_speak("listened to", p.caller, callers_tone, p.seat, seats_tone);
    p.adds_third(true);
    p.all_speak();
    until("he hears all three",
          [&] { return hears(callers_tone) && hears(seats_tone) && hears(thirds_tone); });
    EXPECT_TRUE(is_silent());
    boss.hangs_up();
    EXPECT_EQ(p.leg_gone().leg(), "l");
    EXPECT_EQ(boss.ends(), "");
    p.all_speak();
    p.server.hangs_up(p.call);
    EXPECT_EQ(p.caller.ends(), "");
}

// From her first packet to his, in the middle of some; the least that it can be is what a packet
// waits for the voice that sends it.
std::chrono::microseconds delay(voice& from, voice& to) {
    std::vector<std::chrono::microseconds> all;
    for (int i = 0; i < 5; ++i) {
        from.is_quiet();
        until("it is quiet", [&] { return to.level_of(seats_tone) < nothing / 3; });
        to.waits_for_sound();
        from.sings(seats_tone);
        until("it is heard", [&] { return to.sound_came_after().has_value(); });
        all.push_back(*to.sound_came_after());
    }
    std::ranges::sort(all);
    return all[all.size() / 2];
}

// What mixing costs: stated, and bounded where a fault would show.
TEST(ThreePeople, TheMixerDelaysLittleAndCostsLittle) {
    hotline_house house({.mixer = true});
    people p(house);
    p.caller.voice().is_quiet();
    auto const before = delay(p.seat.voice(), p.caller.voice());
    p.caller.voice().sings(callers_tone);
    p.adds_third(true);
    p.all_speak();
    p.caller.voice().is_quiet();
    p.third.voice().is_quiet();
    auto const cpu = house.mixer_cpu_s();
    auto const begun = steady_clock::now();
    auto const mixed = delay(p.seat.voice(), p.caller.voice());
    auto const took = (house.mixer_cpu_s() - cpu) /
                      std::chrono::duration<double>(steady_clock::now() - begun).count();
    std::cout << "a voice is heard after " << before.count() / 1000 << " ms by two, after "
              << mixed.count() / 1000 << " ms by three; the mixer takes " << took * 100
              << " % of a core for one talk\n";
    EXPECT_LT(mixed, std::chrono::milliseconds(300)); // some 60 where nothing else runs
    EXPECT_LT(took, 0.2);
}

} // namespace
} // namespace linli::tests
