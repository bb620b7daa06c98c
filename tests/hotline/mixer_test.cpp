// The mixer: G.711, what comes in unevenly, who hears whom, and its door.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <numbers>
#include <random>

#include <boost/asio/io_context.hpp>

#include "g711/g711.hpp"
#include "hotline/mixer/door.hpp"
#include "hotline/mixer/room.hpp"

namespace linli::tests {
namespace {

using namespace hotline;
using testing::Each;
using testing::IsEmpty;
using testing::SizeIs;

// ---- G.711 ----

// Of the tables of ITU-T G.711, and the ends of each.
TEST(G711, IsWhatTheStandardSays) {
    EXPECT_EQ(g711::decoded(g711::alaw, 0xD5), 8);
    EXPECT_EQ(g711::decoded(g711::alaw, 0x55), -8);
    EXPECT_EQ(g711::decoded(g711::alaw, 0xAA), 32'256);
    EXPECT_EQ(g711::decoded(g711::alaw, 0x2A), -32'256);
    EXPECT_EQ(g711::decoded(g711::alaw, 0xC5), 264);
    EXPECT_EQ(g711::decoded(g711::ulaw, 0xFF), 0);
    EXPECT_EQ(g711::decoded(g711::ulaw, 0x80), 32'124);
    EXPECT_EQ(g711::decoded(g711::ulaw, 0x00), -32'124);
    EXPECT_EQ(g711::decoded(g711::ulaw, 0xF0), 120);
    EXPECT_EQ(g711::encoded(g711::alaw, 0), 0xD5);
    EXPECT_EQ(g711::encoded(g711::ulaw, 0), 0xFF);
    EXPECT_EQ(g711::encoded(g711::alaw, 32'767), 0xAA);
    EXPECT_EQ(g711::encoded(g711::alaw, -32'768), 0x2A);
    EXPECT_EQ(g711::encoded(g711::ulaw, 32'767), 0x80);
    EXPECT_EQ(g711::encoded(g711::ulaw, -32'768), 0x00);
}

TEST(G711, WhatIsSaidComesBackAndLouderIsNeverSofter) {
    for (int const codec : {g711::alaw, g711::ulaw}) {
        for (int code = 0; code < 256; ++code) {
            auto const sample = g711::decoded(codec, static_cast<std::uint8_t>(code));
            if (sample == 0) continue; // µ-law has two of it
            EXPECT_EQ(g711::encoded(codec, sample), code);
        }
        int before = -40'000;
        for (int sample = -32'768; sample < 32'768; sample += 7) {
            auto const code = g711::encoded(codec, static_cast<std::int16_t>(sample));
            auto const heard = g711::decoded(codec, code);
            EXPECT_GE(heard, before);
            EXPECT_LE(std::abs(heard - sample), std::max(16, std::abs(sample) / 16) + 140);
            before = heard;
        }
    }
}

// ---- RTP ----

void append(std::string& to, std::uint32_t number, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        to += static_cast<char>(number >> shift & 0xFFU);
}

std::string rtp(std::uint32_t time, std::string const& codes, int codec = g711::alaw,
                std::uint32_t source = 7) {
    std::string bytes;
    append(bytes, 0x80, 1);
    append(bytes, static_cast<std::uint32_t>(codec), 1);
    append(bytes, time / 160, 2);
    append(bytes, time, 4);
    append(bytes, source, 4);
    return bytes + codes;
}

std::string tone(int packet, double hertz, double size = 8'000) {
    std::string codes;
    for (int i = 0; i < 160; ++i) {
        auto const angle = 2 * std::numbers::pi * hertz * (packet * 160 + i) / 8'000;
        codes += static_cast<char>(g711::encoded(
            g711::alaw, static_cast<std::int16_t>(std::lround(size * std::sin(angle)))));
    }
    return codes;
}

double level_of(std::vector<std::int16_t> const& heard, double hertz) {
    double re = 0, im = 0;
    for (std::size_t i = 0; i < heard.size(); ++i) {
        auto const angle = 2 * std::numbers::pi * hertz * static_cast<double>(i) / 8'000;
        re += heard[i] * std::cos(angle);
        im += heard[i] * std::sin(angle);
    }
    return 2 * std::hypot(re, im) / static_cast<double>(std::max<std::size_t>(1, heard.size()));
}

TEST(RtpPacket, IsReadWithAllThatMayStandBeforeTheSound) {
    auto plain = rtp(160, "sound");
    EXPECT_EQ(read_rtp(plain)->codes, "sound");
    auto listed = plain;
    listed[0] = static_cast<char>(0x82); // two contributing sources
    listed.insert(12, 8, 'x');
    EXPECT_EQ(read_rtp(listed)->codes, "sound");
    auto extended = plain;
    extended[0] = static_cast<char>(0x90);
    extended.insert(12, std::string("\x01\x02\x00\x01xxxx", 8));
    EXPECT_EQ(read_rtp(extended)->codes, "sound");
    auto padded = plain + std::string("\0\0\3", 3);
    padded[0] = static_cast<char>(0xA0);
    EXPECT_EQ(read_rtp(padded)->codes, "sound");
    EXPECT_FALSE(read_rtp(rtp(160, "key", 101)));
    EXPECT_FALSE(read_rtp(rtp(160, "")));
}

TEST(RtpPacket, OfAnyBytesIsNeverReadBeyondItsEnd) {
    std::mt19937 dice(1);
    for (int i = 0; i < 20'000; ++i) {
        std::string bytes(dice() % 40, '\0');
        for (auto& each : bytes)
            each = static_cast<char>(dice());
        if (!bytes.empty()) bytes[0] = static_cast<char>(0x80 | (dice() & 0x3FU));
        auto const read = read_rtp(bytes);
        if (!read) continue;
        EXPECT_FALSE(read->codes.empty());
        EXPECT_LE(read->codes.data() + read->codes.size(), bytes.data() + bytes.size());
    }
}

// ---- unevenness ----

std::vector<std::int16_t> heard_through(inlet& of, int ticks) {
    std::vector<std::int16_t> all;
    for (int i = 0; i < ticks; ++i)
        for (auto const each : of.next())
            all.push_back(each);
    return all;
}

int times_of(std::vector<std::int16_t> const& in, std::int16_t sample) {
    return static_cast<int>(std::ranges::count(in, sample));
}

constexpr std::uint8_t some_code = 0xAA;
std::string const some_sound(160, static_cast<char>(some_code));
auto const some_sample = g711::decoded(g711::alaw, some_code);

TEST(Inlet, NothingIsLostOfWhatComesInPairsOrTurnedRound) {
    inlet in;
    std::vector<std::int16_t> all;
    for (std::uint32_t i = 0; i < 50; i += 2) {
        auto const first = rtp(160 * i, some_sound), second = rtp(160 * (i + 1), some_sound);
        if (i > 0) in.take(*read_rtp(second)); // turned round
        in.take(*read_rtp(first));
        if (i == 0) in.take(*read_rtp(second));
        for (auto const each : heard_through(in, 2))
            all.push_back(each);
    }
    for (auto const each : heard_through(in, 4))
        all.push_back(each);
    EXPECT_EQ(times_of(all, some_sample), 50 * 160);
}

TEST(Inlet, WhatIsMissingIsSilenceAndWhatFollowsIsHeard) {
    inlet in;
    std::vector<std::int16_t> all;
    for (std::uint32_t i = 0; i < 20; ++i) {
        auto const packet = rtp(160 * i, some_sound);
        if (i % 5 != 4) in.take(*read_rtp(packet));
        for (auto const each : heard_through(in, 1))
            all.push_back(each);
    }
    for (auto const each : heard_through(in, 4))
        all.push_back(each);
    EXPECT_EQ(times_of(all, some_sample), 16 * 160);
}

TEST(Inlet, ASenderThatBeginsAnewIsHeardAnew) {
    inlet in;
    in.take(*read_rtp(rtp(160, some_sound)));
    heard_through(in, 3);
    auto const another = rtp(4'000'000'000, some_sound, g711::alaw, 8);
    in.take(*read_rtp(another));
    EXPECT_EQ(times_of(heard_through(in, 4), some_sample), 160);
    in.take(*read_rtp(rtp(4'000'800'000, some_sound, g711::alaw, 8))); // 100 s on
    EXPECT_EQ(times_of(heard_through(in, 4), some_sample), 160);
}

TEST(Inlet, APauseOrAClockThatIsWrongNeverMakesItSilentForLong) {
    inlet in;
    std::uint32_t time = 0;
    int heard = 0;
    for (int i = 0; i < 3'000; ++i) { // a minute
        bool const pauses = i % 500 > 400;
        if (!pauses) in.take(*read_rtp(rtp(time, some_sound)));
        time += pauses ? 0 : i % 100 == 0 ? 480 : 160; // too fast by 2 %, and still in pauses
        heard += times_of(heard_through(in, 1), some_sample);
    }
    EXPECT_GT(heard, 2'400 * 160 * 9 / 10);
}

// ---- who hears whom ----

class a_room {
public:
    // A second of all three speaking, each with its tone; what each has heard of it.
    void passes(int packets = 50) {
        for (auto& each : heard)
            each.clear();
        for (int i = 0; i < packets; ++i, ++said_) {
            for (std::size_t who = 0; who < parties; ++who)
                is.take(static_cast<party>(who), rtp(static_cast<std::uint32_t>(160 * said_),
                                                     tone(said_, hertz[who], size)));
            auto const sent = is.tick();
            for (std::size_t who = 0; who < parties; ++who) {
                silent[who] = sent[who].empty();
                auto const packet = read_rtp(sent[who]);
                if (!packet) continue;
                for (auto const code : packet->codes)
                    heard[who].push_back(
                        g711::decoded(packet->codec, static_cast<std::uint8_t>(code)));
            }
        }
    }
    double hears(party who, party whom) const {
        return level_of(heard[static_cast<std::size_t>(who)],
                        hertz[static_cast<std::size_t>(whom)]);
    }

    static constexpr std::array<double, parties> hertz{500, 800, 1'100};
    double size = 6'000;
    room is{1};
    std::array<std::vector<std::int16_t>, parties> heard;
    std::array<bool, parties> silent{};

private:
    int said_ = 0;
};

TEST(Room, EachHearsTheTwoOthersAndNotHimself) {
    a_room r;
    r.is.among({party::caller, party::leg, party::third});
    r.is.speaks(party::third, g711::ulaw);
    r.passes(3);
    r.passes();
    for (auto const who : {party::caller, party::leg, party::third})
        for (auto const whom : {party::caller, party::leg, party::third}) {
            auto const level = who == whom ? 0 : 6'000;
            EXPECT_NEAR(r.hears(who, whom), level, 300);
        }
}

TEST(Room, WhoIsNotAmongThemHearsNothingAndIsHeardByNone) {
    a_room r;
    r.is.among({party::leg, party::third});
    r.passes(3);
    r.passes();
    EXPECT_TRUE(r.silent[0]);
    EXPECT_NEAR(r.hears(party::leg, party::third), 6'000, 300);
    EXPECT_LT(r.hears(party::leg, party::caller), 60);
    EXPECT_LT(r.hears(party::third, party::caller), 60);
    r.is.among({});
    r.passes();
    EXPECT_THAT(r.silent, Each(true));
}

TEST(Room, TwoWhoAreLoudTogetherAreCutAndNeverTurnOver) {
    room r(1);
    r.among({party::caller, party::leg, party::third});
    constexpr std::uint8_t loudest = 0xAA;
    std::string const loud(160, static_cast<char>(loudest));
    for (std::uint32_t i = 0; i < 10; ++i) {
        r.take(party::leg, rtp(160 * i, loud));
        r.take(party::third, rtp(160 * i, loud));
        auto const sent = r.tick();
        EXPECT_TRUE(i < 5 || read_rtp(sent[0])->codes == loud);
    }
}

TEST(Room, WhatIsSentGoesOnWithoutAGap) {
    room r(5);
    r.among({party::caller, party::leg});
    std::optional<std::uint32_t> before;
    for (int i = 0; i < 100; ++i) {
        auto const sent = r.tick();
        EXPECT_THAT(sent[0], SizeIs(12 + 160));
        EXPECT_THAT(sent[2], IsEmpty());
        auto const packet = read_rtp(sent[0]);
        EXPECT_EQ(packet->time, before.value_or(packet->time - 160) + 160);
        before = packet->time;
    }
}

// ---- keys, as RFC 4733 has them ----

constexpr int callers_number = 101, thirds_number = 96;

std::string key_packet(std::uint32_t time, char event, bool is_end = false,
                       int number = callers_number) {
    return rtp(time, {event, static_cast<char>(is_end ? 0x8A : 0x0A), 0, 80}, number);
}

room three_with_keys() {
    room r(5);
    r.speaks(party::caller, g711::alaw, callers_number);
    r.speaks(party::leg, g711::alaw);
    r.speaks(party::third, g711::alaw, thirds_number);
    r.among({party::caller, party::leg, party::third});
    return r;
}

TEST(RoomKeys, AreSaidAgainToWhoHearsThemByHisNumber) {
    auto r = three_with_keys();
    auto const sound = read_rtp(r.tick()[2]);
    r.take(party::caller, key_packet(4'000, 1));
    auto const said = r.keys();
    ASSERT_THAT(said, SizeIs(1)) << "not to who has pressed it, nor to who has no number for it";
    EXPECT_EQ(said[0].to, party::third);
    auto const key = read_key(said[0].bytes, thirds_number);
    ASSERT_TRUE(key);
    EXPECT_EQ(key->codes, (std::string{1, 0x0A, 0, 80}));
    EXPECT_EQ(key->source, sound->source) << "he hears one sender";
    EXPECT_THAT(r.keys(), IsEmpty()) << "once";
}

TEST(RoomKeys, AllPartsOfOneBearTheTimeWhenItWasPressed) {
    auto r = three_with_keys();
    std::vector<std::string> said;
    for (bool const is_end : {false, false, true}) {
        r.take(party::caller, key_packet(4'000, 1, is_end));
        for (auto& each : r.keys())
            said.push_back(std::move(each.bytes));
        r.tick();
    }
    r.take(party::caller, key_packet(9'000, 1));
    said.push_back(r.keys().at(0).bytes);
    ASSERT_THAT(said, SizeIs(4));
    auto const time_of = [&](std::size_t i) { return read_key(said[i], thirds_number)->time; };
    auto const is_marked = [&](std::size_t i) { return (said[i][1] & 0x80) != 0; };
    EXPECT_EQ(time_of(1), time_of(0));
    EXPECT_EQ(time_of(2), time_of(0));
    EXPECT_NE(time_of(3), time_of(0)) << "the same key again is another";
    EXPECT_TRUE(is_marked(0) && !is_marked(1) && !is_marked(2) && is_marked(3));
    EXPECT_EQ(static_cast<std::uint8_t>(said[2][13]), 0x8A) << "and that it has ended";
}

TEST(RoomKeys, StandAmongTheSoundWithoutAGapInItsNumbers) {
    auto r = three_with_keys();
    auto const number_of = [](std::string const& bytes) {
        return static_cast<std::uint8_t>(bytes[2]) << 8 | static_cast<std::uint8_t>(bytes[3]);
    };
    auto const before = number_of(r.tick()[2]);
    r.take(party::caller, key_packet(4'000, 1));
    EXPECT_EQ(number_of(r.keys().at(0).bytes), before + 1);
    EXPECT_EQ(number_of(r.tick()[2]), before + 2);
}

TEST(RoomKeys, OfWhoSpeaksWithNobodyReachNobody) {
    auto r = three_with_keys();
    r.among({party::leg, party::third});
    r.take(party::caller, key_packet(4'000, 1));
    EXPECT_THAT(r.keys(), IsEmpty());
    r.take(party::third, key_packet(4'000, 1, false, thirds_number));
    EXPECT_THAT(r.keys(), IsEmpty()) << "the leg has no number, and the caller isn't there";
}

TEST(RoomKeys, OfAnyBytesAreBounded) {
    auto r = three_with_keys();
    r.take(party::caller, rtp(160, "key", callers_number));
    EXPECT_THAT(r.keys(), IsEmpty()) << "too short";
    for (std::uint32_t i = 0; i < 1'000; ++i)
        r.take(party::caller, key_packet(i, 1));
    EXPECT_THAT(r.keys(), SizeIs(64));
}

// ---- the door ----

using bencode::value;

class a_door {
public:
    value asks(bencode::dictionary request) {
        auto const answered = door.take("c1 " + encode(value(std::move(request))));
        return *bencode::decode(std::string_view(*answered).substr(3));
    }

    boost::asio::io_context loop;
    mixer_door door{loop.get_executor(),
                    {.listen = {boost::asio::ip::address_v4::loopback(), 0}, .most_rooms = 2}};
};

TEST(MixerDoor, ARoomHasAPortForEachAndIsTheSameWhenAskedAgain) {
    a_door d;
    auto const opened = d.asks({{"command", "open"}, {"room", "r.1"}});
    EXPECT_EQ(opened.text_of("result"), "ok");
    EXPECT_THAT(*opened.find("ports")->items(), SizeIs(parties));
    EXPECT_EQ(d.asks({{"command", "open"}, {"room", "r.1"}}), opened);
    EXPECT_EQ(d.asks({{"command", "query"}, {"room", "r.1"}}).text_of("result"), "ok");
    EXPECT_EQ(d.asks({{"command", "close"}, {"room", "r.1"}}).text_of("result"), "ok");
    EXPECT_EQ(d.asks({{"command", "query"}, {"room", "r.1"}}).text_of("result"), "error");
}

TEST(MixerDoor, HasABound) {
    a_door d;
    d.asks({{"command", "open"}, {"room", "r.1"}});
    d.asks({{"command", "open"}, {"room", "r.2"}});
    EXPECT_EQ(d.asks({{"command", "open"}, {"room", "r.3"}}).text_of("result"), "error");
}

TEST(MixerDoor, WhatIsNotUnderstoodChangesNothing) {
    a_door d;
    d.asks({{"command", "open"}, {"room", "r.1"}});
    bencode::dictionary const wrong[] = {
        {{"command", "send"}, {"room", "r.1"}},
        {{"command", "send"}, {"room", "r.1"}, {"party", "nobody"}, {"port", std::int64_t{9}}},
        {{"command", "send"},
         {"room", "r.1"},
         {"party", "leg"},
         {"address", "127.0.0.1"},
         {"codec", std::int64_t{8}},
         {"port", std::int64_t{65'536}}},
        {{"command", "talk"}, {"room", "r.1"}},
        {{"command", "talk"}, {"room", "r.1"}, {"among", bencode::list{"leg", "nobody"}}},
        {{"command", "sing"}, {"room", "r.1"}},
        {{"command", "open"}, {"room", ""}}};
    for (auto const& each : wrong)
        EXPECT_EQ(d.asks(each).text_of("result"), "error");
}

TEST(MixerDoor, AnyBytesAreAnsweredOrNot) {
    a_door d;
    std::mt19937 dice(7);
    std::string const good =
        "c1 " + encode(value(bencode::dictionary{{"command", "open"}, {"room", "r"}}));
    EXPECT_FALSE(d.door.take(""));
    EXPECT_FALSE(d.door.take("c1"));
    EXPECT_FALSE(d.door.take("c1 i7e"));
    for (int i = 0; i < 5'000; ++i) {
        auto bytes = good;
        for (int k = 0; k < 3; ++k)
            bytes[dice() % bytes.size()] = static_cast<char>(dice());
        d.door.take(bytes);
    }
    EXPECT_EQ(d.asks({{"command", "ping"}}).text_of("result"), "pong");
}

} // namespace
} // namespace linli::tests
