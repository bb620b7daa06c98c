// The configuration file as an installer meets it, and what the server writes back: its log lines
// and its figures.
#include "runtime/config.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/log.hpp"
#include "runtime/metrics.hpp"
#include "runtime/nearest_word.hpp"
#include "support/places.hpp"

namespace linli::runtime {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;

std::vector<std::string> problems_of(std::string_view text) {
    try {
        parse_config(text, "/etc/linli/linli.toml");
        return {};
    } catch (config_error const& error) {
        return error.problems();
    }
}

std::string text_of_file(std::filesystem::path const& path) {
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

TEST(config, an_empty_file_gives_the_defaults) {
    auto const c = parse_config("", "/etc/linli/linli.toml");
    EXPECT_EQ(c.installation.name, "linli");
    EXPECT_EQ(c.installation.utc_offset, 8h);
    EXPECT_EQ(c.database.connections, 4);
    EXPECT_EQ(c.http.listen, (listen_address{"127.0.0.1", 8080}));
    EXPECT_EQ(c.log.level, log::level::info);
}

TEST(config, the_shipped_file_lists_every_key_with_its_default) {
    auto const shipped = tests::shipped_config("linli.toml");
    auto const text = text_of_file(shipped);
    auto const read = load_config(shipped);
    auto const defaults = parse_config("", shipped);
    EXPECT_EQ(read.installation.name, defaults.installation.name);
    EXPECT_EQ(read.installation.area, defaults.installation.area);
    EXPECT_EQ(read.installation.utc_offset, defaults.installation.utc_offset);
    EXPECT_EQ(read.database.url, defaults.database.url);
    EXPECT_EQ(read.database.connections, defaults.database.connections);
    EXPECT_EQ(read.database.key_file, defaults.database.key_file);
    EXPECT_EQ(read.mqtt.url, defaults.mqtt.url);
    EXPECT_EQ(read.mqtt.user, defaults.mqtt.user);
    EXPECT_EQ(read.mqtt.password_file, defaults.mqtt.password_file);
    EXPECT_EQ(read.mqtt.ca_file, defaults.mqtt.ca_file);
    EXPECT_EQ(read.mqtt.client_id, defaults.mqtt.client_id);
    EXPECT_EQ(read.journal.folder, defaults.journal.folder);
    EXPECT_EQ(read.journal.segment_mib, defaults.journal.segment_mib);
    EXPECT_EQ(read.journal.reserve_mib, defaults.journal.reserve_mib);
    EXPECT_EQ(read.audit.anchors, defaults.audit.anchors);
    EXPECT_EQ(read.http.listen, defaults.http.listen);
    EXPECT_EQ(read.watch_tcp.listen, defaults.watch_tcp.listen);
    EXPECT_EQ(read.watch_tcp.connections, defaults.watch_tcp.connections);
    EXPECT_EQ(read.supervision, defaults.supervision);
    EXPECT_EQ(read.files.plans, defaults.files.plans);
    EXPECT_EQ(read.files.services, defaults.files.services);
    EXPECT_EQ(read.files.thresholds, defaults.files.thresholds);
    EXPECT_EQ(read.files.calendar, defaults.files.calendar);
    EXPECT_EQ(read.files.note_templates, defaults.files.note_templates);
    EXPECT_EQ(read.coverage.at_minute, defaults.coverage.at_minute);
    EXPECT_EQ(read.coverage.contacts, defaults.coverage.contacts);
    EXPECT_EQ(read.coverage.reach_m, defaults.coverage.reach_m);
    EXPECT_EQ(read.coverage.silent_days, defaults.coverage.silent_days);
    EXPECT_EQ(read.coverage.key_test_days, defaults.coverage.key_test_days);
    EXPECT_EQ(read.coverage.keep_days, defaults.coverage.keep_days);
    EXPECT_EQ(read.notify.keep_days, defaults.notify.keep_days);
    EXPECT_EQ(read.keeping, defaults.keeping);
    EXPECT_EQ(read.notify.callback, defaults.notify.callback);
    EXPECT_EQ(read.notify.texts, defaults.notify.texts);
    EXPECT_EQ(read.notify.voice.body, defaults.notify.voice.body);
    EXPECT_EQ(read.notify.sms.body, defaults.notify.sms.body);
    EXPECT_EQ(read.notify.sms.timeout_s, defaults.notify.sms.timeout_s);
    EXPECT_EQ(read.notify.email.password_file, defaults.notify.email.password_file);
    EXPECT_EQ(read.notify.webhook.secret_file, defaults.notify.webhook.secret_file);
    EXPECT_EQ(read.trace.newest, defaults.trace.newest);
    EXPECT_EQ(read.log.level, defaults.log.level);
    auto const sections = [&](std::string const& key) { return key.substr(0, key.rfind('.')); };
    for (auto const& key : config_keys()) {
        EXPECT_THAT(text, HasSubstr("[" + sections(key) + "]"));
        EXPECT_THAT(text, HasSubstr("\n" + key.substr(key.rfind('.') + 1) + " = "));
    }
}

TEST(config, values_are_read) {
    auto const c = parse_config(R"(
        [installation]
        name = "hz-xihu"
        area = "330106"
        utc_offset_minutes = 0
        [database]
        connections = 12
        [mqtt]
        url = "tcp://127.0.0.1:1883"
        [http]
        listen = "[::1]:0"
        [log]
        level = "warning"
    )",
                                "/etc/linli/linli.toml");
    EXPECT_EQ(c.installation.name, "hz-xihu");
    EXPECT_EQ(c.installation.area, "330106");
    EXPECT_EQ(c.installation.utc_offset, 0min);
    EXPECT_EQ(c.database.connections, 12);
    EXPECT_EQ(c.mqtt.url, "tcp://127.0.0.1:1883");
    EXPECT_EQ(c.http.listen, (listen_address{"::1", 0}));
    EXPECT_EQ(c.log.level, log::level::warning);
}

TEST(config, the_watches_door_is_shut_unless_it_has_an_address) {
    EXPECT_FALSE(parse_config("", "/etc/linli.toml").watch_tcp.listen);
    EXPECT_FALSE(parse_config("[watch_tcp]\nlisten = \"\"\n", "/etc/linli.toml").watch_tcp.listen);
    auto const open = parse_config("[watch_tcp]\nlisten = \"0.0.0.0:8001\"\n", "/etc/linli.toml");
    EXPECT_EQ(open.watch_tcp.listen, (listen_address{"0.0.0.0", 8001}));
    EXPECT_THAT(problems_of("[watch_tcp]\nlisten = \"watches.example:8001\"\n"),
                ElementsAre(HasSubstr("it must be an IP address and a port")));
    EXPECT_THAT(problems_of("[watch_tcp]\nlisten = \"8001\"\nconnections = 7\n"),
                ElementsAre(HasSubstr("watch_tcp.listen"), HasSubstr("from 8 to 100000")));
}

TEST(config, each_kind_of_device_is_held_to_its_own) {
    auto const c = parse_config("[supervision]\nwatch = { silent_min = 5, grace_min = 0, "
                                "dormant_days = 3, test_days = 0 }\n",
                                "/etc/linli.toml");
    EXPECT_EQ(c.supervision.kinds.at("watch"),
              (supervised_kind{5min, 0min, std::chrono::days(3), std::chrono::days(0)}));
    EXPECT_EQ(c.supervision.kinds.at("band"), config().supervision.kinds.at("band"));
    EXPECT_THAT(problems_of("[supervision]\nwatch = { silent_min = 5 }\nclock = 3\n"),
                ElementsAre(HasSubstr("linli.toml:2: supervision.watch is a section; it must be a "
                                      "table of whole numbers"),
                            HasSubstr("unknown key supervision.clock")));
    EXPECT_THAT(
        problems_of("[supervision]\nbattery_low = 40\n"),
        ElementsAre(AllOf(HasSubstr("well must be higher"), HasSubstr("battery_well = 55"))));
}

// Also an installation that was made before there were any: beside its configuration the server may
// not write.
TEST(config, the_anchors_lie_beside_the_journal_where_nobody_says_otherwise) {
    auto const anchors = [](std::string_view text) {
        return parse_config(text, "/etc/linli/linli.toml").audit.anchors;
    };
    EXPECT_EQ(anchors(""), "/etc/linli/anchors");
    EXPECT_EQ(anchors("[journal]\nfolder = \"/var/lib/linli/journal\"\n"),
              "/var/lib/linli/anchors");
    EXPECT_EQ(anchors("[journal]\nfolder = \"/var/lib/linli/journal/\"\n"),
              "/var/lib/linli/anchors");
    EXPECT_EQ(anchors("[audit]\nanchors = \"../kept\"\n"), "/etc/kept");
}

TEST(config, a_relative_path_starts_at_the_files_folder) {
    auto const c = parse_config("[journal]\nfolder = \"../spool\"\n[database]\nkey_file = \"/k\"\n",
                                "/etc/linli/linli.toml");
    EXPECT_EQ(c.journal.folder, "/etc/spool");
    EXPECT_EQ(c.database.key_file, "/k");
    EXPECT_EQ(c.files.plans, "/etc/linli/plans") << "a default is relative as well";
    EXPECT_EQ(c.files.thresholds, "/etc/linli/thresholds.toml");
    EXPECT_EQ(c.files.calendar, "") << "nothing stays nothing";
    EXPECT_EQ(
        parse_config("[files]\ncalendar = \"calendar.toml\"", "/etc/linli/l.toml").files.calendar,
        "/etc/linli/calendar.toml");
}

TEST(config, a_telephone_system_has_a_name_a_door_and_lines) {
    auto const c = parse_config("[console]\nlisten = \"127.0.0.1:8444\"\n"
                                "[telephone]\nname = \"pbx\"\n"
                                "dial_url = \"https://pbx.example/dial\"\n"
                                "[telephone.lines]\n\"12349\" = \"330100\"\n",
                                "/etc/linli/linli.toml");
    EXPECT_EQ(c.telephone.name, "pbx");
    EXPECT_EQ(c.telephone.secret_file, "/etc/linli/keys/telephone.secret");
    EXPECT_THAT(c.telephone.lines,
                ElementsAre(std::pair<std::string const, std::string>("12349", "330100")));
    EXPECT_THAT(problems_of("[telephone]\nname = \"pbx\"\n"),
                ElementsAre(HasSubstr("console.listen is not")));
    EXPECT_THAT(problems_of("[telephone]\nlines = { \"12349\" = \"nowhere\" }\n"),
                ElementsAre(HasSubstr("a table of called lines")));
    EXPECT_THAT(problems_of("[telephone]\nsecret = \"x\"\n"), SizeIs(1));
}

TEST(config, a_hotline_of_our_own_has_an_engine_a_domain_and_the_pages_door) {
    auto const c = parse_config("[console]\nlisten = \"127.0.0.1:8444\"\n"
                                "[hotline]\nsocket = \"/run/linli/hotline\"\n"
                                "domain = \"12349.example\"\nbrowsers = false\n"
                                "edge_wss = \"wss://edge.example:8443\"\n"
                                "[hotline.lines]\n\"12349\" = \"330100\"\n",
                                "/etc/linli/linli.toml");
    EXPECT_EQ(c.hotline.socket, "/run/linli/hotline");
    EXPECT_EQ(c.hotline.domain, "12349.example");
    EXPECT_FALSE(c.hotline.browsers);
    EXPECT_EQ(c.hotline.edge_secret_file, "/etc/linli/keys/edge.secret");
    EXPECT_THAT(c.hotline.lines,
                ElementsAre(std::pair<std::string const, std::string>("12349", "330100")));
    EXPECT_TRUE(parse_config("", "/etc/linli/linli.toml").hotline.socket.empty());
    EXPECT_THAT(problems_of("[hotline]\nsocket = \"hotline\"\n"),
                ElementsAre(HasSubstr("console.listen is not")));
    EXPECT_THAT(problems_of("[hotline]\ndomain = \"a b>\"\n"),
                ElementsAre(HasSubstr("a host's name")));
    EXPECT_THAT(problems_of("[hotline]\nedge_wss = \"https://edge.example\"\n"),
                ElementsAre(HasSubstr("wss://")));
    EXPECT_THAT(problems_of("[hotline]\ntrunk = \"x\"\n"), SizeIs(1));
}

TEST(config, tiles_have_an_address_a_publisher_and_coordinates) {
    auto const c = parse_config("[map]\ntiles = \"https://t0.example/vec/{z}/{y}/{x}?tk=k\"\n"
                                "crs = \"gcj02\"\nattribution = \"© 某图\"\nmax_zoom = 17\n",
                                "/etc/linli/linli.toml");
    EXPECT_EQ(c.map.tiles, "https://t0.example/vec/{z}/{y}/{x}?tk=k");
    EXPECT_EQ(c.map.crs, "gcj02");
    EXPECT_EQ(c.map.max_zoom, 17);
    EXPECT_THAT(problems_of("[map]\ntiles = \"https://t/{z}/{x}/{y}.png\"\n"),
                ElementsAre(HasSubstr("map.attribution is not")));
    EXPECT_THAT(problems_of("[map]\ncrs = \"bd09\"\n"), ElementsAre(HasSubstr("gcj02")));
    EXPECT_THAT(problems_of("[map]\nmin_zoom = 9\nmax_zoom = 8\n"),
                ElementsAre(HasSubstr("must not be above")));
    // It becomes part of a header.
    for (auto const* wrong : {"https://t/{z}/{x}.png", "https://{x}.t/{z}/{y}/{x}", "/{z}/{x}/{y}",
                              "https://t; script-src */{z}/{x}/{y}", "http://t/{z}/{x}/{y}",
                              "https://u:p@t/{z}/{x}/{y}", "https://t/{z}/{x}/{y}?k={tk}"})
        EXPECT_THAT(
            problems_of("[map]\nattribution = \"a\"\ntiles = \"" + std::string(wrong) + "\"\n"),
            ElementsAre(HasSubstr("with {z}, {x} and {y}")));
}

TEST(config, an_unknown_key_names_the_nearest_known_one) {
    EXPECT_THAT(problems_of("[mqtt]\n\npasword_file = \"x\"\n"),
                ElementsAre("/etc/linli/linli.toml:3: unknown key mqtt.pasword_file: "
                            "did you mean mqtt.password_file?"));
    EXPECT_THAT(problems_of("[database]\nlisten = \"127.0.0.1:1\"\n"),
                ElementsAre(HasSubstr("unknown key database.listen: did you mean http.listen?")));
    EXPECT_THAT(problems_of("level = \"info\"\n"),
                ElementsAre(HasSubstr("unknown key level: did you mean log.level?")));
    EXPECT_THAT(problems_of("[mqtt]\nquite_another_thing = 1\n"),
                ElementsAre(HasSubstr("mqtt.quite_another_thing: remove it")));
}

TEST(config, an_unknown_section_is_one_problem) {
    EXPECT_THAT(problems_of("[jurnal]\nfolder = \"x\"\nsegment_mib = 1\n"),
                ElementsAre(HasSubstr("linli.toml:1: unknown section [jurnal]: "
                                      "did you mean [journal]?")));
    EXPECT_THAT(problems_of("mqtt = 3\n"),
                ElementsAre(HasSubstr("mqtt is 3; it must be a section: [mqtt]")));
}

TEST(config, a_wrong_type_says_what_was_expected_and_shows_an_example) {
    EXPECT_THAT(problems_of("[database]\nconnections = \"four\"\n"),
                ElementsAre("/etc/linli/linli.toml:2: database.connections is four; it must be "
                            "a whole number from 1 to 64. For example: connections = 4"));
    EXPECT_THAT(problems_of("[files]\nplans = [\"a\"]\n"),
                ElementsAre(HasSubstr("files.plans is a list; it must be a path")));
}

TEST(config, values_out_of_range_are_refused) {
    for (auto const* text : {
             "[database]\nconnections = 0\n",
             "[database]\nconnections = 65\n",
             "[database]\nurl = \"\"\n",
             "[installation]\nutc_offset_minutes = 900\n",
             "[installation]\nname = \"\"\n",
             "[installation]\nname = \"a b\"\n",
             "[installation]\narea = \"12a456\"\n",
             "[journal]\nfolder = \"\"\n",
             "[journal]\nsegment_mib = -1\n",
             "[log]\nlevel = \"loud\"\n",
             "[mqtt]\nurl = \"localhost\"\n",
             "[mqtt]\nurl = \"ssl://broker:99999\"\n",
             "[mqtt]\nurl = \"ssl://user:secret@broker:8883\"\n",
             "[http]\nlisten = \"8080\"\n",
         })
        EXPECT_THAT(problems_of(text), ElementsAre(HasSubstr("linli.toml:2: "))) << text;
}

TEST(config, unencrypted_mqtt_stays_on_this_machine) {
    for (auto const* host : {"localhost", "127.0.0.1", "127.0.0.2", "[::1]"})
        EXPECT_THAT(problems_of("[mqtt]\nurl = \"tcp://" + std::string(host) + ":1883\"\n"),
                    IsEmpty());
    for (auto const* host : {"10.0.0.1", "broker", "localhost.example", "127.0.0.1.example"})
        EXPECT_THAT(problems_of("[mqtt]\nurl = \"tcp://" + std::string(host) + ":1883\"\n"),
                    ElementsAre(HasSubstr("not encrypted")));
    EXPECT_THAT(problems_of("[mqtt]\nurl = \"ssl://10.0.0.1:8883\"\n"), IsEmpty());
}

TEST(config, unencrypted_http_stays_on_this_machine) {
    EXPECT_THAT(problems_of("[http]\nlisten = \"localhost:8080\"\n"), IsEmpty());
    for (auto const* host : {"0.0.0.0", "[::]", "192.168.1.2", "linli.example"})
        EXPECT_THAT(problems_of("[http]\nlisten = \"" + std::string(host) + ":8080\"\n"),
                    ElementsAre(HasSubstr("put a proxy with TLS before it")));
}

TEST(config, all_problems_are_told_at_once_in_the_files_order) {
    auto const problems = problems_of("[mqtt]\nurl = 1\nuser = 2\n[database]\nconections = 3\n");
    EXPECT_THAT(problems, ElementsAre(HasSubstr(":2: mqtt.url"), HasSubstr(":3: mqtt.user"),
                                      HasSubstr(":5: unknown key database.conections")));
    config_error const error(problems);
    EXPECT_EQ(std::string_view(error.what()),
              problems[0] + "\n" + problems[1] + "\n" + problems[2]);
}

TEST(config, a_file_that_is_not_toml_or_not_there_says_so) {
    EXPECT_THAT(problems_of("[mqtt\n"), ElementsAre(HasSubstr("linli.toml:1: not TOML: ")));
    EXPECT_THAT(problems_of("[mqtt]\nuser = \"a\"\nuser = \"b\"\n"),
                ElementsAre(HasSubstr("linli.toml:3: not TOML: ")));
    try {
        load_config("/nowhere/linli.toml");
        ADD_FAILURE() << "loaded a file that is not there";
    } catch (config_error const& error) {
        EXPECT_THAT(error.what(), HasSubstr("/nowhere/linli.toml: can't be read (No such file"));
    }
    EXPECT_THROW(load_config("/tmp"), config_error);
}

TEST(config, a_value_cannot_forge_a_line_of_the_message) {
    EXPECT_THAT(problems_of("[log]\nlevel = \"x\\n\\u001b[2Jall is well\"\n"),
                ElementsAre(HasSubstr(R"(log.level is "x\n\u{1b}[2Jall is well")")));
}

TEST(nearest_word, finds_slips_and_nothing_else) {
    std::vector<std::string> const words{"mqtt", "http", "journal"};
    EXPECT_EQ(nearest_word("mqqt", words), "mqtt");
    EXPECT_EQ(nearest_word("jounral", words), "journal");
    EXPECT_EQ(nearest_word("settlement", words), std::nullopt);
}

TEST(log_escape, plain_words_stay_bare) {
    EXPECT_EQ(log::quoted("w1:7:42"), "w1:7:42");
    EXPECT_EQ(log::quoted("linli/v1/d/w1/signal"), "linli/v1/d/w1/signal");
    EXPECT_EQ(log::quoted("2026-11-23T16:20:01.123Z"), "2026-11-23T16:20:01.123Z");
}

TEST(log_escape, what_could_end_or_hide_a_value_is_escaped) {
    EXPECT_EQ(log::quoted(""), R"("")");
    EXPECT_EQ(log::quoted("a b"), R"("a b")");
    EXPECT_EQ(log::quoted("a=b"), R"("a=b")");
    EXPECT_EQ(log::quoted(R"(say "help")"), R"("say \"help\"")");
    EXPECT_EQ(log::quoted("\\"), R"("\\")");
    EXPECT_EQ(log::quoted("x\ninfo  forged"), R"("x\ninfo  forged")");
    EXPECT_EQ(log::quoted("\r\t"), R"("\r\t")");
    EXPECT_EQ(log::quoted(std::string_view("\0\x1b\x7f", 3)), R"("\u{0}\u{1b}\u{7f}")");
    EXPECT_EQ(log::quoted("\xc2\x9b"), R"("\u{9b}")") << "a terminal takes U+009B for ESC [";
    EXPECT_EQ(log::quoted("\xe2\x80\xa8"), R"("\u{2028}")") << "a line separator";
    EXPECT_EQ(log::quoted("\xe2\x80\xae"), R"("\u{202e}")") << "turns the text around";
    EXPECT_EQ(log::quoted("\xef\xbb\xbf"), R"("\u{feff}")");
}

TEST(log_escape, chinese_stays_readable_and_broken_utf8_is_shown_in_hex) {
    EXPECT_EQ(log::quoted("王奶奶"), "\"王奶奶\"");
    EXPECT_EQ(log::quoted("🆘"), "\"🆘\"");
    EXPECT_EQ(log::quoted("\xff"), R"("\xff")");
    EXPECT_EQ(log::quoted("\xe7\x8e"), R"("\xe7\x8e")") << "cut short";
    EXPECT_EQ(log::quoted("\xc0\x8a"), R"("\xc0\x8a")") << "an overlong newline";
    EXPECT_EQ(log::quoted("\xed\xa0\x80"), R"("\xed\xa0\x80")") << "a surrogate";
    EXPECT_EQ(log::quoted("\xf4\x90\x80\x80"), R"("\xf4\x90\x80\x80")") << "above U+10FFFF";
}

TEST(log_escape, no_byte_string_makes_a_second_line_or_an_open_quote) {
    for (int a = 0; a < 256; ++a)
        for (int b = 0; b < 256; ++b) {
            std::string const bytes{static_cast<char>(a), static_cast<char>(b)};
            auto const shown = log::quoted(bytes);
            auto const is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
            EXPECT_TRUE(std::ranges::none_of(shown, is_control)) << a << ' ' << b;
            if (shown.front() != '"') continue;
            std::size_t quotes = 0;
            for (std::size_t i = 0; i < shown.size(); ++i) {
                if (shown[i] == '\\')
                    ++i;
                else if (shown[i] == '"')
                    ++quotes;
            }
            EXPECT_EQ(quotes, 2U) << a << ' ' << b;
            EXPECT_EQ(shown.back(), '"');
        }
}

TEST(log_escape, a_long_value_is_cut_between_characters) {
    auto const shown = log::quoted(std::string(2500, 'a'));
    EXPECT_EQ(shown, '"' + std::string(1000, 'a') + "\"(+1500 bytes)");
    std::string wide = "x";
    for (int i = 0; i < 400; ++i)
        wide += "王";
    EXPECT_THAT(log::quoted(wide), HasSubstr("王\"(+201 bytes)"));
}

// Collects the lines that are logged while it lives.
class log_lines {
public:
    std::vector<std::string> lines;

private:
    log::redirection to_here_{[this](std::string_view line) { lines.emplace_back(line); }};
};

TEST(log_line, has_time_level_event_and_fields) {
    log_lines log;
    log::info("alert_raised", {{"event", "w1:7:42"}, {"text", "救命 \"now\""}});
    log::warning("slow", {{"took", 1500us}, {"count", 3}, {"ratio", 0.5}, {"late", true}});
    log::error("failed", {{"error", std::make_error_code(std::errc::no_space_on_device)}});
    ASSERT_THAT(log.lines, SizeIs(3));
    EXPECT_THAT(log.lines[0],
                MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z "
                             "info  alert_raised event=w1:7:42 text=\"救命 \\\\\"now\\\\\"\""));
    EXPECT_THAT(log.lines[1], HasSubstr("Z warn  slow took=1ms count=3 ratio=0.5 late=true"));
    EXPECT_THAT(log.lines[2], HasSubstr("Z error failed error=\"No space left on device\""));
}

enum class tint { red };
[[maybe_unused]] std::string_view to_text(tint) {
    return "red";
}
struct text_id {
    std::string value;
};
struct record_id {};
[[maybe_unused]] std::string to_string(record_id) {
    return "0199-7";
}

TEST(log_line, takes_the_domains_kinds_of_values) {
    EXPECT_EQ(log::text_of(tint::red), "red");
    EXPECT_EQ(log::text_of(text_id{"R1"}), "R1");
    EXPECT_EQ(log::text_of(record_id{}), "0199-7");
    EXPECT_EQ(log::text_of(std::filesystem::path("/a b")), "/a b");
    EXPECT_EQ(log::text_of(std::make_exception_ptr(std::runtime_error("why"))), "why");
    using std::chrono::sys_days;
    EXPECT_EQ(log::text_of(sys_days(std::chrono::year(2026) / 11 / 23) + 16h + 20min + 1123ms),
              "2026-11-23T16:20:01.123Z");
}

TEST(log_line, below_the_level_is_dropped) {
    log_lines log;
    log::debug("unseen");
    log::set_level(log::level::error);
    EXPECT_FALSE(log::enabled(log::level::warning));
    log::warning("unseen");
    log::set_level(log::level::debug);
    log::debug("seen");
    log::set_level(log::level::info);
    EXPECT_THAT(log.lines, ElementsAre(HasSubstr("debug seen")));
}

TEST(metrics, are_written_in_the_exposition_format) {
    metrics all;
    all.counter("linli_signals_total", "Signals taken", {{"kind", "sos"}}).add();
    all.counter("linli_signals_total", "Signals taken", {{"kind", "sos"}}).add(2);
    all.counter("linli_signals_total", "Signals taken", {{"kind", "fall"}}).add();
    auto open = all.gauge("linli_alerts_open", "Alerts without an outcome");
    open.set(5);
    open.add(-2);
    all.histogram("linli_commit_seconds", "Time of a commit", {0.01, 0.1}).observe(0.05);
    auto const text = all.text();
    EXPECT_THAT(text, HasSubstr("# TYPE linli_signals_total counter\n"));
    EXPECT_THAT(text, HasSubstr("linli_signals_total{kind=\"sos\"} 3\n"));
    EXPECT_THAT(text, HasSubstr("linli_signals_total{kind=\"fall\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("linli_alerts_open 3\n"));
    EXPECT_THAT(text, HasSubstr("linli_commit_seconds_bucket{le=\"0.1\"} 1\n"));
}

} // namespace
} // namespace linli::runtime
