#include <chrono>
#include <random>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/command_encoding.hpp"
#include "adapters/wire/device_words.hpp"
#include "adapters/wire/encoding.hpp"
#include "adapters/wire/provider_words.hpp"
#include "adapters/wire/reply_reading.hpp"
#include "adapters/wire/report_words.hpp"
#include "adapters/wire/signal_reading.hpp"
#include "adapters/wire/state_reading.hpp"
#include "adapters/wire/topics.hpp"

namespace linli::wire {
namespace {

using domain::signal_kind;
using namespace std::chrono_literals;
using namespace std::string_literals;

domain::device_id const watch{"w1"};
domain::provider_id const company{"c1"};
domain::instant const noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 12h;

domain::signal read(std::string_view payload,
                    std::optional<std::string_view> content_type = std::nullopt) {
    return read_signal(watch, payload, content_type, "mqtt", noon);
}

domain::signal a_press() {
    domain::signal s;
    s.device = watch;
    s.event = domain::make_event_id(watch, {7, 42});
    s.kind = signal_kind::sos;
    s.happened_at = noon - 3s;
    s.fix = domain::position{31.23, 121.47, 12, domain::position_source::gps};
    s.battery_percent = 85;
    s.text = "红色按键";
    return s;
}

// ------------------------------------------------------------------ topics

TEST(topics, tell_who_says_what) {
    EXPECT_EQ(std::get<device_signal>(parse_topic("linli/v1/d/d-w1/signal")).device, watch);
    EXPECT_EQ(std::get<device_telemetry>(parse_topic("linli/v1/d/d-w1/telemetry")).device, watch);
    EXPECT_EQ(std::get<device_state>(parse_topic("linli/v1/d/d-w1/state")).device, watch);
    EXPECT_EQ(std::get<provider_replies>(parse_topic("linli/v1/p/p-c1/replies")).provider, company);
}

TEST(topics, come_back_as_they_were_made) {
    EXPECT_EQ(std::get<device_signal>(parse_topic(signal_topic(watch))).device, watch);
    EXPECT_EQ(std::get<device_telemetry>(parse_topic(telemetry_topic(watch))).device, watch);
    EXPECT_EQ(std::get<device_state>(parse_topic(state_topic(watch))).device, watch);
    EXPECT_EQ(std::get<provider_replies>(parse_topic(replies_topic(company))).provider, company);
    EXPECT_EQ(receipt_topic(watch), "linli/v1/d/d-w1/receipt");
    EXPECT_EQ(command_topic(watch), "linli/v1/d/d-w1/command");
    EXPECT_EQ(offers_topic(company), "linli/v1/p/p-c1/offers");
}

class no_topic_of_ours : public testing::TestWithParam<std::string> {};

TEST_P(no_topic_of_ours, is_unknown) {
    EXPECT_TRUE(std::holds_alternative<unknown_topic>(parse_topic(GetParam())));
}

INSTANTIATE_TEST_SUITE_P(topics, no_topic_of_ours,
                         testing::Values("", "linli/v1/d/w1/signal", "linli/v1/d/p-c1/signal",
                                         "linli/v1/p/d-w1/replies", "linli/v1/d/d-/signal",
                                         "linli/v1/d/d-w1", "linli/v1/d/d-w1/",
                                         "linli/v1/d/d-w1/signal/x", "linli/v1/d/d-w1/receipt",
                                         "linli/v2/d/d-w1/signal", "linli/v1/d/d-w:1/signal",
                                         "linli/v1/d/d-w 1/signal", "linli/v1/d/d-手表/signal",
                                         "linli/v1/d/d-" + std::string(65, 'a') + "/signal",
                                         "linli/v1/server/state"));

TEST(topics, allow_an_id_of_64_characters) {
    auto const id = std::string(64, 'a');
    EXPECT_EQ(std::get<device_signal>(parse_topic(signal_topic({id}))).device.value, id);
}

// ------------------------------------------------------------------ signals

class both_forms : public testing::TestWithParam<form> {};
INSTANTIATE_TEST_SUITE_P(wire, both_forms, testing::Values(form::protobuf, form::json));

TEST_P(both_forms, a_press_arrives_as_it_was_made) {
    auto const s = read(encode_signal(a_press(), GetParam()), content_type(GetParam()));
    EXPECT_EQ(s.event.value, "w1:7:42");
    EXPECT_EQ(s.device, watch);
    EXPECT_EQ(s.kind, signal_kind::sos);
    EXPECT_EQ(s.door, "mqtt");
    EXPECT_EQ(s.received_at, noon);
    EXPECT_EQ(s.happened_at, noon - 3s);
    EXPECT_EQ(s.fix, a_press().fix);
    EXPECT_EQ(s.battery_percent, 85);
    EXPECT_EQ(s.text, "红色按键");
    EXPECT_EQ(s.raw, "");
}

TEST_P(both_forms, every_kind_and_source_round_trips) {
    for (auto const& [kind, name] : domain::names<signal_kind>::table) {
        if (kind == signal_kind::clock_jump || kind == signal_kind::outage)
            continue; // the house's own
        auto sent = a_press();
        sent.kind = kind;
        auto const s = read(encode_signal(sent, GetParam()));
        EXPECT_EQ(s.kind, kind) << name;
        EXPECT_EQ(s.raw.empty(), kind != signal_kind::unreadable) << name;
    }
    using source = domain::position_source;
    for (auto const each : {source::unknown, source::gps, source::wifi, source::lbs}) {
        auto sent = a_press();
        sent.fix->source = each;
        EXPECT_EQ(read(encode_signal(sent, GetParam())).fix, sent.fix);
    }
}

TEST(signal_reading, takes_a_kind_in_any_writing) {
    for (auto const* payload :
         {R"({"kind":"SIGNAL_KIND_SOS"})", R"({"kind":"SOS"})", R"({"kind":"sos"})",
          R"({"kind":1})", R"({"kind":"1"})", R"({"kind":1.0})", "\xEF\xBB\xBF {\"kind\":\"sos\"}",
          "\r\n\t {\"kind\":\"sos\",}", R"({"kind":"sos"} and more)", R"({kind: sos})",
          R"({'kind':'sos'})", R"([{"kind":"sos"}])", R"({"x":{"kind":"sos"}})",
          R"({"Kind" : "Sos"})", "{\"text\":\"\x81\x5C\",\"kind\":\"sos\"",
          R"({"a":"\"kind":"sos"})", R"({"kind":"sos","kind":"nonsense"})"})
        EXPECT_EQ(read(payload).kind, signal_kind::sos) << payload;
}

TEST(signal_reading, a_kind_that_we_do_not_know_is_unreadable_and_kept) {
    for (auto const* payload : {R"({"kind":"earthquake"})", R"({"kind":99})", R"({"kind":null})",
                                R"({"kind":true})", R"({"text":"no kind"})", "{}", "", "hello",
                                "\x10\x63", "\xff\xff\xff", "{\"kind\":\"SO", "{\"kind\":1"}) {
        auto const s = read(payload);
        EXPECT_EQ(s.kind, signal_kind::unreadable) << payload;
        EXPECT_EQ(s.raw, payload);
        EXPECT_THAT(s.event.value, testing::StartsWith("w1:x:"));
    }
}

TEST(signal_reading, a_fall_is_taken_back_only_by_what_is_read_whole) {
    EXPECT_EQ(read(R"({"kind":"fall_cancelled"})").kind, signal_kind::fall_cancelled);
    EXPECT_EQ(read(R"({"kind":"FALL_CANCELLED","text":12})").kind, signal_kind::fall_cancelled);
    EXPECT_EQ(read(R"({"kind":"FALL_CONFIRMED")").kind, signal_kind::fall_confirmed);
    for (auto const* payload :
         {"{\"text\":\"\x81\x5C\",\"kind\":\"fall_cancelled\"",
          R"({"x":{"kind":"fall_cancelled"}})", R"({"kind":"fall_cancelled","kind":"nonsense"})",
          R"({"kind":"fall_canceled"})"})
        EXPECT_EQ(read(payload).kind, signal_kind::unreadable) << payload;
}

TEST(signal_reading, keeps_64_kib_of_what_it_could_not_read) {
    auto const s = read(std::string(100'000, 'x'));
    EXPECT_EQ(s.raw, std::string(65'536, 'x'));
}

TEST(signal_reading, believes_the_content_type_only_when_the_bytes_do_not_speak) {
    EXPECT_EQ(read(R"({"kind":"sos"})", "application/x-protobuf").kind, signal_kind::sos);
    EXPECT_EQ(read("kind=sos;", "application/JSON").kind, signal_kind::sos);
    EXPECT_EQ(read(encode_signal(a_press()), "text/plain").kind, signal_kind::sos);
    EXPECT_EQ(read(encode_signal(a_press()), "application/json").kind, signal_kind::sos);
}

TEST(signal_reading, reads_the_example_of_proto_readme) {
    auto const s = read(R"({
    "event": {"boot": 7, "sequence": 42}, "kind": "SOS", "happenedAt": "2026-11-23T08:15:00Z",
    "position": {"latitude": 36.0612, "longitude": 103.8343, "accuracyM": 20, "source": "GPS"},
    "batteryPercent": 85, "text": "red key"})");
    EXPECT_EQ(s.kind, signal_kind::sos);
    EXPECT_EQ(s.event.value, "w1:7:42");
    EXPECT_TRUE(s.happened_at);
    EXPECT_EQ(s.fix->source, domain::position_source::gps);
    EXPECT_EQ(s.fix->accuracy_m, 20);
    EXPECT_EQ(s.battery_percent, 85);
    EXPECT_EQ(s.text, "red key");
    EXPECT_EQ(s.raw, "");
}

TEST(signal_reading, ignores_what_a_newer_device_adds) {
    auto const s = read(R"({"kind":"sos","mood":{"kind":"fall","x":[1,{"y":2}]},"event":{"boot":7,
        "sequence":"42","turn":3}})");
    EXPECT_EQ(s.kind, signal_kind::sos);
    EXPECT_EQ(s.event.value, "w1:7:42");
    EXPECT_EQ(s.raw, "");
    auto const newer = encode_signal(a_press()) + "\xA2\x06\x03xyz\xA8\x06\x05";
    EXPECT_EQ(read(newer).raw, "");
    EXPECT_EQ(read(newer).event.value, "w1:7:42");
}

TEST(signal_reading, one_bad_field_costs_only_itself) {
    auto const s = read(R"({"position":"here","happenedAt":"yesterday","batteryPercent":"full",
        "event":{"boot":7,"sequence":42},"kind":"sos","text":12})");
    EXPECT_EQ(s.kind, signal_kind::sos);
    EXPECT_EQ(s.event.value, "w1:7:42");
    EXPECT_EQ(s.fix, std::nullopt);
    EXPECT_EQ(s.happened_at, std::nullopt);
    EXPECT_EQ(s.battery_percent, std::nullopt);
    EXPECT_NE(s.raw, "");
    // Protobuf: position's bytes are rubbish, time is a number, battery a text.
    auto const p = read("\x0A\x04\x08\x07\x10\x2A\x10\x01\x22\x03\xFF\xFF\xFF\x18\x05\x2A\x01x");
    EXPECT_EQ(p.kind, signal_kind::sos);
    EXPECT_EQ(p.event.value, "w1:7:42");
    EXPECT_NE(p.raw, "");
}

// Found by fuzzing: protobuf throws when one message is copied into another.
TEST(signal_reading, a_time_where_an_object_belongs_costs_only_itself) {
    auto const s = read(R"({"event":"2026-11-23T08:15:00Z","kind":"sos"})");
    EXPECT_EQ(s.kind, signal_kind::sos);
    EXPECT_NE(s.raw, "");
}

TEST(signal_reading, a_zero_byte_after_json_does_no_harm) {
    EXPECT_EQ(read("{\"kind\":\"sos\"}\0"s).kind, signal_kind::sos);
}

TEST(signal_reading, judges_values_not_only_their_form) {
    auto const position = [](double latitude, double longitude) {
        auto sent = a_press();
        sent.fix = domain::position{latitude, longitude, -1, {}};
        return read(encode_signal(sent)).fix;
    };
    EXPECT_TRUE(position(31, 121));
    EXPECT_EQ(position(31, 121)->accuracy_m, 0);
    EXPECT_FALSE(position(0, 0));
    EXPECT_FALSE(position(91, 0));
    EXPECT_FALSE(position(31, 181));
    EXPECT_FALSE(position(std::numeric_limits<double>::quiet_NaN(), 121));
    EXPECT_FALSE(position(31, std::numeric_limits<double>::infinity()));
    EXPECT_EQ(read(R"({"kind":"sos","batteryPercent":0})").battery_percent, std::nullopt);
    EXPECT_EQ(read(R"({"kind":"sos","batteryPercent":100})").battery_percent, 100);
    EXPECT_EQ(read(R"({"kind":"sos","battery_percent":255})").battery_percent, std::nullopt);
    EXPECT_EQ(read(R"({"kind":"sos","batteryPercent":1e99})").battery_percent, std::nullopt);
}

TEST(signal_reading, the_devices_clock_is_data) {
    EXPECT_EQ(*read(R"({"kind":"sos","happenedAt":"1970-01-01T08:00:01+08:00"})").happened_at,
              domain::instant(1s));
    EXPECT_TRUE(read(R"({"kind":"sos","happenedAt":"2099-01-01T00:00:00Z"})").happened_at);
    // Seconds beyond the year 9999, and a negative fraction.
    auto const beyond = read("\x10\x01\x1A\x0B\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F\x10\x01");
    EXPECT_EQ(beyond.kind, signal_kind::sos);
    EXPECT_EQ(beyond.happened_at, std::nullopt);
    EXPECT_NE(beyond.raw, "");
}

TEST(signal_reading, text_is_cut_and_made_utf8) {
    std::string long_text;
    for (int i = 0; i < 600; ++i)
        long_text += "救";
    auto sent = a_press();
    sent.text = long_text;
    EXPECT_EQ(read(encode_signal(sent)).text, long_text.substr(0, 1500));

    auto const gbk = read("\x10\x01\x32\x04\xBE\xC8\xC3\xFC"s); // 救命 in GBK
    EXPECT_EQ(gbk.kind, signal_kind::sos);
    EXPECT_TRUE(is_utf8(gbk.text));
    EXPECT_NE(gbk.raw, "");
    EXPECT_EQ(read("\x10\x01\x32\x03"
                   "a\0b"s)
                  .text,
              "a\xEF\xBF\xBD"
              "b");
}

TEST(signal_reading, without_event_numbers_the_same_bytes_are_one_event_for_ten_seconds) {
    auto const payload = R"({"kind":"sos"})";
    auto const at = [&](domain::instant when) {
        return read_signal(watch, payload, {}, "mqtt", when).event;
    };
    EXPECT_EQ(at(noon), at(noon + 9'999ms));
    EXPECT_NE(at(noon), at(noon + 10s));
    EXPECT_NE(at(noon), read(R"({"kind":"sos" })").event);
    EXPECT_EQ(domain::device_event_of(at(noon)), std::nullopt);
    EXPECT_THAT(at(noon).value, testing::MatchesRegex("w1:x:[0-9a-f]{16}:[0-9]+"));
}

TEST(signal_reading, event_numbers_count_when_one_of_them_is_told) {
    EXPECT_EQ(read(R"({"kind":"sos","event":{"sequence":1}})").event.value, "w1:0:1");
    EXPECT_EQ(read(R"({"kind":"sos","event":{"boot":"18446744073709551615"}})").event.value,
              "w1:18446744073709551615:0");
    EXPECT_THAT(read(R"({"kind":"sos","event":{}})").event.value, testing::StartsWith("w1:x:"));
}

// Half an id would be the same for two presses, and the second would be taken for a resend.
TEST(signal_reading, half_an_event_id_is_none) {
    EXPECT_THAT(read(R"({"kind":"sos","event":{"boot":7,"sequence":4)").event.value,
                testing::StartsWith("w1:x:"));
    EXPECT_THAT(read(R"({"kind":"sos","event":{"boot":7,"sequence":-4}})").event.value,
                testing::StartsWith("w1:x:"));
    EXPECT_THAT(read("\x10\x01\x0A\x04\x08\x07").event.value, testing::StartsWith("w1:x:"));
    EXPECT_EQ(read(R"({"event":{"boot":7,"sequence":42},"kind":"sos","te)").event.value, "w1:7:42");
}

TEST(signal_reading, a_message_cut_anywhere_is_never_silent_and_never_another_kind) {
    for (auto const as : {form::protobuf, form::json}) {
        auto const whole = encode_signal(a_press(), as);
        auto const kind_known_at = as == form::json ? whole.find("SIGNAL_KIND_SOS") + 16 : 8;
        for (std::size_t length = 0; length < whole.size(); ++length) {
            auto const s = read(std::string_view(whole).substr(0, length), content_type(as));
            auto const expected =
                length >= kind_known_at ? signal_kind::sos : signal_kind::unreadable;
            EXPECT_EQ(s.kind, expected) << length;
            if (s.fix) {
                EXPECT_EQ(s.fix->longitude, 121.47);
            }
            if (s.battery_percent) {
                EXPECT_EQ(s.battery_percent, 85);
            }
            if (s.event.value != "w1:7:42") {
                EXPECT_THAT(s.event.value, testing::HasSubstr(":x:"));
            }
        }
    }
}

TEST(signal_reading, reads_anything) {
    std::mt19937_64 random(20261123);
    auto const press = encode_signal(a_press());
    auto const json_press = encode_signal(a_press(), form::json);
    for (int i = 0; i < 30'000; ++i) {
        std::string bytes = i % 3 == 0 ? press : i % 3 == 1 ? json_press : "";
        if (bytes.empty()) bytes.resize(random() % 60);
        auto const changes = i % 3 == 2 ? bytes.size() : 1 + random() % 4;
        for (std::size_t c = 0; c < changes && !bytes.empty(); ++c)
            bytes[random() % bytes.size()] = static_cast<char>(random());
        auto const s = read(bytes);
        EXPECT_NE(domain::to_text(s.kind), "?");
        EXPECT_TRUE(is_utf8(s.text));
        if (s.kind == signal_kind::unreadable) {
            EXPECT_EQ(s.raw, bytes);
        }
        if (s.fix) {
            EXPECT_TRUE(domain::is_usable(*s.fix));
        }
        EXPECT_EQ(domain::device_of(s.event), watch);
    }
}

TEST(signal_reading, survives_json_of_any_depth) {
    std::string deep = R"({"kind":"sos","x":)" + std::string(100'000, '[');
    EXPECT_EQ(read(deep).kind, signal_kind::sos);
    EXPECT_EQ(read(std::string(100'000, '{')).kind, signal_kind::unreadable);
    std::string groups(100'000, '\x3B'); // an unknown group within an unknown group …
    EXPECT_EQ(read(groups).kind, signal_kind::unreadable);
}

// ------------------------------------------------------------------ states

TEST_P(both_forms, presence_is_a_signal) {
    auto const born = encode_state({true, noon - 1min, 7, 60}, GetParam());
    auto const online = read_state(watch, born, {}, "mqtt", noon);
    ASSERT_TRUE(online);
    EXPECT_EQ(online->kind, signal_kind::online);
    EXPECT_EQ(online->happened_at, noon - 1min);
    EXPECT_EQ(online->battery_percent, 60);
    EXPECT_EQ(online->event, read_state(watch, born, {}, "mqtt", noon)->event); // a replay's
    EXPECT_NE(online->event, read_state(watch, born, {}, "mqtt", noon + 3s)->event)
        << "there was a last will in between";
    auto const will = encode_state({false, noon, 7, 0}, GetParam());
    EXPECT_EQ(read_state(watch, will, {}, "mqtt", noon)->kind, signal_kind::offline);
}

TEST(state_reading, raises_nothing_from_rubbish) {
    EXPECT_FALSE(read_state(watch, "offline", {}, "mqtt", noon));
    EXPECT_FALSE(read_state(watch, R"({"online":"perhaps"})", {}, "mqtt", noon));
    EXPECT_FALSE(read_state(watch, R"({"onl)", {}, "mqtt", noon));
    EXPECT_EQ(read_state(watch, R"({"online":true,"since":)", {}, "mqtt", noon)->kind,
              signal_kind::online);
    EXPECT_EQ(read_state(watch, R"({"online":false})", {}, "mqtt", noon)->kind,
              signal_kind::offline);
    EXPECT_EQ(read_state(watch, "", {}, "mqtt", noon)->kind, signal_kind::offline);
}

// ------------------------------------------------------------------ replies

domain::offer_id an_offer() {
    return {*domain::parse_uuid("01934f2e-0000-7000-8000-000000000001")};
}

domain::reply a_reply(domain::reply_kind kind) {
    domain::reply r;
    r.reply_id = "r-1";
    r.offer = an_offer();
    r.kind = kind;
    r.reason = "路上堵车";
    r.needs_120 = true;
    r.happened_at = noon;
    r.fix = domain::position{31, 121, 5, domain::position_source::gps};
    return r;
}

TEST_P(both_forms, every_reply_round_trips) {
    for (auto const& [kind, name] : domain::names<domain::reply_kind>::table) {
        auto const sent = a_reply(kind);
        auto const seen = read_provider_reply(company, encode_reply(sent, GetParam()), {});
        ASSERT_TRUE(seen.what) << name;
        EXPECT_EQ(seen.what->kind, kind);
        EXPECT_EQ(seen.what->provider, company);
        EXPECT_EQ(seen.what->offer, sent.offer);
        EXPECT_EQ(seen.what->reply_id, "r-1");
        EXPECT_EQ(seen.what->reason, sent.reason);
        EXPECT_TRUE(seen.what->needs_120);
        EXPECT_EQ(seen.what->happened_at, noon);
        EXPECT_EQ(seen.what->fix, sent.fix);
        EXPECT_EQ(seen.what->by.who, "");
    }
}

// "\n{" opens JSON; so does protobuf when the reply id has 123 characters. Found by fuzzing.
TEST(reply_reading, a_reply_id_of_any_length_is_no_json) {
    for (std::size_t length = 1; length <= 200; ++length) {
        auto sent = a_reply(domain::reply_kind::accept);
        sent.reply_id = std::string(length, '{');
        auto const seen = read_provider_reply(company, encode_reply(sent), {});
        ASSERT_TRUE(seen.what) << length;
        EXPECT_EQ(seen.reply_id, sent.reply_id);
    }
}

TEST(reply_reading, an_unreadable_reply_is_answered_with_what_is_known_of_it) {
    auto const no_offer =
        read_provider_reply(company, R"({"replyId":"r-1","offerId":"17","kind":"accept"})", {});
    EXPECT_FALSE(no_offer.what);
    EXPECT_EQ(no_offer.reply_id, "r-1");
    EXPECT_EQ(no_offer.offer_text, "17");
    auto const text = to_string(an_offer());
    auto const no_kind = read_provider_reply(
        company, R"({"replyId":"r-2","offerId":")" + text + R"(","kind":"perhaps"})", {});
    EXPECT_FALSE(no_kind.what);
    EXPECT_EQ(no_kind.offer_text, text);
    EXPECT_FALSE(read_provider_reply(company, "", {}).what);
    EXPECT_FALSE(read_provider_reply(company, "hello", {}).what);
}

TEST(reply_reading, cut_anywhere_it_never_becomes_another_reply) {
    for (auto const as : {form::protobuf, form::json}) {
        auto const whole = encode_reply(a_reply(domain::reply_kind::accept), as);
        for (std::size_t length = 0; length < whole.size(); ++length) {
            auto const seen =
                read_provider_reply(company, std::string_view(whole).substr(0, length), {});
            if (!seen.what) continue;
            EXPECT_EQ(seen.what->kind, domain::reply_kind::accept);
            EXPECT_EQ(seen.what->offer, an_offer());
        }
    }
}

// ------------------------------------------------------------------ what we say

TEST(encoding, every_receipt_reaches_the_device) {
    using domain::receipt_stage;
    for (auto const stage :
         {receipt_stage::stored, receipt_stage::accepted, receipt_stage::arrived}) {
        auto const bytes = encode(app::receipt{watch, a_press().event, stage, noon});
        auto const seen = decode_receipt(bytes);
        ASSERT_TRUE(seen);
        EXPECT_EQ(seen->event.value, "w1:7:42");
        EXPECT_EQ(seen->stage, stage);
        EXPECT_EQ(seen->at, noon);
    }
    auto const by_content = read("rubbish").event;
    auto const bytes = encode(app::receipt{watch, by_content, receipt_stage::stored, noon});
    EXPECT_EQ(decode_receipt(bytes)->event, by_content);
}

app::offer_news some_news() {
    app::offer_news news;
    news.offer.id = an_offer();
    news.offer.provider = company;
    news.offer.worker = {"wk1"};
    news.offer.opened_at = noon;
    news.offer.expires_at = noon + 45s;
    news.offer.distance_m = 812;
    news.offer.version = 3;
    news.order = {*domain::parse_uuid("01934f2e-0000-7000-8000-000000000002")};
    news.order_number = "310101-20261123-0007";
    news.service = {"emergency_attendance"};
    news.level = domain::priority::p1;
    news.event = a_press().event;
    news.rough_place = "人民路";
    return news;
}

TEST(encoding, an_offer_reaches_the_provider) {
    auto const seen = decode_offer(encode(some_news()));
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->offer, to_string(an_offer()));
    EXPECT_EQ(seen->version, 3u);
    EXPECT_EQ(seen->state, domain::offer_state::open);
    EXPECT_EQ(seen->event, "w1:7:42");
    EXPECT_EQ(seen->order, "01934f2e-0000-7000-8000-000000000002");
    EXPECT_EQ(seen->order_number, "310101-20261123-0007");
    EXPECT_EQ(seen->service, "emergency_attendance");
    EXPECT_EQ(seen->priority, 1u);
    EXPECT_EQ(seen->worker, "wk1");
    EXPECT_EQ(seen->opened_at, noon);
    EXPECT_EQ(seen->expires_at, noon + 45s);
    EXPECT_EQ(seen->rough_place, "人民路");
    EXPECT_EQ(seen->distance_m, 812u);
    EXPECT_FALSE(seen->visit);
    EXPECT_FALSE(seen->refused);
}

TEST(encoding, an_offer_of_a_booking_says_when) {
    auto news = some_news();
    news.booked = domain::booking{noon + 2h, noon + 150min, "health_card"};
    auto const bytes = encode(news);
    EXPECT_NE(bytes, encode(some_news()));
    EXPECT_EQ(decode_offer(bytes)->wished_from, noon + 2h);
    EXPECT_FALSE(decode_offer(encode(some_news()))->wished_from);
}

TEST(encoding, only_an_accepted_offer_brings_its_visit) {
    auto news = some_news();
    news.offer.state = domain::offer_state::accepted;
    news.visit = app::visit{
        "王秀英", "人民路 8 号 302", "有狗", "13800000000", domain::position{31, 121, 0, {}}, {}};
    news.in_reply_to = "r-1";
    auto const seen = decode_offer(encode(news));
    ASSERT_TRUE(seen && seen->visit);
    EXPECT_EQ(seen->visit->name, "王秀英");
    EXPECT_EQ(seen->visit->door, "人民路 8 号 302");
    EXPECT_EQ(seen->visit->notes, "有狗");
    EXPECT_EQ(seen->visit->phone, "13800000000");
    EXPECT_EQ(seen->visit->place, news.visit->place);
    EXPECT_EQ(seen->in_reply_to, "r-1");
}

TEST(encoding, every_state_and_refusal_round_trips) {
    for (auto const& [state, name] : domain::names<domain::offer_state>::table) {
        auto news = some_news();
        news.offer.state = state;
        news.offer.reason = "why";
        auto const seen = decode_offer(encode(news));
        EXPECT_EQ(seen->state, state) << name;
        EXPECT_EQ(seen->withdrawn_because, state == domain::offer_state::withdrawn ? "why" : "");
    }
    using domain::refusal;
    for (auto const& [why, name] : domain::names<refusal>::table) {
        auto news = some_news();
        news.refused = why;
        news.refused_because = "因为";
        auto const seen = decode_offer(encode(news));
        EXPECT_TRUE(seen->refused);
        bool const is_never_told =
            why == refusal::held || why == refusal::needs_reason || why == refusal::stale;
        if (!is_never_told) {
            EXPECT_EQ(seen->why, why) << name;
        }
        EXPECT_EQ(seen->refusal_text, "因为");
    }
}

TEST(encoding, a_reply_that_was_no_use_is_answered) {
    auto const unknown = decode_offer(
        encode(app::reply_refused{company, "r-1", "17", domain::refusal::unknown, {}}));
    ASSERT_TRUE(unknown);
    EXPECT_EQ(unknown->offer, "17");
    EXPECT_EQ(unknown->in_reply_to, "r-1");
    EXPECT_EQ(unknown->state, std::nullopt);
    EXPECT_TRUE(unknown->refused);
    EXPECT_EQ(unknown->why, domain::refusal::unknown);
    auto const unreadable =
        decode_offer(encode(app::reply_refused{company, "", "", domain::refusal::unknown, true}));
    EXPECT_TRUE(unreadable->refused);
    EXPECT_EQ(unreadable->why, std::nullopt);
}

TEST(encoding, bad_bytes_from_the_registry_do_not_spoil_an_offer) {
    auto news = some_news();
    news.rough_place = "\xC8\xCB";
    EXPECT_TRUE(decode_offer(encode(news)));
    EXPECT_TRUE(is_utf8(decode_offer(encode(news))->rough_place));
}

TEST(a_reports_file, has_its_counts_in_full) {
    app::report_figure const many{"signals", app::figure_unit::count, 4294967295.0, 1, 2};
    app::service_report service;
    service.lines.push_back({{"310000"}, "", false, {many}});
    EXPECT_THAT(service_csv(service), testing::HasSubstr(",4294967295,1,2,count"));
    app::hotline_report hotline;
    hotline.lines.push_back({app::hotline_part::whole, "", {many}});
    EXPECT_THAT(hotline_csv(hotline), testing::HasSubstr(",4294967295,1,2,count"));
}

TEST(wire_command, comes_to_the_device_as_it_was_asked) {
    domain::device_command what;
    what.id.value.bytes[15] = 7;
    what.asked_at = domain::instant(domain::seconds(1'767'268'800));
    what.expires_at = what.asked_at + domain::minutes(2);
    for (auto const& [kind, name] : domain::names<domain::command_kind>::table) {
        what.kind = kind;
        what.values.clear();
        if (kind == domain::command_kind::report_every) what.values = {"600"};
        if (kind == domain::command_kind::sos_numbers) what.values = {"120", "+8612349"};
        auto const read = wire::decode_command(wire::encode(what));
        ASSERT_TRUE(read) << name;
        EXPECT_EQ(*read, what) << name;
    }
    EXPECT_FALSE(wire::decode_command("\xff\xff"));
    EXPECT_FALSE(wire::decode_command(""));
}

} // namespace
} // namespace linli::wire
