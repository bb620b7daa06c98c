#include <chrono>
#include <limits>
#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/wire/device_words.hpp"
#include "adapters/wire/telemetry_reading.hpp"

namespace linli::wire {
namespace {

using domain::vital_sign;
using namespace std::chrono_literals;

domain::device_id const watch{"w1"};
domain::instant const noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 12h;

domain::telemetry read(std::string_view payload,
                       std::optional<std::string_view> content_type = std::nullopt) {
    return read_telemetry(watch, payload, content_type, noon);
}

domain::telemetry an_hour_of_a_watch() {
    domain::telemetry t;
    t.device = watch;
    t.event = domain::make_event_id(watch, {7, 43});
    t.received_at = noon;
    t.vitals = {{noon - 60min, vital_sign::heart_rate, 71},
                {noon - 60min, vital_sign::oxygen_saturation, 97},
                {noon - 30min, vital_sign::systolic_pressure, 131.5},
                {noon - 30min, vital_sign::diastolic_pressure, 82}};
    t.fixes = {{noon - 20min, {36.0612, 103.8343, 20, domain::position_source::gps}},
               {noon - 10min, {36.0613, 103.8341, 400, domain::position_source::lbs}}};
    t.battery = {{noon - 5min, 64}};
    t.activities = {{noon - 3min, domain::activity_kind::motion, 0},
                    {noon - 2min, domain::activity_kind::water, 12.5}};
    return t;
}

class both_forms_of_telemetry : public testing::TestWithParam<form> {};
INSTANTIATE_TEST_SUITE_P(wire, both_forms_of_telemetry,
                         testing::Values(form::protobuf, form::json));

TEST_P(both_forms_of_telemetry, an_hour_of_a_watch_arrives_as_it_was_measured) {
    auto const sent = an_hour_of_a_watch();
    EXPECT_EQ(read(encode_telemetry(sent, GetParam()), content_type(GetParam())), sent);
}

TEST_P(both_forms_of_telemetry, every_vital_sign_round_trips) {
    for (auto const& [what, name] : domain::names<vital_sign>::table) {
        auto sent = an_hour_of_a_watch();
        sent.vitals = {{noon, what, 36.5}};
        EXPECT_EQ(read(encode_telemetry(sent, GetParam())).vitals, sent.vitals) << name;
    }
}

TEST_P(both_forms_of_telemetry, every_activity_round_trips) {
    for (auto const& [what, name] : domain::names<domain::activity_kind>::table) {
        auto sent = an_hour_of_a_watch();
        sent.activities = {{noon, what, 1}};
        EXPECT_EQ(read(encode_telemetry(sent, GetParam())).activities, sent.activities) << name;
    }
}

TEST(telemetry_reading, an_activity_in_a_makers_words_is_read) {
    auto const t = read(R"({"samples":[{"activities":[{"kind":"OUT_OF_BED"}]}]})");
    ASSERT_EQ(t.activities.size(), 1U);
    EXPECT_EQ(t.activities[0].what, domain::activity_kind::out_of_bed);
}

TEST_P(both_forms_of_telemetry, a_device_that_knows_no_time_is_heard_all_the_same) {
    auto sent = an_hour_of_a_watch();
    sent.vitals = {{std::nullopt, vital_sign::heart_rate, 71}};
    sent.fixes.clear();
    sent.battery.clear();
    EXPECT_EQ(read(encode_telemetry(sent, GetParam())), sent);
}

TEST(telemetry_reading, reads_the_example_of_proto_readme) {
    auto const t = read(R"({
    "event": {"boot": 7, "sequence": 43}, "samples": [
      {"at": "2026-11-23T08:10:00Z", "vitals": [{"code": "8867-4", "value": 72},
                                                {"code": "59408-5", "value": 96.5}]},
      {"at": "2026-11-23T08:15:00Z", "batteryPercent": 85, "position":
        {"latitude": 36.0612, "longitude": 103.8343, "accuracyM": 20, "source": "GPS"}}]})");
    EXPECT_EQ(t.event.value, "w1:7:43");
    ASSERT_EQ(t.vitals.size(), 2U);
    EXPECT_EQ(t.vitals[1].what, vital_sign::oxygen_saturation);
    EXPECT_EQ(t.vitals[1].value, 96.5);
    ASSERT_EQ(t.fixes.size(), 1U);
    EXPECT_EQ(t.fixes[0].where.source, domain::position_source::gps);
    EXPECT_EQ(t.battery.at(0).percent, 85);
    EXPECT_EQ(t.raw, "");
}

TEST(telemetry_reading, what_cannot_be_read_is_kept_raw_and_costs_only_itself) {
    struct {
        char const* payload;
        std::size_t vitals;
    } const table[] = {
        {"", 0},
        {"hello", 0},
        {"{}", 0},
        {"\xff\xff", 0},
        {R"({"samples":[]})", 0},
        {R"({"samples":7})", 0},
        {R"({"samples":[7,{"vitals":[{"code":"8867-4","value":70}]}]})", 1},
        {R"({"samples":[[{"vitals":[{"code":"8867-4","value":70}]}]]})", 0},
        {R"({"samples":[{"vitals":[{"code":"8867-4","value":70},{"code":"1-8","value":1}]}]})", 1},
        {R"({"samples":[{"vitals":[{"code":"8867-4","value":70},{"code":"8867-4"}]}]})", 1},
        {R"({"samples":[{"vitals":[{"code":"8867-4","value":70},{"value":70}]}]})", 1},
        {R"({"samples":[{"vitals":[{"code":"8867-4","value":70},"8867-4"]}]})", 1},
        {R"({"samples":[{"vitals":[{"code":"8867-4","value":"NaN"}]}]})", 0},
        {R"({"samples":[{"vitals":[{"code":"8867-4","value":65535}]}]})", 0},
        {R"({"samples":[{"vitals":[{"code":"8867-4","value":70}],"batteryPercent":255}]})", 1},
        {R"({"samples":[{"vitals":[{"code":"8867-4","value":70}],"at":"noon"}]})", 1},
        {R"({"samples":[{"vitals":[{"code":"8867-4","value":70}]},{"vi)", 1},
    };
    for (auto const& each : table) {
        auto const t = read(each.payload);
        EXPECT_EQ(t.vitals.size(), each.vitals) << each.payload;
        EXPECT_EQ(t.raw, each.payload);
        EXPECT_EQ(t.device, watch);
        EXPECT_THAT(t.event.value, testing::StartsWith("w1:x:")) << each.payload;
    }
}

TEST(telemetry_reading, takes_what_makers_write) {
    for (auto const* payload :
         {R"({"samples":[{"vitals":[{"code":"8867-4","value":70}]}]})",
          R"({"samples":{"vitals":{"code":"8867-4","value":"70"}}})",
          R"({"samples":[{"vitals":[{"code":"8867-4","value":70,}],},],"mood":[1,{"x":[2]}]})",
          R"({"samples":[null,{"vitals":[{"code":"8867-4","value":70,"unit":["/min"]}]}]})",
          "\xEF\xBB\xBF {\"samples\":[{\"battery_percent\":0,\"vitals\":"
          "[{\"code\":\"8867-4\",\"value\":70}]}]}"}) {
        auto const t = read(payload);
        ASSERT_EQ(t.vitals.size(), 1U) << payload;
        EXPECT_EQ(t.vitals[0].value, 70);
        EXPECT_EQ(t.raw, "") << payload;
    }
}

TEST(telemetry_reading, no_fix_is_no_fault_and_no_place_on_the_equator) {
    auto const t = read(R"({"samples":[{"batteryPercent":9,"position":{}}]})");
    EXPECT_TRUE(t.fixes.empty());
    EXPECT_EQ(t.raw, "");
    auto const cut = read(R"({"samples":[{"position":{"latitude":36.1}},{"x)");
    EXPECT_TRUE(cut.fixes.empty());
    EXPECT_NE(cut.raw, "");
}

TEST(telemetry_reading, takes_a_thousand_samples_and_keeps_the_bytes_when_there_are_more) {
    auto sent = an_hour_of_a_watch();
    sent.fixes.clear();
    sent.battery.clear();
    sent.activities.clear();
    sent.vitals.clear();
    for (std::size_t i = 0; i < most_samples; ++i)
        sent.vitals.push_back({noon + std::chrono::seconds(i), vital_sign::heart_rate, 70});
    EXPECT_EQ(read(encode_telemetry(sent)), sent);
    sent.vitals.push_back({noon - 1s, vital_sign::heart_rate, 70});
    auto const more = read(encode_telemetry(sent));
    EXPECT_EQ(more.vitals.size(), most_samples);
    EXPECT_NE(more.raw, "");
    EXPECT_LE(more.raw.size(), 65'536U);
    // The shortest samples there are, as many as a packet can hold.
    std::string empty;
    for (int i = 0; i < 100'000; ++i)
        empty += std::string("\x12\x00", 2);
    EXPECT_EQ(read(empty).raw.size(), 65'536U);
}

TEST(telemetry_reading, a_message_cut_anywhere_says_nothing_that_was_not_sent) {
    auto const sent = an_hour_of_a_watch();
    for (auto const as : {form::protobuf, form::json}) {
        auto const whole = encode_telemetry(sent, as);
        for (std::size_t length = 0; length < whole.size(); ++length) {
            auto const t = read(std::string_view(whole).substr(0, length), content_type(as));
            for (auto const& vital : t.vitals)
                EXPECT_THAT(sent.vitals, testing::Contains(vital)) << length;
            for (auto const& fix : t.fixes)
                EXPECT_THAT(std::vector({36.0612, 36.0613}), testing::Contains(fix.where.latitude));
            bool const is_whole = t.vitals.size() + t.fixes.size() + t.battery.size() == 7;
            if (!is_whole && as == form::json && length > 0) {
                EXPECT_NE(t.raw, "") << length;
            }
        }
    }
}

TEST(telemetry_reading, reads_anything) {
    std::mt19937_64 random(20261123);
    auto const bulk = encode_telemetry(an_hour_of_a_watch());
    auto const json_bulk = encode_telemetry(an_hour_of_a_watch(), form::json);
    for (int i = 0; i < 20'000; ++i) {
        std::string bytes = i % 3 == 0 ? bulk : i % 3 == 1 ? json_bulk : std::string(40, ' ');
        auto const changes = i % 3 == 2 ? bytes.size() : 1 + random() % 4;
        for (std::size_t c = 0; c < changes; ++c)
            bytes[random() % bytes.size()] = static_cast<char>(random());
        auto const t = read(bytes);
        EXPECT_EQ(domain::device_of(t.event), watch);
        for (auto const& each : t.vitals)
            EXPECT_TRUE(domain::is_possible(each.what, each.value));
        for (auto const& each : t.fixes)
            EXPECT_TRUE(domain::is_usable(each.where));
        for (auto const& each : t.battery)
            EXPECT_TRUE(each.percent > 0 && each.percent <= 100);
    }
}

} // namespace
} // namespace linli::wire
