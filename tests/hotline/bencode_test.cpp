#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "hotline/media/bencode.hpp"
#include "hotline/media/session_name.hpp"

namespace linli::tests {
namespace {

using namespace hotline;
using bencode::decode;
using bencode::dictionary;
using bencode::encode;
using bencode::list;
using bencode::value;

value a_request() {
    return value(dictionary{{"command", "offer"},
                            {"call-id", "h1-1.0"},
                            {"rtcp-mux", list{"demux", std::int64_t{-3}}},
                            {"inner", dictionary{{"", ""}}}});
}

TEST(HotlineBencode, SpeaksAsTheNgProtocolDoes) {
    EXPECT_EQ(encode(a_request()), "d7:call-id6:h1-1.07:command5:offer5:innerd0:0:e"
                                   "8:rtcp-muxl5:demuxi-3eee");
    EXPECT_EQ(decode(encode(a_request())), a_request());
}

TEST(HotlineBencode, KeepsAnyBytesOfAText) {
    std::string const bytes("e5:\0\xff:", 6);
    EXPECT_EQ(decode(encode(value(bytes)))->text(), bytes);
}

TEST(HotlineBencode, WhatIsNotThereIsEmpty) {
    auto const read = decode("d6:result2:ok8:durationi500ee");
    EXPECT_EQ(read->text_of("result"), "ok");
    EXPECT_EQ(read->number_of("duration"), 500);
    EXPECT_EQ(read->text_of("duration"), "");
    EXPECT_EQ(read->number_of("nothing"), 0);
    EXPECT_EQ(read->find("result")->find("x"), nullptr);
}

class WrongBencode : public testing::TestWithParam<std::string> {};

TEST_P(WrongBencode, IsNotRead) {
    EXPECT_FALSE(decode(GetParam())) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(HotlineBencode, WrongBencode,
                         testing::Values("", "x", "i", "ie", "i1", "i-e", "1", "1:", "2:a", "-1:a",
                                         "l", "li1e", "d", "d1:a", "d1:ae", "di1ei1ee", "i1ei2e",
                                         "99999999999999999999:a", "i99999999999999999999e",
                                         "18446744073709551615:a"));

TEST(HotlineBencode, DeepNestingIsRefusedAndNoStackIsUsedUp) {
    EXPECT_TRUE(decode(std::string(30, 'l') + std::string(30, 'e')));
    EXPECT_FALSE(decode(std::string(100'000, 'l')));
    EXPECT_FALSE(decode(std::string(60, 'l') + std::string(60, 'e')));
}

TEST(HotlineBencode, WhatIsReadFromAnyBytesIsWrittenTheSameWay) {
    auto const good = encode(a_request());
    for (unsigned seed = 0; seed < 50'000; ++seed) {
        std::mt19937 dice(seed);
        auto bytes = good;
        for (unsigned changes = dice() % 4; changes > 0; --changes)
            bytes[dice() % bytes.size()] = "ild:e0123-\xff"[dice() % 12];
        bytes.resize(dice() % (bytes.size() + 1));
        if (auto const read = decode(bytes)) {
            EXPECT_EQ(decode(encode(*read)), read);
        }
    }
}

TEST(HotlineSessionName, IsFoundAgainAndOthersAreNot) {
    call_id const call{"h5a-12"};
    EXPECT_EQ(parse_session_name(session_name(call, 3), "h5a"), (std::pair{call, 3U}));
    EXPECT_FALSE(parse_session_name("h4-12.3", "h5a"));
    EXPECT_FALSE(parse_session_name("h5a-12", "h5a"));
    EXPECT_FALSE(parse_session_name("h5a-12.x", "h5a"));
    EXPECT_FALSE(parse_session_name("h5a-12.", "h5a"));
}

} // namespace
} // namespace linli::tests
