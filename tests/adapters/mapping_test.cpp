// What a maker's JSON is read as, and what is said of a mapping that is wrong.
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/files/device_mapping.hpp"
#include "adapters/mapped/device_book.hpp"
#include "adapters/mapped/samples.hpp"
#include "adapters/mapped/time_text.hpp"
#include "support/places.hpp"

namespace linli::mapped {
namespace {

using domain::signal_kind;
using namespace std::string_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr std::chrono::minutes china{480};
constexpr domain::instant noon = std::chrono::sys_days(std::chrono::days(20'000));

files::device_mapping mapping_of(std::string const& messages, std::string const& name = "acme") {
    return files::parse_device_mapping("about = \"test\"\n" + messages, name, name + ".toml");
}

std::string problems_of(std::string const& text, std::string const& name = "acme") {
    try {
        files::parse_device_mapping(text, name, name + ".toml");
    } catch (files::file_error const& error) {
        return error.what();
    }
    return {};
}

reading read(files::device_mapping const& by, std::string const& topic, std::string const& bytes,
             domain::instant at = noon) {
    return read_message(by, {topic, bytes, "mqtt", at}, china);
}

domain::signal one_signal(reading const& from) {
    EXPECT_THAT(from.signals, SizeIs(1));
    return from.signals.empty() ? domain::signal{} : from.signals.front();
}

auto const press = mapping_of(R"(
[[message]]
topic = "acme/{device}/alarm"
to = "signals"
time = { at = "/time", form = "yyyy-MM-dd HH:mm:ss" }
position = { latitude = "/lat", longitude = "/lon" }
battery = "/battery"
text = "/note"
[message.kind]
at = "/type"
values = { "1" = "sos", "true" = "fall", "101" = "cleared", "0" = "nothing" }
)");

std::string kind_read(std::string const& bytes) {
    auto const all = read(press, "acme/w1/alarm", bytes);
    return all.signals.empty() ? "none" : std::string(domain::to_text(all.signals.front().kind));
}

TEST(a_mapped_signal, writes_no_receipt_that_nobody_could_hear) {
    for (auto const* bytes : {R"({"type":1})", R"({"type":9})", "no JSON"})
        for (auto const& each : read(press, "acme/w1/alarm", bytes).signals)
            EXPECT_FALSE(each.is_awaited) << bytes;
}

// --- the mappings that the house comes with ------------------------------------------------------

class shipped : public testing::TestWithParam<char const*> {};

TEST_P(shipped, mapping_reads_its_samples_as_they_say) {
    std::filesystem::path const folder = tests::shipped_config("devices");
    device_book const book(folder, china);
    auto const* mapping = book.named(GetParam());
    ASSERT_TRUE(mapping);
    auto const samples = files::samples_folder(folder, GetParam());
    EXPECT_GE(count_samples(samples), 3U);
    EXPECT_THAT(sample_problems(*mapping, samples), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(makers, shipped,
                         testing::Values("imede", "carelink", "generic", "ctwing", "onenet"));

TEST(samples, that_are_read_otherwise_name_their_file_and_both_readings) {
    auto const folder = std::filesystem::path(testing::TempDir()) / "samples_otherwise";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "sos.json") << R"({"topic":"acme/w1/alarm","message":{"type":1},)"
                                       << R"("expect":[{"signal":"fall","device":"acme.w1"}]})";
    EXPECT_THAT(sample_problems(press, folder),
                ElementsAre(testing::AllOf(HasSubstr("sos.json"), HasSubstr(R"("signal":"sos")"),
                                           HasSubstr(R"("signal":"fall")"))));
}

// --- lists ------------------------------------------------------------------------------------

TEST(a_list, that_is_not_understood_is_kept_once_and_each_item_with_its_own_signal) {
    auto const list = mapping_of(R"(
[[message]]
topic = "acme/list"
to = "signals"
each = "/list"
device = "/id"
kind = "sos"
time = { at = "/time", form = "yyyy-MM-dd HH:mm:ss" }
)");
    std::string bytes = R"({"list":[)";
    for (int n = 100; n < 200; ++n)
        bytes += (n > 100 ? "," : "") + R"({"id":"w)"s + std::to_string(n) +
                 R"(","time":"noon","note":")" + std::string(600, 'x') + "\"}";
    bytes += "]}";
    auto const all = read(list, "acme/list", bytes).signals;
    ASSERT_THAT(all, SizeIs(100));
    EXPECT_EQ(all[0].raw, bytes.substr(0, 65'536));
    std::size_t kept = 0;
    for (auto const& each : all)
        kept += each.raw.size();
    EXPECT_LE(kept, 2U * 65'536);
    EXPECT_THAT(all[7].raw,
                AllOf(HasSubstr("\"w107\""), HasSubstr("noon"), Not(HasSubstr("w108"))));
}

TEST(a_list, whose_items_alone_are_too_long_is_cut) {
    auto const list = mapping_of(R"(
[[message]]
topic = "acme/list"
to = "signals"
each = "/list"
device = "/id"
)"
                                 "[message.kind]\nat = \"/kind\"\nvalues = { \"1\" = \"sos\" }\n");
    std::string bytes = R"({"list":[0)";
    for (int n = 0; n < 20; ++n)
        bytes += R"(,{"id":"w1","kind":"9","note":")" + std::string(50'000, 'x') + "\"}";
    bytes += "]}";
    std::size_t kept = 0;
    for (auto const& each : read(list, "acme/list", bytes).signals)
        kept += each.raw.size();
    EXPECT_EQ(kept, 2U * 65'536);
}

// --- kinds ---------------------------------------------------------------------------------------

struct kind_case {
    std::string bytes;
    std::string kind;
};
class kinds : public testing::TestWithParam<kind_case> {};

TEST_P(kinds, are_read) {
    EXPECT_EQ(kind_read(GetParam().bytes), GetParam().kind) << GetParam().bytes;
}

INSTANTIATE_TEST_SUITE_P(
    table, kinds,
    testing::Values(
        kind_case{R"({"type":"1"})", "sos"}, kind_case{R"({"type":1})", "sos"},
        kind_case{R"({"type": " 1 "})", "sos"}, kind_case{R"({"type":true})", "fall"},
        kind_case{R"({"type":"TRUE"})", "fall"}, kind_case{R"({"type":0})", "none"},
        kind_case{R"({"type":101})", "cleared"}, kind_case{R"({"type":7})", "unreadable"},
        kind_case{R"({"type":{"a":1}})", "unreadable"}, kind_case{R"({"type":null})", "unreadable"},
        kind_case{"{}", "unreadable"}, kind_case{"", "unreadable"}, kind_case{"help", "unreadable"},
        kind_case{"\xEF\xBB\xBF {\"type\":1,}", "sos"},
        // Cut off: a call is picked out of it, its taking back is not.
        kind_case{R"({"type":1,"lat":)", "sos"}, kind_case{R"({"type":101,"lat":)", "unreadable"},
        kind_case{R"({"type":0,"lat":)", "unreadable"}));

TEST(a_kind, that_the_mapping_does_not_know_keeps_all_the_rest_and_the_bytes) {
    std::string const bytes =
        R"({"type":9,"time":"2026-11-23 16:00:00","lat":36,"lon":103.8,"battery":40,"note":"走廊"})";
    auto const s = one_signal(read(press, "acme/w1/alarm", bytes));
    EXPECT_EQ(s.kind, signal_kind::unreadable);
    EXPECT_EQ(s.device.value, "acme.w1");
    EXPECT_EQ(s.raw, bytes);
    EXPECT_TRUE(s.fix && s.happened_at);
    EXPECT_EQ(s.battery_percent, 40);
    EXPECT_THAT(s.text, HasSubstr("\"9\" at /type is not in the mapping"));
    EXPECT_THAT(s.text, HasSubstr("走廊"));
}

TEST(a_field, of_a_wrong_type_costs_itself_and_nothing_else) {
    std::string const bytes = R"({"type":1,"time":17,"lat":"north","lon":[1],"battery":500})";
    auto const s = one_signal(read(press, "acme/w1/alarm", bytes));
    EXPECT_EQ(s.kind, signal_kind::sos);
    EXPECT_FALSE(s.happened_at || s.fix || s.battery_percent);
    EXPECT_EQ(s.raw, bytes) << "what could not be read is kept";
}

TEST(huge_and_deep_json, is_read_in_bounded_time_and_raises_what_it_is_for) {
    std::string const deep(100'000, '[');
    EXPECT_EQ(kind_read(deep), "unreadable");
    EXPECT_EQ(kind_read(R"({"type":1,"x":)" + deep), "sos");
    std::string huge = R"({"type":1,"x":[0)";
    for (int i = 0; i < 100'000; ++i)
        huge += ",1";
    EXPECT_EQ(kind_read(huge + "]}"), "sos");
}

// --- devices -------------------------------------------------------------------------------------

TEST(a_device, is_believed_only_as_one_of_its_maker) {
    auto const by_field = mapping_of(R"(
[[message]]
topic = "acme/alarm"
to = "signals"
device = "/id"
kind = "sos"
)");
    auto const device_in = [&](std::string const& bytes) {
        return one_signal(read(by_field, "acme/alarm", bytes)).device.value;
    };
    EXPECT_EQ(device_in(R"({"id":"w1"})"), "acme.w1") << "never w1, which has its own credential";
    EXPECT_EQ(device_in(R"({"id":865067123456789})"), "acme.865067123456789");
    EXPECT_EQ(device_in(R"({"id":"a/b"})"), "acme.unnamed");
    EXPECT_EQ(device_in(R"({"id":["w1"]})"), "acme.unnamed");
    EXPECT_EQ(device_in("{}"), "acme.unnamed");
    EXPECT_EQ(device_in(R"({"id":")" + std::string(80, 'x') + R"("})"), "acme.unnamed");
    EXPECT_EQ(device_in(R"({"id":"w7","more")"), "acme.w7") << "of broken JSON too";
    EXPECT_EQ(one_signal(read(by_field, "acme/alarm", "{}")).kind, signal_kind::sos);
}

// --- events --------------------------------------------------------------------------------------

TEST(an_event, without_a_number_is_the_same_bytes_on_the_same_topic_within_the_window) {
    auto const id = [](std::string const& topic, std::string const& bytes, int second) {
        return one_signal(read(press, topic, bytes, noon + std::chrono::seconds(second)))
            .event.value;
    };
    std::string const sos = R"({"type":1})";
    EXPECT_EQ(id("acme/w1/alarm", sos, 0), id("acme/w1/alarm", sos, 9));
    EXPECT_NE(id("acme/w1/alarm", sos, 0), id("acme/w1/alarm", sos, 10));
    EXPECT_NE(id("acme/w1/alarm", sos, 0), id("acme/w2/alarm", sos, 0));
    EXPECT_NE(id("acme/w1/alarm", sos, 0), id("acme/w1/alarm", R"({"type":1 })", 0));
}

TEST(an_event, of_two_topics_with_the_same_bytes_is_two) {
    device_book const book(tests::shipped_config("devices"), china);
    std::string const same = R"({"status":true})";
    auto const& by = *book.named("carelink");
    EXPECT_NE(one_signal(read(by, "b/fall/detected", same)).event.value,
              one_signal(read(by, "b/fall/confirmation", same)).event.value);
}

TEST(an_event, has_the_devices_own_numbers_where_the_mapping_names_them) {
    auto const numbered = mapping_of(R"(
[[message]]
topic = "acme/{device}"
to = "signals"
kind = "sos"
event = { boot = "/b", sequence = "/s" }
)");
    EXPECT_EQ(one_signal(read(numbered, "acme/w1", R"({"b":3,"s":"17"})")).event.value,
              "acme.w1:3:17");
    for (auto const* half :
         {R"({"b":3})", R"({"s":17})", R"({"b":3,"s":-1})", R"({"b":3,"s":1.5})"})
        EXPECT_THAT(one_signal(read(numbered, "acme/w1", half)).event.value, HasSubstr(":x:"))
            << half;
}

TEST(an_event, has_the_makers_own_name_whenever_it_comes) {
    auto const named = mapping_of(R"(
[[message]]
topic = "acme/{device}"
to = "signals"
kind = "sos"
event = { id = "/id" }
)");
    auto const first = one_signal(read(named, "acme/w1", R"({"id":"f3","try":1})"));
    auto const later =
        one_signal(read(named, "acme/w1", R"({"id":"f3","try":2})", noon + std::chrono::hours(1)));
    EXPECT_EQ(first.event, later.event);
    EXPECT_NE(first.event, one_signal(read(named, "acme/w1", R"({"id":"f4"})")).event);
}

TEST(a_batch, of_signals_is_an_event_an_item_and_says_when_it_has_too_many) {
    auto const many = mapping_of(R"(
[[message]]
topic = "acme/all"
to = "signals"
each = "/list"
device = "/id"
kind = "sos"
)");
    auto const two = read(many, "acme/all", R"({"list":[{"id":"a"},{"id":"a"}]})");
    ASSERT_THAT(two.signals, SizeIs(2));
    EXPECT_NE(two.signals[0].event, two.signals[1].event);
    std::string bytes = R"({"list":[{"id":"a"})";
    for (int i = 0; i < 150; ++i)
        bytes += R"(,{"id":"a"})";
    auto const full = read(many, "acme/all", bytes + "]}");
    ASSERT_THAT(full.signals, SizeIs(101));
    EXPECT_EQ(full.signals.back().kind, signal_kind::unreadable);
    EXPECT_EQ(one_signal(read(many, "acme/all", R"({"list":3})")).kind, signal_kind::unreadable);
}

// --- times ---------------------------------------------------------------------------------------

struct time_case {
    std::string text;
    files::time_rule rule;
    std::string utc; // empty: none
};
files::time_rule form(files::time_form which, bool utc = false) {
    return {{}, which, {}, utc};
}
files::time_rule pattern(std::string text, bool utc = false) {
    return {{}, files::time_form::pattern, std::move(text), utc};
}
class times : public testing::TestWithParam<time_case> {};

TEST_P(times, are_read) {
    auto const& [text, rule, utc] = GetParam();
    auto const at = read_time(text, rule, china);
    files::time_rule const as_iso = form(files::time_form::iso8601, true);
    EXPECT_EQ(at, utc.empty() ? std::nullopt : read_time(utc, as_iso, china)) << text;
    EXPECT_EQ(at.has_value(), !utc.empty()) << text;
}

using files::time_form;
INSTANTIATE_TEST_SUITE_P(
    table, times,
    testing::Values(
        time_case{"0.5", form(time_form::epoch_s), "1970-01-01T00:00:00.5Z"},
        time_case{"1795420800", form(time_form::epoch_s), "2026-11-23T08:00:00Z"},
        time_case{"1795420800123", form(time_form::epoch_ms), "2026-11-23T08:00:00.123Z"},
        time_case{"0", form(time_form::epoch_s), ""}, time_case{"-5", form(time_form::epoch_s), ""},
        time_case{"nan", form(time_form::epoch_s), ""},
        time_case{"1e300", form(time_form::epoch_ms), ""},
        time_case{"2026-11-23 16:00:00", pattern("yyyy-MM-dd HH:mm:ss"), "2026-11-23T08:00:00Z"},
        time_case{"2026-11-23 16:00:00", pattern("yyyy-MM-dd HH:mm:ss", true),
                  "2026-11-23T16:00:00Z"},
        time_case{"2026-11-23 16:00", pattern("yyyy-MM-dd HH:mm:ss"), ""},
        time_case{"2026-02-30 16:00:00", pattern("yyyy-MM-dd HH:mm:ss"), ""},
        time_case{"2026-11-23 24:00:00", pattern("yyyy-MM-dd HH:mm:ss"), ""},
        time_case{"2026/11/23 16:00:00", pattern("yyyy-MM-dd HH:mm:ss"), ""},
        time_case{"261123160000", pattern("yyMMddHHmmss"), "2026-11-23T08:00:00Z"},
        time_case{"23/11/2026 16:00:00", pattern("dd/MM/yyyy HH:mm:ss"), "2026-11-23T08:00:00Z"},
        time_case{"20261123160000250", pattern("yyyyMMddHHmmssSSS"), "2026-11-23T08:00:00.25Z"},
        time_case{"2026-11-23T16:00:00+08:00", form(time_form::iso8601), "2026-11-23T08:00:00Z"},
        time_case{"2026-11-23T16:00:00.5+0800", form(time_form::iso8601), "2026-11-23T08:00:00.5Z"},
        time_case{"2026-11-23 16:00:00", form(time_form::iso8601), "2026-11-23T08:00:00Z"},
        time_case{"2026-11-23T03:00:00-05", form(time_form::iso8601), "2026-11-23T08:00:00Z"},
        time_case{"2026-11-23T16:00:00X", form(time_form::iso8601), ""},
        time_case{"2026-11-23", form(time_form::iso8601), ""}));

// --- what is said of a mapping that is wrong -----------------------------------------------------

struct wrong_case {
    std::string messages;
    std::string said;
};
class wrong_mapping : public testing::TestWithParam<wrong_case> {};

TEST_P(wrong_mapping, is_refused_with_file_line_key_and_remedy) {
    auto const said = problems_of("about = \"x\"\n" + GetParam().messages);
    EXPECT_THAT(said, testing::StartsWith("acme.toml:"));
    EXPECT_THAT(said, HasSubstr(GetParam().said));
}

std::string message(std::string const& rest) {
    return "[[message]]\ntopic = \"a/{device}\"\nto = \"signals\"\n" + rest;
}

INSTANTIATE_TEST_SUITE_P(
    table, wrong_mapping,
    testing::Values(
        wrong_case{message(""), "message.kind is missing"},
        wrong_case{message("kind = \"soss\"\n"), "did you mean \"sos\"?"},
        wrong_case{message("kind = { at = \"/t\", values = { \"1\" = \"fal\" } }\n"),
                   "acme.toml:5: message.kind.values.\"1\""},
        wrong_case{message("kind = \"clock_jump\"\n"), "must be one of"},
        wrong_case{message("kind = \"sos\"\nbatery = \"/b\"\n"), "did you mean message.battery?"},
        wrong_case{message("kind = \"sos\"\nbattery = \"b\"\n"), "must be a JSON pointer"},
        wrong_case{message("kind = \"sos\"\nbattery = \"/b~2\"\n"), "must be a JSON pointer"},
        wrong_case{message("kind = \"sos\"\ndevice = \"/id\"\n"), "remove it"},
        wrong_case{message("kind = \"sos\"\ntime = { at = \"/t\", form = \"yyyy-MM-DD\" }\n"),
                   "epoch_s, epoch_ms"},
        wrong_case{message("kind = \"sos\"\nevent = { boot = \"/b\" }\n"), "either id"},
        wrong_case{"[[message]]\nto = \"nobody\"\n", "topic is missing"},
        wrong_case{"[[message]]\ntopic = \"linli/v1/d/{device}/signal\"\nto = \"nobody\"\n",
                   "not of linli/v1"},
        wrong_case{"[[message]]\ntopic = \"+/+/+/{device}/+\"\nto = \"nobody\"\n",
                   "not of linli/v1"},
        wrong_case{"[[message]]\ntopic = \"a/#\"\nto = \"nobody\"\n", "no \"#\""},
        wrong_case{"[push]\nproof = \"header\"\n[[message]]\nto = \"nobody\"\n",
                   "push.header is missing"},
        wrong_case{"[[message]]\ntopic = \"a\"\nto = \"telemetry\"\neach = \"/l\"\n"
                   "device = \"/id\"\n",
                   "must start with ^"},
        wrong_case{"[[message]]\ntopic = \"a/{device}\"\nto = \"telemetry\"\n"
                   "[message.vitals]\nhart_rate = \"/h\"\n",
                   "did you mean heart_rate?"}));

// --- [poll] --------------------------------------------------------------------------------------

std::string polled(std::string const& more,
                   std::string const& message = "event = { id = \"/id\" }\nkind = \"sos\"\n") {
    return "about = \"x\"\n[poll]\nurl = \"https://a.example/events\"\nproof = \"bearer\"\n"
           "from = \"start\"\nuntil = \"end\"\ntime = \"epoch_ms\"\nback_h = 24\n"
           "list = \"/data\"\n" +
           more + "[[message]]\nto = \"signals\"\ndevice = \"/imei\"\n" + message;
}

TEST(a_mapping, says_how_its_cloud_is_asked) {
    auto const by = files::parse_device_mapping(
        polled("every_s = 30\npage = \"pageNo\"\nfirst_page = 0\nsize_name = \"pageSize\"\n"
               "size = 50\noverlap_s = 60\nok = { \"/code\" = \"0\" }\n"),
        "acme", "acme.toml");
    ASSERT_TRUE(by.poll);
    EXPECT_FALSE(by.push);
    EXPECT_EQ(by.poll->url, "https://a.example/events");
    EXPECT_EQ(by.poll->every, domain::seconds(30));
    EXPECT_EQ(by.poll->time, files::poll_time::epoch_ms);
    EXPECT_EQ(by.poll->back, domain::seconds(24 * 3600));
    EXPECT_EQ(by.poll->overlap, domain::seconds(60));
    EXPECT_EQ(by.poll->page, "pageNo");
    EXPECT_EQ(by.poll->first_page, 0);
    EXPECT_EQ(by.poll->size, 50);
    EXPECT_THAT(by.poll->list.tokens, ElementsAre("data"));
    EXPECT_THAT(by.poll->ok, SizeIs(1));
}

TEST(a_mapping, may_be_asked_by_a_cursor_and_in_clear_on_this_machine) {
    auto text = polled("cursor = \"after\"\nnext = \"/next\"\n");
    for (auto const* url : {"http://127.0.0.1:8080/x?a=b", "http://localhost", "http://[::1]:1/"}) {
        auto here = text;
        here.replace(here.find("https://a.example/events"), 24, url);
        EXPECT_EQ(problems_of(here), "") << url;
    }
    for (auto const* url :
         {"http://a.example/", "http://localhost.example/", "http://127.0.0.1@a.example/",
          "https://me:word@a.example/", "ftp://a.example/", "https://", "https:///x", "https://:1/",
          "https://a.example/#x", "https://a.example/a b", "http://[::1/"}) {
        auto there = text;
        there.replace(there.find("https://a.example/events"), 24, url);
        EXPECT_THAT(problems_of(there), HasSubstr("acme.toml:3: poll.url")) << url;
    }
}

class a_wrong_poll : public testing::TestWithParam<std::pair<std::string, std::string>> {};

TEST_P(a_wrong_poll, is_told_with_its_remedy) {
    EXPECT_THAT(problems_of(GetParam().first), HasSubstr(GetParam().second));
}

INSTANTIATE_TEST_SUITE_P(
    of_a_mapping, a_wrong_poll,
    testing::Values(std::pair{polled("every_s = 0\n"), "poll.every_s"},
                    std::pair{polled("evry_s = 60\n"), "did you mean"},
                    std::pair{polled("page = \"p\"\n"), "poll.size is missing"},
                    std::pair{polled("page = \"p\"\nsize = 10\ncursor = \"c\"\nnext = \"/n\"\n"),
                              "remove the other"},
                    std::pair{polled("cursor = \"c\"\n"), "go together"},
                    std::pair{polled("next = \"/n\"\n"), "go together"},
                    std::pair{polled("cursor = \"c\"\nnext = \"n\"\n"), "must be a JSON pointer"},
                    std::pair{polled("cursor = \"c&d=\"\nnext = \"/n\"\n"), "poll.cursor"},
                    std::pair{polled("ca_file = \"keys/ca.crt\"\n"), "a whole path"},
                    std::pair{polled("ok = { code = \"0\" }\n"), "must be a JSON pointer"},
                    std::pair{polled("ok = { \"/code\" = 0 }\n"), "must be a text, or a list"},
                    std::pair{polled("", "kind = \"sos\"\n"), "the maker's own name"},
                    std::pair{polled("", "kind = \"sos\"\ntopic = \"a/b\"\n"), "without a topic"},
                    std::pair{std::string("about = \"x\"\n[poll]\n[[message]]\nto = \"nobody\"\n"),
                              "poll.url is missing"},
                    std::pair{std::string("about = \"x\"\n[poll]\nproof = \"query\"\n"
                                          "[[message]]\nto = \"nobody\"\n"),
                              "poll.proof_name is missing"},
                    std::pair{std::string("about = \"x\"\n[poll]\nback_h = 100\n"
                                          "[[message]]\nto = \"nobody\"\n"),
                              "poll.back_h"}));

TEST(a_mapping, whose_file_has_no_makers_name_is_refused) {
    EXPECT_THAT(problems_of("about = \"x\"\n", "My.Maker"), HasSubstr("rename it"));
}

TEST(two_mappings, that_claim_a_topic_are_refused) {
    auto const folder = std::filesystem::path(testing::TempDir()) / "claimed_twice";
    std::filesystem::create_directories(folder);
    std::string const start = "about = \"x\"\n[[message]]\nto = \"nobody\"\ntopic = ";
    std::ofstream(folder / "one.toml") << start << "\"a/{device}/sos\"\n";
    std::ofstream(folder / "two.toml") << start << "\"+/b/sos\"\n";
    EXPECT_THROW(device_book(folder, china), files::file_error);
}

// --- the broker ----------------------------------------------------------------------------------

TEST(the_brokers_rules, let_a_maker_say_what_is_its_own_and_the_server_hear_it) {
    EXPECT_EQ(acl_lines({press}, "linli-server"), "\nuser v-acme\ntopic write acme/+/alarm\n"
                                                  "\nuser linli-server\ntopic read acme/+/alarm\n");
}

TEST(a_topic_that_bears_both, is_subscribed_by_both_and_taken_by_one) {
    device_book const book(tests::shipped_config("devices"), china);
    EXPECT_THAT(book.filters(files::message_lane::signals), testing::Contains("+/status"));
    EXPECT_THAT(book.filters(files::message_lane::telemetry), testing::Contains("+/status"));
    auto const& by = *book.of_topic("band7/status");
    EXPECT_EQ(lane_of(by, "band7/status", "LW: Unexpected disconnection"),
              files::message_lane::signals);
    EXPECT_EQ(lane_of(by, "band7/status", "{}"), files::message_lane::telemetry);
    EXPECT_EQ(lane_of(by, "band7/status", "?"), files::message_lane::telemetry);
}

TEST(a_record, of_a_mapping_that_is_gone_is_unreadable_and_says_so) {
    auto const read = device_book().read(broker_door, "acme\nacme/w1/alarm", "{}", noon);
    auto const s = one_signal(read);
    EXPECT_EQ(s.kind, signal_kind::unreadable);
    EXPECT_EQ(s.device.value, "acme.unnamed");
    EXPECT_THAT(s.text, HasSubstr("put its file back"));
}

} // namespace
} // namespace linli::mapped
