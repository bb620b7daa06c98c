#include "domain/ids.hpp"

#include <random>

#include <gtest/gtest.h>

#include "domain/alert.hpp"
#include "domain/order.hpp"

namespace linli::tests {

using namespace domain;

TEST(ids, a_uuid_is_written_in_its_canonical_form_and_read_back) {
    std::mt19937_64 random(7);
    for (int i = 0; i < 1000; ++i) {
        uuid id;
        for (auto& byte : id.bytes)
            byte = static_cast<std::uint8_t>(random());
        auto const text = to_string(id);
        EXPECT_EQ(text.size(), 36U);
        EXPECT_EQ(parse_uuid(text), id) << text;
    }
}

TEST(ids, a_known_uuid) {
    auto const id = parse_uuid("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"); // RFC 9562, A.6
    ASSERT_TRUE(id);
    EXPECT_EQ(id->bytes[0], 0x01);
    EXPECT_EQ(id->bytes[6] >> 4, 7);
    EXPECT_EQ(id->bytes[15], 0x8f);
    EXPECT_EQ(parse_uuid("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"), id);
    EXPECT_EQ(to_string(*id), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

TEST(ids, junk_is_no_uuid) {
    for (auto const* junk :
         {"", "-", "017f22e279b07cc398c4dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
          "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0", "017f22e279b0--7cc3-98c4-dc0c0c07398f",
          "017f22e2-79b0-7cc3-98c4-dc0c0c07398g", "017f22e2+79b0-7cc3-98c4-dc0c0c07398f",
          " 17f22e2-79b0-7cc3-98c4-dc0c0c07398f", "{17f22e2-79b0-7cc3-98c4-dc0c0c07398}",
          "------------------------------------"})
        EXPECT_FALSE(parse_uuid(junk)) << junk;
    EXPECT_FALSE(parse_uuid(std::string(36, '\0')));
}

TEST(ids, later_ids_sort_later) {
    auto const earlier = parse_uuid("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    auto const later = parse_uuid("017f22e2-79b1-7000-8000-000000000000");
    EXPECT_LT(*earlier, *later);
}

namespace {

template <class E>
void every_word_is_said_once() {
    for (auto const& [value, text] : names<E>::table) {
        EXPECT_EQ(to_text(value), text) << "two words for one";
        EXPECT_EQ(from_text<E>(text), value) << "one word for two";
    }
    EXPECT_FALSE(from_text<E>("no such word"));
    EXPECT_FALSE(from_text<E>(""));
}

} // namespace

TEST(words, each_enumeration_has_one_word_for_each_value_and_none_twice) {
    every_word_is_said_once<refusal>();
    every_word_is_said_once<log_kind>();
    every_word_is_said_once<actor_kind>();
    every_word_is_said_once<alert_kind>();
    every_word_is_said_once<alert_state>();
    every_word_is_said_once<disposition>();
    every_word_is_said_once<site_level>();
    every_word_is_said_once<signal_kind>();
    every_word_is_said_once<order_state>();
    every_word_is_said_once<order_place>();
    every_word_is_said_once<offer_state>();
    every_word_is_said_once<offer_when>();
    every_word_is_said_once<reply_kind>();
    every_word_is_said_once<match_reason>();
}

} // namespace linli::tests
