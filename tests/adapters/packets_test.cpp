// MQTT 5 as bytes: OASIS standard of 7 March 2019; the section stands beside each example.
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/mqtt/packets.hpp"

namespace linli::mqtt::packets {
namespace {

using namespace std::string_literals;

frame only_frame(std::string const& bytes) {
    auto const found = first_frame(bytes);
    EXPECT_TRUE(found && *found && (*found)->size == bytes.size());
    return found && *found ? **found : frame{};
}

// ------------------------------------------------------------------ what we say

TEST(mqtt_packets, connect_keeps_the_session_and_names_us) {
    std::string out;
    packets::will const none;
    put_connect(out, {"intake", "linli-server", "secret", 20, false, 604'800, none});
    EXPECT_EQ(out, "\x10.\0\4MQTT\5\xC0\0\x14\5\x11\0\x09\x3A\x80\0\6intake\0\x0Clinli-server"
                   "\0\6secret"s); // 3.1
}

TEST(mqtt_packets, connect_carries_a_last_will_and_no_user) {
    std::string out;
    packets::will const gone{"state", "gone"};
    put_connect(out, {"x", "", "", 20, true, 0, gone});
    EXPECT_EQ(out, "\x10!\0\4MQTT\5\x2E\0\x14\5\x11\0\0\0\0\0\1x\0\0\5state\0\4gone"s);
}

TEST(mqtt_packets, subscribe_asks_for_qos_1_and_retained_ones_of_a_new_subscription) {
    std::string out;
    put_subscribe(out, 1, std::vector<std::string>{"a/b", "c/d"});
    EXPECT_EQ(out, "\x82\x0F\0\1\0\0\3a/b\x11\0\3c/d\x11"s); // 3.8
}

TEST(mqtt_packets, the_small_ones) {
    std::string out;
    put_puback(out, 0x1234);
    put_pingreq(out);
    put_disconnect(out);
    EXPECT_EQ(out, "\x40\x02\x12\x34\xC0\0\xE0\0"s); // 3.4, 3.12, 3.14
}

TEST(mqtt_packets, what_we_publish_can_be_read_again_at_every_length) {
    for (std::size_t const size : {0, 1, 100, 118, 119, 120, 16'373, 16'374, 300'000}) {
        std::string out;
        std::string const payload(size, 'x');
        put_publish(out, 65'535, "t/1", payload, size % 2 == 1);
        auto const packet = only_frame(out);
        EXPECT_EQ(packet.what, kind::publish);
        EXPECT_EQ(packet.flags, size % 2 == 1 ? 3 : 2);
        auto const read = read_publish(packet);
        ASSERT_TRUE(read) << size;
        EXPECT_EQ(read->topic, "t/1");
        EXPECT_EQ(read->id, 65'535);
        EXPECT_EQ(read->payload, payload);
        EXPECT_FALSE(read->content_type);
    }
}

// ------------------------------------------------------------------ what the broker says

TEST(mqtt_packets, connack_says_whether_we_may_and_what_is_left_of_us) {
    auto const ours = read_connack(only_frame("\x20\x09\0\0\6\"\0\x0A!\0\x14"s)); // mosquitto's
    ASSERT_TRUE(ours);
    EXPECT_FALSE(ours->session_present);
    EXPECT_EQ(ours->reason, 0);
    EXPECT_EQ(ours->receive_maximum, 20);
    auto const kept = read_connack(only_frame("\x20\x06\1\0\3\x13\0\x3C"s));
    ASSERT_TRUE(kept);
    EXPECT_TRUE(kept->session_present);
    EXPECT_EQ(kept->keep_alive_s, 60);
    EXPECT_EQ(kept->receive_maximum, 65'535);
    auto const refused_by_an_old_one = read_connack(only_frame("\x20\x02\0\x84"s));
    ASSERT_TRUE(refused_by_an_old_one);
    EXPECT_GE(refused_by_an_old_one->reason, refused);
    EXPECT_FALSE(read_connack(only_frame("\x20\x06\0\0\3!\0\0"s))); // a receive maximum of 0
}

TEST(mqtt_packets, publish_with_every_property_there_is) {
    auto const properties = "\x01\x01"                       // payload format
                            "\x02\0\0\0\x09"                 // expiry
                            "\x03\0\x04json"                 // content type
                            "\x08\0\1r"                      // response topic
                            "\x09\0\1c"                      // correlation data
                            "\x0B\xFF\x01"                   // subscription identifier
                            "\x23\0\7"                       // topic alias
                            "\x26\0\1k\0\1v\x26\0\1k\0\1w"s; // the user's own
    auto body = "\0\1t\0\7"s + static_cast<char>(properties.size()) + properties + "hello";
    auto const packet = "\x32"s + static_cast<char>(body.size()) + body;
    auto const read = read_publish(only_frame(packet));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->content_type, "json");
    EXPECT_EQ(read->payload, "hello");
    EXPECT_EQ(read->id, 7);
    // Cut anywhere inside, it is malformed, and nothing is read behind its end.
    for (std::size_t cut = 0; cut < body.size() - 5; ++cut) {
        auto const shorter = "\x32"s + static_cast<char>(cut) + body.substr(0, cut);
        EXPECT_FALSE(read_publish(only_frame(shorter))) << cut;
    }
}

TEST(mqtt_packets, publish_of_qos_0_has_no_id_and_qos_2_is_none_of_ours) {
    auto const once = read_publish(only_frame("\x30\x06\0\1t\0hi"s));
    ASSERT_TRUE(once);
    EXPECT_EQ(once->id, 0);
    EXPECT_EQ(once->payload, "hi");
    EXPECT_FALSE(read_publish(only_frame("\x34\x08\0\1t\0\1\0hi"s)));
    EXPECT_FALSE(read_publish(only_frame("\x32\x08\0\1t\0\0\0hi"s)));       // id 0: 2.2.1
    EXPECT_FALSE(read_publish(only_frame("\x32\x0A\0\1t\0\1\2\x7F\0hi"s))); // no such property
}

TEST(mqtt_packets, puback_and_suback) {
    auto const good = read_puback(only_frame("\x40\x02\0\7"s));
    ASSERT_TRUE(good);
    EXPECT_EQ(good->reason, 0);
    auto const denied = read_puback(only_frame("\x40\x03\0\7\x87"s));
    ASSERT_TRUE(denied);
    EXPECT_EQ(denied->id, 7);
    EXPECT_EQ(denied->reason, 0x87);
    EXPECT_FALSE(read_puback(only_frame("\x40\x01\0"s)));
    auto const granted = read_suback(only_frame("\x90\x05\0\1\0\1\x87"s));
    ASSERT_TRUE(granted);
    EXPECT_EQ(granted->reasons, "\1\x87");
    EXPECT_FALSE(read_suback(only_frame("\x90\x02\0\1"s)));
}

// ------------------------------------------------------------------ where a packet ends

TEST(mqtt_packets, come_one_by_one_out_of_whatever_was_read) {
    std::string stream;
    for (int i = 1; i < 200; ++i)
        put_publish(stream, static_cast<std::uint16_t>(i), "t", std::string(i * 3, 'p'), false);
    std::size_t read = 0;
    std::size_t at = 0;
    std::string_view const all = stream;
    for (std::size_t had = 1; had <= all.size(); ++had) { // byte by byte
        auto const next = first_frame(all.substr(at, had - at));
        ASSERT_TRUE(next);
        if (!*next) continue;
        ASSERT_EQ(read_publish(**next)->id, ++read);
        at += (*next)->size;
    }
    EXPECT_EQ(read, 199u);
    EXPECT_EQ(at, all.size());
}

TEST(mqtt_packets, a_length_that_lies_is_refused_at_once) {
    EXPECT_TRUE(first_frame("\x32\xFF\xFF\xFF\xFF\x01"s).has_error()); // 1.5.5: four bytes at most
    EXPECT_TRUE(first_frame("\x32\xFF\xFF\xFF\x7F"s).has_error());     // 256 MiB
    auto const unfinished = first_frame("\x32\xFF\xFF"s);
    ASSERT_TRUE(unfinished);
    EXPECT_FALSE(*unfinished);
}

} // namespace
} // namespace linli::mqtt::packets
