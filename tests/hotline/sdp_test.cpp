#include <gtest/gtest.h>

#include <random>
#include <string>

#include "hotline/core/admission.hpp"
#include "hotline/core/command_rules.hpp"
#include "hotline/core/sdp.hpp"
#include "hotline/sip/sip_text.hpp"

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
