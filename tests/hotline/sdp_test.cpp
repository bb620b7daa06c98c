#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "hotline/core/admission.hpp"
#include "hotline/core/command_rules.hpp"
#include "hotline/core/sdp.hpp"
#include "hotline/sip/sip_text.hpp"
#include "support/telephone_numbers.hpp"

namespace linli::tests {
namespace {

using namespace hotline;

std::string offer(std::string const& audio, std::string const& attributes = {}) {
    return "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=" + audio +
           "\r\n" + attributes;
}

TEST(HotlineSdp, TheCallersFirstOfG711IsTaken) {
    EXPECT_EQ(usable_audio(offer("audio 4000 RTP/AVP 8 0"))->codec, 8);
    EXPECT_EQ(usable_audio(offer("audio 4000 RTP/AVP 18 0 8"))->codec, 0);
    EXPECT_EQ(usable_audio(offer("audio 4000/2 RTP/AVP 8"))->codec, 8);
}

TEST(HotlineSdp, WithoutG711OrAPortThereIsNothingToAnswer) {
    EXPECT_FALSE(usable_audio(offer("audio 4000 RTP/AVP 18", "a=rtpmap:18 G729/8000\r\n")));
    EXPECT_FALSE(usable_audio(offer("audio 0 RTP/AVP 8")));
    EXPECT_FALSE(usable_audio(offer("video 4000 RTP/AVP 8")));
    EXPECT_FALSE(usable_audio(offer("audio")));
    EXPECT_FALSE(usable_audio(""));
}

TEST(HotlineSdp, TheCallersNumberOfTelephoneEventIsKept) {
    auto const wanted =
        usable_audio(offer("audio 4000 RTP/AVP 8 97", "a=rtpmap:97 telephone-event/8000\r\n"));
    ASSERT_EQ(wanted->dtmf, 97);
    auto const answer = answer_of_nobody(*wanted);
    EXPECT_EQ(usable_audio(answer), wanted) << answer;
}

TEST(HotlineSdp, TheFirstAudioWithAPortCounts) {
    auto const two = offer("audio 0 RTP/AVP 18", "m=audio 4002 RTP/AVP 0\r\n");
    EXPECT_EQ(usable_audio(two)->codec, 0);
    EXPECT_TRUE(has_audio_port(two));
    EXPECT_FALSE(has_audio_port("ok"));
}

TEST(HotlineSdp, SoundIsCarriedInClearOrByAKeyThatHides) {
    auto const by = [](std::string const& transport, std::string const& keys = {}) {
        return carriage_of(offer("audio 4000 " + transport + " 8", keys));
    };
    std::string const key = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:k\r\n";
    EXPECT_EQ(by("RTP/AVP"), carriage::rtp);
    EXPECT_EQ(by("RTP/AVP", key), carriage::rtp) << "it only says that it could";
    EXPECT_EQ(by("RTP/SAVP", key), carriage::srtp);
    EXPECT_EQ(by("RTP/SAVP", "a=crypto:1 NULL_HMAC_SHA1_80 inline:k\r\n" + key), carriage::srtp);
    EXPECT_EQ(by("RTP/SAVP", "a=crypto:1 AEAD_AES_256_GCM inline:k\r\n"), carriage::srtp);
    EXPECT_EQ(by("RTP/SAVP"), carriage::other);
    EXPECT_EQ(by("RTP/SAVP", "a=crypto:1 NULL_HMAC_SHA1_80 inline:k\r\n"), carriage::other);
    EXPECT_EQ(by("UDP/TLS/RTP/SAVP", key), carriage::other);
    EXPECT_EQ(carriage_of(""), carriage::other);
}

TEST(HotlineSdp, WhetherSrtpIsSpokenTheInstallationSays) {
    for (auto const rule : {srtp::never, srtp::offered, srtp::always}) {
        EXPECT_EQ(is_allowed(rule, carriage::rtp), rule != srtp::always);
        EXPECT_EQ(is_allowed(rule, carriage::srtp), rule != srtp::never);
        EXPECT_FALSE(is_allowed(rule, carriage::other));
    }
}

TEST(HotlineSdp, NobodyCanBeOfferedBySrtp) {
    auto const sdp = by_srtp(offer_of_nobody(), "key");
    EXPECT_EQ(carriage_of(sdp), carriage::srtp) << sdp;
    EXPECT_EQ(usable_audio(sdp), usable_audio(offer_of_nobody()));
}

TEST(HotlineSdp, WhoSaysTheSameAnewIsWhereHeWas) {
    auto const before = offer("audio 4000 RTP/SAVP 8", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 a\r\n");
    auto with = [&](std::string_view was, std::string_view is) {
        auto text = before;
        return text.replace(text.find(was), was.size(), is);
    };
    EXPECT_TRUE(is_same_place(with("o=- 1 1", "o=- 1 2"), before));
    EXPECT_TRUE(is_same_place(with("s=-", "s=call"), before));
    EXPECT_FALSE(is_same_place(with("4000", "4002"), before));
    EXPECT_FALSE(is_same_place(with("c=IN IP4 10.0.0.1", "c=IN IP4 10.0.0.2"), before));
    EXPECT_FALSE(is_same_place(with("_80 a", "_80 b"), before));
    EXPECT_FALSE(is_same_place(with("SAVP", "AVP"), before));
    EXPECT_FALSE(is_same_place(with("SAVP 8", "SAVP 0"), before));
}

TEST(HotlineSdp, WhoHoldsOrComesBackIsWhereHeWas) {
    auto const before = offer("audio 4000 RTP/AVP 8");
    for (auto const* direction : {"sendonly", "recvonly", "inactive", "sendrecv"}) {
        auto const again = offer("audio 4000 RTP/AVP 8", "a=" + std::string(direction) + "\r\n");
        EXPECT_TRUE(is_same_place(again, before)) << direction;
        EXPECT_FALSE(learned_place(again, before)) << direction;
    }
}

TEST(HotlineSdp, WhereHeIsIsLearnedAsOfOneWhoSpeaksAndHears) {
    auto const before = offer("audio 4000 RTP/AVP 8");
    auto const music =
        learned_place(offer("audio 4100 RTP/AVP 8", "a=sendonly\r\na=ptime:20\r\n"), before);
    EXPECT_EQ(music, offer("audio 4100 RTP/AVP 8", "a=ptime:20\r\n"));
    auto nowhere = before;
    nowhere.replace(nowhere.find("IN IP4 10.0.0.1\r\nt="), 15, "IN IP4 0.0.0.0");
    EXPECT_FALSE(learned_place(nowhere, before)) << "he holds, as was done of old";
    EXPECT_FALSE(learned_place(offer("audio 4100 RTP/AVP 18"), before));
    EXPECT_FALSE(learned_place("", before));
}

// ---- what we answer within a dialog ----

std::string const our_sdp = "v=0\r\no=- 7 7 IN IP4 192.0.2.9\r\ns=-\r\nt=0 0\r\n"
                            "m=audio 20000 RTP/AVP 8 0 101\r\nc=IN IP4 192.0.2.9\r\n"
                            "a=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\na=rtcp:20001\r\n";
std::string const keys_101 = "a=rtpmap:101 telephone-event/8000\r\n";

TEST(HotlineSdp, WhoAsksAnewHearsWhatHeHasBeenToldTheOtherWayRound) {
    auto const before = offer("audio 4000 RTP/AVP 8 101", keys_101);
    std::pair<char const*, char const*> const both[] = {{"sendonly", "recvonly"},
                                                        {"recvonly", "sendonly"},
                                                        {"inactive", "inactive"},
                                                        {"sendrecv", "sendrecv"}};
    for (auto const& [his, ours] : both) {
        auto const asked = before + "a=" + his + "\r\n";
        EXPECT_EQ(answer_within(asked, our_sdp, before),
                  "v=0\r\no=- 7 7 IN IP4 192.0.2.9\r\ns=-\r\nt=0 0\r\n"
                  "m=audio 20000 RTP/AVP 8 101\r\nc=IN IP4 192.0.2.9\r\n" +
                      keys_101 + "a=rtcp:20001\r\na=" + ours + "\r\n")
            << "and of the codecs those that he has";
    }
    auto const of_all = "v=0\r\na=inactive\r\nm=audio 4000 RTP/AVP 8\r\n";
    EXPECT_TRUE(answer_within(of_all, our_sdp, before)->ends_with("a=inactive\r\n"));
}

TEST(HotlineSdp, OfTheMediaHeOffersTheFirstSoundIsTakenAndTheOthersAreRefusedInTheirPlaces) {
    auto const before = offer("audio 4000 RTP/AVP 8");
    auto const answer = answer_within(offer("image 4004 udptl t38",
                                            "m=audio 0 RTP/AVP 8\r\nm=audio 4000/2 RTP/AVP 8\r\n"
                                            "a=sendonly\r\nm=video 4006 RTP/AVP 31 34\r\n"),
                                      our_sdp, before);
    ASSERT_TRUE(answer);
    std::vector<std::string> media;
    for (std::size_t at = answer->find("\r\nm="); at != answer->npos;
         at = answer->find("\r\nm=", at + 1))
        media.push_back(answer->substr(at + 2, answer->find("\r\n", at + 2) - at - 2));
    EXPECT_EQ(media,
              (std::vector<std::string>{"m=image 0 udptl t38", "m=audio 0 RTP/AVP 8",
                                        "m=audio 20000 RTP/AVP 8", "m=video 0 RTP/AVP 31 34"}));
}

TEST(HotlineSdp, WhatWeCannotHaveIsRefusedAndAllStays) {
    auto const before = offer("audio 4000 RTP/AVP 8 101", keys_101);
    for (auto const* cannot :
         {"image 4004 udptl t38", "audio 0 RTP/AVP 8", "audio 4000 RTP/AVP 18", "audio"})
        EXPECT_FALSE(answer_within(offer(cannot), our_sdp, before)) << cannot;
    EXPECT_FALSE(
        answer_within(offer("audio 4000 RTP/AVP 0"), offer("audio 20000 RTP/AVP 8"), before))
        << "of G.711 the other half";
    auto const other = offer("audio 4000 RTP/AVP 8 101", "a=rtpmap:101 opus/48000\r\n");
    EXPECT_EQ(usable_audio(*answer_within(other, our_sdp, before))->dtmf, std::nullopt)
        << "what is a key with us is none with him";
    EXPECT_FALSE(answer_within("", our_sdp, before));
}

TEST(HotlineSdp, NobodyIsAnsweredOutOfHisSecrecy) {
    auto const by = [](std::string const& port, std::string const& key) {
        return offer("audio " + port + " RTP/SAVP 8", "a=crypto:" + key + "\r\n");
    };
    std::string const suite = "1 AES_CM_128_HMAC_SHA1_80 ", gcm = "1 AEAD_AES_256_GCM ";
    auto const before = by("4000", suite + "inline:his");
    auto const ours = by("20000", suite + "inline:ours");
    EXPECT_TRUE(answer_within(by("4100", suite + "inline:new"), ours, before));
    EXPECT_FALSE(answer_within(by("4000", gcm + "inline:his"), ours, before));
    EXPECT_FALSE(answer_within(offer("audio 4000 RTP/AVP 8"), ours, before));
    auto const clear = offer("audio 4000 RTP/AVP 8");
    EXPECT_FALSE(answer_within(before, our_sdp, clear)) << "nor into it: it was agreed upon";
}

TEST(HotlineSdp, ABrowserHoldsAndItsConnectionStays) {
    auto const by_ice = [](std::string const& name, std::string const& more) {
        return offer("audio 9 UDP/TLS/RTP/SAVPF 8 111", "a=ice-ufrag:" + name + "\r\n" + more);
    };
    auto const before = by_ice("one", "a=setup:active\r\n");
    auto const ours = by_ice("ours", "a=setup:actpass\r\na=mid:0\r\n");
    auto const answer =
        answer_within(by_ice("one", "a=setup:actpass\r\na=sendonly\r\n"), ours, before);
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->ends_with("a=setup:passive\r\na=mid:0\r\na=recvonly\r\n")) << *answer;
    EXPECT_FALSE(answer_within(by_ice("two", "a=setup:actpass\r\n"), ours, before))
        << "one that would begin anew";
}

TEST(HotlineSdp, AnyBytesAreReadWithoutHarm) {
    auto const good = offer("audio 4000 RTP/AVP 8 0 101", "a=rtpmap:101 telephone-event/8000\r\n");
    for (unsigned seed = 0; seed < 20'000; ++seed) {
        std::mt19937 dice(seed);
        auto bytes = good;
        for (int changes = 0; changes < 5; ++changes)
            bytes[dice() % bytes.size()] = static_cast<char>(dice() % 256);
        bytes.resize(dice() % (bytes.size() + 1));
        auto const read = usable_audio(bytes);
        if (read) {
            EXPECT_TRUE(read->codec == 0 || read->codec == 8);
        }
        learned_place(bytes, good);
        auto const answer = answer_within(bytes, good, good);
        EXPECT_TRUE(!answer || usable_audio(*answer)) << bytes;
        EXPECT_TRUE(!answer_within(good, bytes, good) || usable_audio(bytes));
    }
}

TEST(HotlineAdmission, BoundNumbersHaveLinesThatOthersMayNotTake) {
    admission lines({.lines = 10, .for_bound = 3});
    EXPECT_TRUE(lines.admits("anybody", 9)) << "nobody has said who is bound";
    lines.add_bound("13800000001");
    EXPECT_TRUE(lines.admits("anybody", 6));
    EXPECT_FALSE(lines.admits("anybody", 7));
    EXPECT_TRUE(lines.admits("13800000001", 9));
    EXPECT_FALSE(lines.admits("13800000001", 10));
    EXPECT_FALSE(lines.admits("", 7)) << "a withheld number is nobody's";
    for (auto const* as_networks_write_it : {"+8613800000001", "008613800000001", "8613800000001"})
        EXPECT_TRUE(lines.admits(as_networks_write_it, 9)) << as_networks_write_it;
    lines.add_bound("09318400000");
    EXPECT_TRUE(lines.admits("0931-8400000", 9));
    lines.forget_bound();
    EXPECT_TRUE(lines.admits("anybody", 9));
}

TEST(HotlineAdmission, ANumberIsTheSameHoweverTheNetworkWritesIt) {
    for (auto const& each : telephone_numbers)
        EXPECT_EQ(national(each.written), each.dialled) << each.written;
}

TEST(HotlineSipText, WhoCallsAndWhatHePressed) {
    EXPECT_EQ(user_of("\"Li\" <sip:13800000001@trunk;user=phone>"), "13800000001");
    EXPECT_EQ(user_of("tel:+8613800000001;x=1"), "+8613800000001");
    EXPECT_EQ(user_of("sip:trunk.example"), "");
    EXPECT_EQ(user_of("nobody"), "");
    EXPECT_EQ(digit_in("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n"), '5');
    EXPECT_EQ(digit_in("application/dtmf-relay", "Signal= #\r\n"), '#');
    EXPECT_EQ(digit_in("application/dtmf", "1"), '1');
    EXPECT_FALSE(digit_in("application/dtmf-relay", "Duration=160"));
    EXPECT_FALSE(digit_in("application/dtmf-relay", "Signal="));
    EXPECT_FALSE(digit_in("text/plain", "1"));
}

TEST(HotlineSipText, OfWhatTheyWroteOnlyWhatCanBeToldIsKept) {
    EXPECT_EQ(visible("+86-138 0000 0001"), "+86-13800000001");
    EXPECT_EQ(visible("138\xc0\xff\r\n\t\x7f"
                      "1"),
              "1381");
    EXPECT_EQ(visible("\xe6\x9d\x8e"), "") << "nor a name";
    EXPECT_EQ(visible(std::string(500, '7')), std::string(40, '7'));
    EXPECT_EQ(visible(std::string(500, '\x80') + "1"), "1");
}

TEST(HotlineCommandRules, NothingButAnAddressGoesIntoARequest) {
    EXPECT_TRUE(is_address("sip:zhangmin@desk.example"));
    EXPECT_FALSE(is_address("zhangmin"));
    EXPECT_FALSE(is_address("sip:a@b\r\nX-Evil: 1"));
    EXPECT_FALSE(is_address("sip:a@b>"));
    EXPECT_FALSE(is_address("sip:a@b?Replaces=x"));
    EXPECT_TRUE(is_own_header("X-Call-Ref", "A-77"));
    EXPECT_FALSE(is_own_header("X-Call-Ref", "A\r\nRoute: <sip:evil>"));
    EXPECT_FALSE(is_own_header("Route", "sip:evil"));
    EXPECT_FALSE(is_sound("../../etc/passwd"));
    EXPECT_TRUE(is_sound("you_are_number-3"));
}

} // namespace
} // namespace linli::tests
