// A hostile world at every door, from outside: what is written into a device's words, what is
// guessed, what is recorded and played again, what old TLS is offered, and what must never be told.
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <regex>
#include <sstream>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "adapters/http/push_secrets.hpp"
#include "runtime/log.hpp"
#include "support/places.hpp"
#include "system/house.hpp"
#include "system/signed_in.hpp"
#include "system/until.hpp"
#include "system/watch.hpp"

namespace linli::tests {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using namespace std::chrono_literals;
using domain::role;
using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string content(fs::path const& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

// All that the house writes into its log meanwhile, from the smallest word on.
class overheard {
public:
    overheard() { runtime::log::set_level(runtime::log::level::debug); }
    ~overheard() { runtime::log::set_level(runtime::log::level::error); }
    overheard(overheard const&) = delete;
    overheard& operator=(overheard const&) = delete;

    std::vector<std::string> lines() const {
        std::lock_guard const lock(mutex_);
        return lines_;
    }
    std::string all() const {
        std::string text;
        for (auto const& each : lines())
            text += each + '\n';
        return text;
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
    runtime::log::redirection to_us_{[this](std::string_view line) {
        std::lock_guard const lock(mutex_);
        lines_.emplace_back(line);
    }};
};

std::string says(std::string const& command) {
    auto* const out = ::popen(("(" + command + ") 2>&1 </dev/null").c_str(), "r");
    if (!out) throw std::runtime_error("can't run " + command);
    std::string said;
    std::array<char, 4096> some{};
    while (auto const got = std::fread(some.data(), 1, some.size(), out))
        said.append(some.data(), got);
    ::pclose(out);
    return said;
}

// What a device's text can hold against SQL, a page, a log, a figure and a terminal.
std::string const evil = "'; drop table signal; --\n2026-01-01T00:00:00.000Z error forged=1\r\n"
                         "</script><script>alert(1)</script>\" } 1\nlinli_forged 1\n$(id) `id` "
                         "\x1b[2J\u202e%s%n{}\\";

// A server that somebody else than this process starts; at the test's end it is gone.
class running {
public:
    explicit running(pid_t pid) : pid_(pid) {}
    ~running() {
        if (pid_ > 0) ::kill(pid_, SIGKILL);
    }
    running(running const&) = delete;
    running& operator=(running const&) = delete;

    fs::path proc() const { return fs::path("/proc") / std::to_string(pid_); }
    void stop() const { ::kill(pid_, SIGTERM); }
    void has_ended() { pid_ = 0; }

private:
    pid_t pid_;
};

bool is_one_line(std::string const& text) {
    return std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

// "linli_x_total{a=\"b\"} 1", or a line of words.
bool is_a_figure(std::string const& line) {
    static std::string const label = R"([a-z_]+="[A-Za-z0-9_.+:/{} -]*")";
    static std::regex const figure("linli_[a-z_]+(\\{" + label + "(," + label +
                                   ")*\\})? [-+0-9.eNaInf]+");
    return line.empty() || line.starts_with("# ") || std::regex_match(line, figure);
}

} // namespace

class hostile : public testing::Test {
protected:
    explicit hostile(app::registry_rows city = small_city()) : h(std::move(city)) {
        h.opens_console();
        h.adds_user("li", role::operator_, "620102");
    }

    void log_and_figures_are_whole(overheard const& log) {
        for (auto const& line : log.lines())
            EXPECT_TRUE(is_one_line(line)) << line;
        EXPECT_THAT(log.all(), Not(HasSubstr("\u202e")));
        std::istringstream figures(h.tells("/metrics"));
        for (std::string line; std::getline(figures, line) && line != "\r";) {
        } // the header
        for (std::string line; std::getline(figures, line);)
            EXPECT_TRUE(is_a_figure(line) && line.find("forged") == line.npos) << line;
    }

    house h;
};

// ------------------------------------------------------------------ what is written

TEST_F(hostile, a_devices_text_is_text_in_the_record_the_api_the_log_and_the_figures) {
    overheard const log;
    domain::signal press;
    press.kind = domain::signal_kind::sos;
    press.text = evil;
    auto& watch = h.device("w1");
    watch.hears_stored(watch.sends(press));
    auto const id = to_string(h.sees_alert("resident:r1"));
    watch.sends_bytes(R"({"kind":")" + std::string("'; drop table alert; --") + R"("})");
    watch.sends_bytes(evil);
    until("all three are kept", [&] { return h.count("signal where device = 'w1'") == 3; });

    signed_in desk(h, "li");
    for (auto const& path : {"/v1/alerts/" + id, std::string("/v1/live?epoch=&after=0&wait=0")}) {
        auto const told = desk.get(path);
        if (told.status == 404) continue;
        EXPECT_EQ(told.status, 200) << path;
        boost::system::error_code no;
        json::parse(told.body, no);
        EXPECT_FALSE(no) << path << ": " << told.body;
        EXPECT_THAT(told.headers.at("content-type"), HasSubstr("application/json"));
        EXPECT_EQ(told.headers.at("x-content-type-options"), "nosniff");
    }
    auto const note = R"({"text":)" + json::serialize(json::value(evil)) + "}";
    EXPECT_EQ(desk.post("/v1/alerts/" + id + "/claim", "{}").status, 200);
    EXPECT_EQ(desk.post("/v1/alerts/" + id + "/note", note).status, 200);
    auto const card = json::parse(desk.get("/v1/alerts/" + id).body);
    EXPECT_THAT(json::serialize(card), HasSubstr("drop table signal")) << "as it was written";
    log_and_figures_are_whole(log);
}

TEST_F(hostile, names_that_a_stranger_chooses_are_harmless_at_every_door) {
    h.opens_push_door("ctwing");
    h.opens_watch_door(8);
    overheard const log;
    auto const secret = http::read_push_secret(h.config().push.secrets, "ctwing");
    auto const pushes = [&](std::string const& path, std::string const& body) {
        return exchange(h.push_port(), "POST " + path +
                                           " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                           "Content-Length: " +
                                           std::to_string(body.size()) + "\r\n\r\n" + body);
    };
    json::object const message{{"messageType", "eventReport"},
                               {"IMEI", evil},
                               {"eventContent", json::object{{"smoke_state", 1}}}};
    EXPECT_THAT(pushes("/v1/push/ctwing?token=" + secret, json::serialize(message)),
                HasSubstr("200"));
    pushes("/v1/push/%27%3b%0alinli_forged", "x");
    pushes("/v1/push/ctwing?token=%0d%0aSet-Cookie:%20a=b", "x");
    {
        watch stranger(h.watch_port(), "12345678'\n0");
        stranger.sends_bytes("[3G*8809'; d*0002*LK][3G*<script>x*0002*AL]");
    }
    auto const maker = h.maker("imede");
    maker->says("iMEDE_watch/sos", json::serialize(json::object{{"IMEI", evil}, {"status", evil}}));
    auto const event = h.device("w1").sends(domain::signal_kind::sos);
    h.device("w1").hears_stored(event);
    h.sees_alert("resident:r1");
    auto const asked = page_client(h.console_port(), h.folder() / "console/ca.crt")
                           .get("/v1/alerts/%27%3b%0d%0aX-Forged:%201");
    EXPECT_THAT(asked.status, AnyOf(400, 401, 404));
    EXPECT_FALSE(asked.headers.contains("x-forged"));
    EXPECT_EQ(h.count("signal where device ~ '[^A-Za-z0-9._-]'"), 0);
    log_and_figures_are_whole(log);
}

// ------------------------------------------------------------------ what must not be told

TEST_F(hostile, no_secret_is_in_the_log_the_figures_or_what_a_stranger_is_told) {
    h.opens_push_door("ctwing");
    overheard const log;
    h.connects_telephone("a secret of the telephone system", "");
    h.device("w1").hears_stored(h.device("w1").presses_sos());
    auto const id = to_string(h.sees_alert("resident:r1"));
    signed_in desk(h, "li");
    desk.get("/v1/alerts/" + id);
    page_client stranger(h.console_port(), h.folder() / "console/ca.crt");
    auto const refused =
        stranger.post("/v1/session", R"({"user":"li","password":"a guess of somebody"})");
    EXPECT_EQ(refused.status, 401);
    auto const secret = http::read_push_secret(h.config().push.secrets, "ctwing");
    auto const push = exchange(h.push_port(), "POST /v1/push/ctwing?token=" + secret +
                                                  "x HTTP/1.1\r\nHost: x\r\nContent-Length: "
                                                  "2\r\nConnection: close\r\n\r\n{}");
    EXPECT_THAT(push, HasSubstr("401"));
    auto const keys = content(h.config().database.key_file);
    auto const told = log.all() + h.tells("/metrics") + h.tells("/readyz") + refused.body + push;
    for (auto const& [whose, what] : std::initializer_list<std::pair<char const*, std::string>>{
             {"the server's at the broker", h.secret("linli-server")},
             {"a device's", h.secret("d-w1")},
             {"a cloud's", secret},
             {"the telephone system's", "a secret of the telephone system"},
             {"an operator's", "a long secret of li"},
             {"a guess", "a guess of somebody"},
             {"a session's", desk.cookie()},
             {"the record's keys", keys.substr(keys.size() - 21, 20)},
             {"a resident's name", "王秀兰"},
             {"a resident's door", "张掖路"}}) {
        ASSERT_FALSE(what.empty()) << whose;
        EXPECT_THAT(told, Not(HasSubstr(what))) << whose;
    }
}

TEST(secrets, are_words_of_no_command_line) {
    for (auto const* command : {"user add", "user password", "push secret", "devices credentials",
                                "certificates make", "serve", "migrate", "synthetic"}) {
        auto const help = says(linli_program() + ' ' + command + " --help");
        std::istringstream lines(help);
        for (std::string line; std::getline(lines, line);)
            EXPECT_FALSE(std::regex_search(
                line, std::regex(R"(--(password|secret|token|key)(=| TEXT| [A-Z]))")))
                << command << ": " << line;
    }
}

TEST_F(hostile, a_running_servers_memory_goes_into_no_core_file_and_its_arguments_tell_nothing) {
    h.program_says("status"); // writes linli.toml
    h.server_stops();
    auto const file = h.folder() / "linli.toml";
    std::ofstream(file, std::ios::app) << "[journal]\nfolder = \"own-journal\"\n[telemetry]\n"
                                          "folder = \"own-telemetry\"\n";
    auto const log = h.folder() / "server.log";
    // Its memory belongs to root alone when nobody may look into it. By the group that shows for
    // root's own process, too.
    std::string const of_another_group =
        ::geteuid() == 0 ? "setpriv --regid 65534 --keep-groups -- " : "";
    auto const process = ::popen((of_another_group + linli_program() + " --config " +
                                  file.string() + " serve >" + log.string() + " 2>&1 & echo $!")
                                     .c_str(),
                                 "r");
    pid_t pid = 0;
    ASSERT_EQ(std::fscanf(process, "%d", &pid), 1);
    ::pclose(process);
    running server(pid);
    auto const proc = server.proc();
    until("it runs", [&] { return content(log).find("server_started") != std::string::npos; });
    EXPECT_THAT(content(proc / "limits"),
                testing::ContainsRegex("Max core file size +0 +0 +bytes"));
    struct stat of_memory {};
    ASSERT_EQ(::stat((proc / "mem").c_str(), &of_memory), 0);
    EXPECT_EQ(of_memory.st_uid, 0U) << "no process of its own user may look into it";
    EXPECT_EQ(of_memory.st_gid, 0U);
    auto arguments = content(proc / "cmdline");
    std::ranges::replace(arguments, '\0', ' ');
    EXPECT_EQ(arguments, linli_program() + " --config " + file.string() + " serve ");
    server.stop();
    until("it ends", [&] { return content(log).find("server_stopped") != std::string::npos; });
    server.has_ended();
    h.server_starts();
}

TEST(what_the_house_writes, can_be_read_by_its_user_alone_whatever_the_umask) {
    auto const before = ::umask(0);
    {
        house h(small_city());
        h.opens_console();
        h.opens_push_door("ctwing");
        h.device("w1").hears_stored(h.device("w1").presses_sos());
        h.device("w1").measures_pulse(70);
        until("it is kept", [&] { return h.count("telemetry") == 1; });
        fs::permissions(h.folder(), fs::perms(0755)); // nor by what lies above
        int seen = 0;
        for (auto const& each : fs::recursive_directory_iterator(h.folder())) {
            auto const path = each.path().string();
            // The broker's own, and what a page's machine must read.
            if (path.ends_with(".crt") || path.ends_with("/passwords") ||
                (path.find("/broker") != path.npos && path.find("/secrets") == path.npos))
                continue;
            struct stat of {};
            ASSERT_EQ(::lstat(path.c_str(), &of), 0) << path;
            bool const in_private = (fs::status(each.path().parent_path()).permissions() &
                                     fs::perms::others_all) == fs::perms::none;
            EXPECT_TRUE((of.st_mode & 0077U) == 0 || in_private) << path;
            ++seen;
        }
        EXPECT_GT(seen, 10);
    }
    ::umask(before);
}

// ------------------------------------------------------------------ what is guessed

TEST_F(hostile, guessing_at_the_pages_is_slowed_and_locks_out_nobody_who_was_there) {
    signed_in before(h, "li"); // the desk, from this address
    page_client guesser(h.console_port(), h.folder() / "console/ca.crt");
    int asked_to_wait = 0;
    for (int i = 0; i < 40; ++i) {
        auto const answer = guesser.post("/v1/session", R"({"user":"u)" + std::to_string(i % 4) +
                                                            R"(","password":"guess"})");
        asked_to_wait += answer.status == 429 ? 1 : 0;
        EXPECT_THAT(answer.status, AnyOf(401, 429, 0));
        if (answer.status == 0) guesser.reconnect();
    }
    EXPECT_GE(asked_to_wait, 10);
    EXPECT_GE(h.metric("linli_sign_ins_refused_total{why=\"too_often\"}"), 10);
    EXPECT_GE(h.metric("linli_sign_ins_refused_total{why=\"wrong\"}"), 10);
    signed_in again(h, "li");
    EXPECT_EQ(again.get("/v1/session").status, 200);
}

TEST_F(hostile, guessing_at_the_push_door_is_counted_and_the_clouds_alarm_comes_in_beside_it) {
    h.opens_push_door("ctwing");
    auto const pushes = [&](std::string const& token) {
        std::string const body = R"({"messageType":"eventReport","IMEI":"1","eventContent":{}})";
        return exchange(h.push_port(),
                        "POST /v1/push/ctwing?token=" + token +
                            " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " +
                            std::to_string(body.size()) + "\r\n\r\n" + body);
    };
    for (int i = 0; i < 100; ++i)
        EXPECT_THAT(pushes("guess" + std::to_string(i)), HasSubstr("401"));
    EXPECT_EQ(h.metric("linli_push_refused_total{why=\"secret\"}"), 100);
    EXPECT_THAT(pushes(http::read_push_secret(h.config().push.secrets, "ctwing")),
                HasSubstr("200"));
}

// ------------------------------------------------------------------ what is played again

TEST(played_again, a_watchs_recorded_press_is_one_event_at_once_and_a_press_again_later) {
    auto city = small_city();
    city.devices.push_back({{"8809008845"}, "watch", {"r1"}, {}, {}});
    house h(city);
    h.opens_watch_door(8);
    until("the watch is known", [&] { return h.metric("linli_watch_registered") == 1; });
    auto const plays = [&] { // the same bytes each time, with the watch's own time in them
        watch from_elsewhere(h.watch_port());
        from_elsewhere.presses_sos();
        from_elsewhere.hears("AL");
    };
    plays();
    auto const id = h.sees_alert("resident:r1");
    plays();
    h.device("w1").hears_stored(h.device("w1").sends(domain::signal_kind::test));
    EXPECT_LE(h.count("signal where device = '8809008845'"), 2) << "one in 10 s";
    EXPECT_EQ(h.count("alert where subject = 'resident:r1'"), 1);
    EXPECT_EQ(h.claims(id, "o1"), "");
    EXPECT_EQ(h.closes(id, "o1", domain::disposition::false_alarm, "tested"), "");
    watch silent(h.watch_port());
    silent.keeps_alive();
    silent.hears("LK");
    h.fast_forward(1h);
    silent.is_hung_up_on(); // so the door knows the hour: who comes now has his own deadline
    // Nothing in such a frame proves when it was sent, and a watch's clock may stand: it may be a
    // press, so it is one. Best behind a private network (src/threats.md).
    plays();
    until("it is an alert", [&] { return h.count("alert where subject = 'resident:r1'") == 2; });
}

TEST(played_again, a_clouds_push_with_its_number_is_the_same_event_a_day_later_too) {
    auto city = small_city();
    city.devices.push_back({{"onenet.button7"}, "button_box", {"r1"}, {}, {}});
    house h(city);
    h.opens_push_door("onenet");
    auto const secret = http::read_push_secret(h.config().push.secrets, "onenet");
    auto const signature = [&](std::string const& nonce, std::string const& msg) {
        auto const digest = says("printf '%s' '" + secret + nonce + msg +
                                 "' | openssl dgst -md5 -binary | openssl base64 -A");
        return digest;
    };
    std::string const msg =
        R"({"messageType":"notify","notifyType":"event","deviceName":"button7","data":{"params":{)"
        R"("alarm":{"value":{"type":"1"},"time":1795420797000}}}})";
    json::object const signed_push{
        {"id", "m-1"}, {"nonce", "n1"}, {"msg", msg}, {"signature", signature("n1", msg)}};
    auto const plays = [&](std::string const& body) {
        return exchange(h.push_port(),
                        "POST /v1/push/onenet HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                        "Content-Length: " +
                            std::to_string(body.size()) + "\r\n\r\n" + body);
    };
    EXPECT_THAT(plays(json::serialize(signed_push)), HasSubstr("200"));
    auto const id = h.sees_alert("resident:r1");
    EXPECT_EQ(h.claims(id, "o1"), "");
    EXPECT_EQ(h.closes(id, "o1", domain::disposition::false_alarm, "tested"), "");
    h.fast_forward(24h);
    EXPECT_THAT(plays(json::serialize(signed_push)), HasSubstr("200"));
    auto changed = signed_push;
    changed["nonce"] = "n2";
    EXPECT_THAT(plays(json::serialize(changed)), HasSubstr("401"));
    h.device("w1").hears_stored(h.device("w1").sends(domain::signal_kind::test));
    EXPECT_EQ(h.count("signal where device = 'onenet.button7'"), 1);
    EXPECT_EQ(h.count("alert where subject = 'resident:r1'"), 1);
}

// ------------------------------------------------------------------ what is listened in on

struct offered {
    char const* what;
    char const* options;
    bool taken;
};

class tls : public testing::TestWithParam<offered> {
protected:
    static void SetUpTestSuite() {
        whole = std::make_unique<house>(small_city());
        whole->opens_console();
        whole->opens_push_door_by_tls("ctwing");
    }
    static void TearDownTestSuite() { whole.reset(); }
    // With OpenSSL's own refusals off, so that it is the house that refuses.
    static std::string shakes(std::uint16_t port, std::string const& options) {
        return says("timeout 10 openssl s_client -connect 127.0.0.1:" + std::to_string(port) + ' ' +
                    options);
    }
    static inline std::unique_ptr<house> whole;
};

TEST_P(tls, is_1_2_or_1_3_with_forward_secrecy_or_nothing_at_each_listener) {
    for (auto const port : {whole->console_port(), whole->push_port()}) {
        auto const said = shakes(port, GetParam().options);
        bool const is_taken =
            said.find("Cipher is (NONE)") == said.npos && said.find("New, TLSv1") != said.npos;
        EXPECT_EQ(is_taken, GetParam().taken) << GetParam().what << ": " << said;
    }
}

INSTANTIATE_TEST_SUITE_P(
    offers, tls,
    testing::Values(
        offered{"TLS 1.0", "-tls1 -cipher 'ALL:@SECLEVEL=0'", false},
        offered{"TLS 1.1", "-tls1_1 -cipher 'ALL:@SECLEVEL=0'", false},
        offered{"1.2 with CBC", "-tls1_2 -cipher 'ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0'", false},
        offered{"1.2 with SHA-1", "-tls1_2 -cipher 'ECDHE-ECDSA-AES256-SHA:@SECLEVEL=0'", false},
        offered{"1.2 without forward secrecy", "-tls1_2 -cipher 'kRSA:@SECLEVEL=0'", false},
        offered{"1.2 without encryption", "-tls1_2 -cipher 'eNULL:@SECLEVEL=0'", false},
        offered{"1.2 without a certificate", "-tls1_2 -cipher 'aNULL:@SECLEVEL=0'", false},
        offered{"1.2 with GCM", "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256", true},
        offered{"1.2 with ChaCha20", "-tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305", true},
        offered{"1.3", "-tls1_3", true}));

TEST_F(hostile, the_pages_door_answers_nobody_in_clear_and_the_figures_only_this_machine) {
    auto const in_clear = exchange(h.console_port(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(in_clear, Not(HasSubstr("HTTP/1.1 200")));
    EXPECT_THAT(h.config().http.listen.host, "127.0.0.1"); // another is refused by config_test
}

} // namespace linli::tests
