// Against a real mosquitto in a private folder; nothing sleeps, everything waits for an event with
// a deadline.
#include <arpa/inet.h>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/mqtt/intake_connection.hpp"
#include "adapters/mqtt/peer.hpp"
#include "adapters/mqtt/publisher.hpp"
#include "adapters/postgres/key_ring.hpp"
#include "support/free_port.hpp"
#include "support/places.hpp"

extern char** environ;

namespace linli::mqtt {
namespace {

using namespace std::chrono_literals;
constexpr auto deadline = 20s;

// ------------------------------------------------------------------ processes and the broker

pid_t spawn(std::vector<std::string> words, std::vector<std::string> more_environment = {}) {
    std::vector<char*> arguments;
    for (auto& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::vector<char*> environment;
    for (char** each = environ; *each; ++each)
        environment.push_back(*each);
    for (auto& each : more_environment)
        environment.push_back(each.data());
    environment.push_back(nullptr);
    pid_t pid = -1;
    posix_spawn_file_actions_t quietly; // and without holding a pipe of ours open
    posix_spawn_file_actions_init(&quietly);
    posix_spawn_file_actions_addopen(&quietly, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&quietly, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    int const error =
        posix_spawnp(&pid, arguments[0], &quietly, nullptr, arguments.data(), environment.data());
    posix_spawn_file_actions_destroy(&quietly);
    return error == 0 ? pid : -1;
}

int wait_for_end(pid_t pid) {
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
}

bool answers(int port) {
    int const s = socket(AF_INET, SOCK_STREAM, 0);
    auto const address = loopback(port);
    bool const open = connect(s, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0;
    close(s);
    return open;
}

class broker {
public:
    explicit broker(std::string extra_config = "") {
        char name[] = "/tmp/linli-mqtt-test-XXXXXX";
        folder_ = mkdtemp(name);
        std::ofstream(folder_ / "mosquitto.conf")
            << "listener " << port_ << " 127.0.0.1\n"
            << "set_tcp_nodelay true\npersistence true\npersistence_location " << folder_.string()
            << "/\nmax_queued_messages 0\nuser " << (getuid() == 0 ? "root" : "nobody")
            << "\nlog_dest file " << (folder_ / "log").string() << "\n"
            << (extra_config.empty() ? "allow_anonymous true\n" : extra_config);
        start();
    }
    ~broker() {
        end(SIGKILL);
        std::filesystem::remove_all(folder_);
    }

    void start() {
        pid_ = spawn({"/usr/sbin/mosquitto", "-c", (folder_ / "mosquitto.conf").string()});
        auto const until = std::chrono::steady_clock::now() + deadline;
        while (!answers(port_) && std::chrono::steady_clock::now() < until) {
        }
    }
    // SIGTERM: writes its store. SIGKILL: loses the sessions.
    void end(int signal) {
        if (pid_ < 0) return;
        // Again every half second: a mosquitto that is just starting forgets a SIGTERM.
        pollfd ended{static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)), POLLIN, 0};
        do {
            kill(pid_, signal);
        } while (poll(&ended, 1, 500) == 0);
        close(ended.fd);
        wait_for_end(pid_);
        pid_ = -1;
    }

    connection_settings settings(std::string client_id) const {
        return {"tcp://127.0.0.1:" + std::to_string(port_), "", "", "", std::move(client_id)};
    }
    int port() const { return port_; }
    std::filesystem::path const& folder() const { return folder_; }

private:
    int port_ = tests::free_port();
    std::filesystem::path folder_;
    pid_t pid_ = -1;
};

// ------------------------------------------------------------------ what happened

// Words that callbacks write down and tests wait for.
class diary {
public:
    void write(std::string word) {
        std::lock_guard const lock(mutex_);
        words_.push_back(std::move(word));
        changed_.notify_all();
    }
    // Waits until it was written (again, if it has been waited for before).
    testing::AssertionResult has(std::string const& word) {
        return wait_for(word, [&](std::string const& each) { return each == word; });
    }
    testing::AssertionResult has_like(std::string const& start) {
        return wait_for(start, [&](std::string const& each) { return each.starts_with(start); });
    }
    std::vector<std::string> all() {
        std::lock_guard const lock(mutex_);
        return {words_.begin(), words_.end()};
    }

private:
    testing::AssertionResult wait_for(std::string const& word,
                                      std::function<bool(std::string const&)> const& is_it) {
        std::unique_lock lock(mutex_);
        auto found = words_.end();
        auto const look = [&] {
            found = std::find_if(words_.begin(), words_.end(), is_it);
            return found != words_.end();
        };
        if (!changed_.wait_for(lock, deadline, look))
            return testing::AssertionFailure()
                   << word << " is not among " << testing::PrintToString(words_);
        words_.erase(found);
        return testing::AssertionSuccess();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::string> words_;
};

struct receiver {
    diary log;
    std::function<bool(arrived const&)> judge = [](arrived const&) { return true; };
    intake_connection::settle settle; // of each that was taken
    intake_connection connection;

    explicit receiver(connection_settings settings, std::vector<std::string> filters = {"t/#"},
                      announcement announce = {})
        : connection(std::move(settings), std::move(filters), callbacks(), std::move(announce)) {}

    intake_connection::callbacks callbacks() {
        return {[this](arrived const& what) {
                    auto const type = what.content_type ? std::string(*what.content_type) : "";
                    bool const taken = judge(what);
                    log.write((taken ? "got " : "refused ") + std::string(what.payload) +
                              (type.empty() ? "" : " as " + type));
                    return taken ? std::optional(settle) : std::nullopt;
                },
                [this](bool present) { log.write(present ? "same session" : "new session"); },
                [this] { log.write("subscribed"); },
                [this](std::string const&) { log.write("lost"); },
                [this](std::string const& what) { log.write("trouble: " + what); }};
    }
};

struct sender {
    diary log;
    publisher connection;

    explicit sender(connection_settings settings, std::size_t most = 100)
        : connection(std::move(settings), most,
                     {[this] { log.write("connected"); },
                      [this](std::string const&) { log.write("lost"); },
                      [this](std::string const& what) { log.write("trouble: " + what); }}) {}

    void send(std::string topic, std::string payload) {
        connection.publish(std::move(topic), payload, [this, payload](bool arrived) {
            log.write((arrived ? "delivered " : "failed ") + payload);
        });
    }
};

int publish_by_tool(broker const& at, std::vector<std::string> more) {
    std::vector<std::string> words{
        "mosquitto_pub", "-p", std::to_string(at.port()), "-q", "1", "-V", "mqttv5"};
    words.insert(words.end(), more.begin(), more.end());
    return wait_for_end(spawn(words));
}

// ------------------------------------------------------------------ receiving

TEST(intake, receives_in_order_with_the_content_type) {
    broker b;
    receiver r(b.settings("intake"));
    r.connection.start();
    ASSERT_TRUE(r.log.has("new session"));
    sender s(b.settings("sender"), 300);
    s.connection.start();
    ASSERT_TRUE(s.log.has("connected"));
    // The subscription may be behind the connection: retained, so that it doesn't matter here.
    publish_by_tool(
        b, {"-t", "t/0", "-m", "first", "-r", "-D", "publish", "content-type", "application/json"});
    ASSERT_TRUE(r.log.has("got first as application/json"));
    ASSERT_TRUE(r.log.has("subscribed"));
    for (int i = 0; i < 200; ++i)
        s.send("t/1", std::to_string(i));
    ASSERT_TRUE(r.log.has("got 199"));
    auto const rest = r.log.all();
    ASSERT_EQ(rest.size(), 199u);
    for (std::size_t i = 0; i < rest.size(); ++i)
        EXPECT_EQ(rest[i], "got " + std::to_string(i));
    r.connection.stop();
    r.connection.stop();
}

TEST(intake, asks_again_until_the_message_is_accepted) {
    broker b;
    receiver r(b.settings("intake"));
    std::atomic<int> refusals{0};
    r.judge = [&](arrived const&) {
        if (++refusals <= 2) return false;
        if (refusals == 3) throw std::runtime_error("the journal is on fire");
        return true;
    };
    r.connection.start();
    publish_by_tool(b, {"-t", "t/0", "-m", "press", "-r"});
    EXPECT_TRUE(r.log.has("got press"));
    EXPECT_EQ(refusals, 4);
    r.connection.stop();
}

TEST(intake, what_was_sent_while_we_were_away_waits_for_us) {
    broker b;
    {
        receiver r(b.settings("intake"));
        r.connection.start();
        publish_by_tool(b, {"-t", "t/0", "-m", "subscribed", "-r"});
        ASSERT_TRUE(r.log.has("got subscribed"));
        r.connection.stop();
    }
    publish_by_tool(b, {"-t", "t/1", "-m", "press"});
    receiver r(b.settings("intake"));
    r.connection.start();
    EXPECT_TRUE(r.log.has("same session"));
    EXPECT_TRUE(r.log.has("got press"));
    r.connection.stop();
}

TEST(intake, comes_back_after_the_broker_and_subscribes_again_if_it_forgot_us) {
    broker b;
    receiver r(b.settings("intake"));
    r.connection.start();
    ASSERT_TRUE(r.log.has("new session"));
    publish_by_tool(b, {"-t", "t/0", "-m", "subscribed", "-r"});
    ASSERT_TRUE(r.log.has("got subscribed"));

    b.end(SIGTERM);
    ASSERT_TRUE(r.log.has("lost"));
    b.start();
    ASSERT_TRUE(r.log.has("same session"));
    publish_by_tool(b, {"-t", "t/1", "-m", "after a restart"});
    EXPECT_TRUE(r.log.has("got after a restart"));

    b.end(SIGKILL);
    ASSERT_TRUE(r.log.has("lost"));
    std::filesystem::remove(b.folder() / "mosquitto.db");
    b.start();
    ASSERT_TRUE(r.log.has("new session"));
    publish_by_tool(b, {"-t", "t/2", "-m", "after a crash", "-r"});
    EXPECT_TRUE(r.log.has("got after a crash"));
    r.connection.stop();
}

TEST(intake, starts_before_the_broker_does) {
    broker b;
    b.end(SIGTERM);
    receiver r(b.settings("intake"));
    r.connection.start();
    ASSERT_TRUE(r.log.has_like("trouble: can't connect"));
    b.start();
    EXPECT_TRUE(r.log.has("new session"));
    r.connection.stop();
}

// ------------------------------------------------------------------ PUBACK only when it is safe

// The session at the broker exists.
void subscribe_once(broker const& b) {
    receiver r(b.settings("intake"));
    r.connection.start();
    ASSERT_TRUE(r.log.has("subscribed"));
    r.connection.stop();
}

// What a receiver does with a message that is not to be acknowledged, and how it ends.
enum class leaves { refused, unsettled, died };

// Runs in a process of its own, which dies without a word.
TEST(intake_child, DISABLED_dies_before_it_is_safe) {
    auto const* port = std::getenv("LINLI_TEST_PORT");
    if (!port) GTEST_SKIP();
    connection_settings const settings{"tcp://127.0.0.1:" + std::string(port), "", "", "",
                                       "intake"};
    auto const dies = []() -> bool { _exit(0); };
    intake_connection connection(
        settings, {"t/#"},
        {[&](arrived const&) { return std::optional<intake_connection::settle>(dies); },
         {},
         {},
         {},
         {}});
    connection.start();
    std::promise<void>().get_future().wait_for(deadline);
    _exit(1);
}

class unacknowledged : public testing::TestWithParam<leaves> {};
INSTANTIATE_TEST_SUITE_P(intake, unacknowledged,
                         testing::Values(leaves::refused, leaves::unsettled, leaves::died));

TEST_P(unacknowledged, message_is_delivered_again) {
    broker b;
    subscribe_once(b);
    publish_by_tool(b, {"-t", "t/1", "-m", "press"});
    if (GetParam() == leaves::died) {
        auto const child = spawn({"/proc/self/exe", "--gtest_also_run_disabled_tests",
                                  "--gtest_filter=intake_child.DISABLED_dies_before_it_is_safe"},
                                 {"LINLI_TEST_PORT=" + std::to_string(b.port())});
        ASSERT_EQ(wait_for_end(child), 0);
    } else {
        receiver r(b.settings("intake"));
        if (GetParam() == leaves::refused) r.judge = [](arrived const&) { return false; };
        r.settle = [&] {
            r.log.write("not safe");
            return false;
        };
        r.connection.start();
        ASSERT_TRUE(r.log.has(GetParam() == leaves::refused ? "refused press" : "not safe"));
        r.connection.stop();
    }
    receiver r(b.settings("intake"));
    r.connection.start();
    EXPECT_TRUE(r.log.has("same session"));
    EXPECT_TRUE(r.log.has("got press"));
    r.connection.stop();
    receiver once_more(b.settings("intake"));
    once_more.connection.start();
    EXPECT_TRUE(once_more.log.has("same session"));
    publish_by_tool(b, {"-t", "t/1", "-m", "another"});
    EXPECT_TRUE(once_more.log.has("got another"));
    EXPECT_THAT(once_more.log.all(), testing::Not(testing::Contains("got press")));
}

TEST(intake, hands_on_the_next_while_the_disk_is_slow_and_stops_when_all_is_safe) {
    broker b;
    subscribe_once(b);
    for (auto const* each : {"1", "2", "3"})
        publish_by_tool(b, {"-t", "t/1", "-m", each});
    {
        std::promise<void> disk;
        auto const turns = disk.get_future().share();
        receiver r(b.settings("intake"));
        r.settle = [&] {
            turns.wait();
            return true;
        };
        r.connection.start();
        EXPECT_TRUE(r.log.has("got 3")); // with nothing safe yet
        std::thread spins([&] { disk.set_value(); });
        r.connection.stop();
        spins.join();
    }
    receiver r(b.settings("intake"));
    r.connection.start();
    EXPECT_TRUE(r.log.has("same session"));
    publish_by_tool(b, {"-t", "t/1", "-m", "4"});
    EXPECT_TRUE(r.log.has("got 4"));
    EXPECT_THAT(r.log.all(), testing::Not(testing::Contains("got 1")));
}

TEST(intake, two_of_a_process_do_not_wait_for_each_other) {
    broker b;
    receiver stuck(b.settings("telemetry"), {"slow"});
    stuck.judge = [](arrived const&) { return false; };
    stuck.connection.start();
    ASSERT_TRUE(stuck.log.has("subscribed"));
    receiver free(b.settings("intake"), {"t/#"});
    free.connection.start();
    ASSERT_TRUE(free.log.has("subscribed"));
    publish_by_tool(b, {"-t", "slow", "-m", "bulk"});
    ASSERT_TRUE(stuck.log.has("refused bulk"));
    publish_by_tool(b, {"-t", "t/1", "-m", "press"});
    EXPECT_TRUE(free.log.has("got press"));
}

// ------------------------------------------------------------------ rights, TLS

TEST(intake, a_refused_subscription_is_told) {
    broker b;
    // mosquitto 2.0.11 grants filters whatever the ACL says; an invalid one it answers by hanging
    // up.
    receiver r(b.settings("intake"), {"t/#", "bad/#/filter"});
    r.connection.start();
    EXPECT_TRUE(r.log.has_like("trouble"));
    r.connection.stop();
}

// A city's broker: TLS, a password for everybody.
class guarded_broker {
public:
    explicit guarded_broker(std::string const& days = "2") {
        char name[] = "/tmp/linli-mqtt-tls-XXXXXX";
        folder_ = mkdtemp(name);
        make_authority("ca");
        make_authority("stranger");
        run({"openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-subj", "/CN=localhost", "-keyout", in("key"), "-out", in("request")});
        std::ofstream(in("names")) << "subjectAltName=DNS:localhost\n";
        run({"openssl", "x509", "-req", "-in", in("request"), "-CA", in("ca.crt"), "-CAkey",
             in("ca.key"), "-CAcreateserial", "-days", days, "-extfile", in("names"), "-out",
             in("crt")});
        run({"mosquitto_passwd", "-b", "-c", in("passwords"), "linli-server", "secret"});
        broker_.emplace("allow_anonymous false\npassword_file " + in("passwords") + "\ncertfile " +
                        in("crt") + "\nkeyfile " + in("key") + "\n");
    }
    ~guarded_broker() {
        broker_.reset();
        std::filesystem::remove_all(folder_);
    }

    connection_settings settings(std::string host, std::string password, std::string ca) const {
        return {"ssl://" + host + ":" + std::to_string(broker_->port()), "linli-server",
                std::move(password), in(ca), "intake"};
    }

    std::string in(std::string const& name) const { return (folder_ / name).string(); }

private:
    static void run(std::vector<std::string> words) {
        if (wait_for_end(spawn(words)) != 0) throw std::runtime_error(words[0] + " failed");
    }
    void make_authority(std::string const& name) {
        run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "2", "-subj", "/CN=" + name, "-keyout", in(name + ".key"), "-out",
             in(name + ".crt")});
    }

    std::filesystem::path folder_;
    std::optional<broker> broker_;
};

TEST(intake, talks_tls_and_trusts_only_its_own_authority) {
    guarded_broker const b;
    receiver r(b.settings("localhost", "secret", "ca.crt"));
    r.connection.start();
    EXPECT_TRUE(r.log.has("new session"));
    r.connection.stop();
    for (auto const& wrong :
         {b.settings("localhost", "secret", "stranger.crt"), b.settings("localhost", "", "ca.crt"),
          b.settings("localhost", "guess", "ca.crt"),
          b.settings("127.0.0.1", "secret", "ca.crt")}) {
        receiver refused(wrong);
        refused.connection.start();
        EXPECT_TRUE(refused.log.has_like("trouble: can't connect"));
        EXPECT_THAT(refused.log.all(), testing::Not(testing::Contains("new session")));
        refused.connection.stop();
    }
}

// An installation with that broker and without a database, in the broker's folder.
std::string house_at(guarded_broker const& b, int http_port) {
    std::ofstream(b.in("mqtt.password")) << "secret\n";
    postgres::key_ring::create_if_missing(b.in("record.keys"));
    auto const at = b.settings("localhost", "secret", "ca.crt");
    std::ofstream(b.in("linli.toml"))
        << "[installation]\narea = \"620100\"\n[database]\nurl = \"host=/nowhere\"\n"
        << "key_file = \"record.keys\"\n[http]\nlisten = \"127.0.0.1:" << http_port << "\"\n"
        << "[journal]\nreserve_mib = 1\nsegment_mib = 1\n[mqtt]\nurl = \"" << at.url
        << "\"\npassword_file = \"mqtt.password\"\nca_file = \"ca.crt\"\n[files]\nplans = \""
        << tests::shipped_config("plans") << "\"\ndevices = \"" << tests::shipped_config("devices")
        << "\"\nservices = \"" << tests::shipped_config("services.toml") << "\"\nthresholds = \""
        << tests::shipped_config("thresholds.toml") << "\"\n";
    return b.in("linli.toml");
}

std::string output_of(std::string const& command) {
    auto* const out = ::popen(command.c_str(), "r");
    std::string said;
    std::array<char, 4096> some{};
    while (auto const got = std::fread(some.data(), 1, some.size(), out))
        said.append(some.data(), got);
    ::pclose(out);
    return said;
}

std::string readyz(int port) {
    int const s = socket(AF_INET, SOCK_STREAM, 0);
    auto const address = loopback(port);
    std::string answer;
    if (connect(s, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0) {
        constexpr std::string_view asked =
            "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        std::array<char, 4096> some{};
        if (write(s, asked.data(), asked.size()) > 0)
            for (auto got = read(s, some.data(), some.size()); got > 0;
                 got = read(s, some.data(), some.size()))
                answer.append(some.data(), static_cast<std::size_t>(got));
    }
    close(s);
    return answer;
}

TEST(certificate_of_a_broker, that_ends_soon_is_said_by_check_and_by_the_server) {
    constexpr auto words = "the broker's certificate is good for "; // 19 days, or 20 at once
    guarded_broker const b("20");
    auto const port = tests::free_port();
    auto const config = house_at(b, port);
    EXPECT_THAT(output_of(tests::linli_program() + " --config " + config + " check 2>&1"),
                testing::HasSubstr(std::string("BEWARE ") + words));
    auto const server = spawn({tests::linli_program(), "--config", config, "serve"});
    auto const until = std::chrono::steady_clock::now() + deadline;
    auto const says = [&] { return readyz(port).find(words) != std::string::npos; };
    bool is_said = says();
    while (!is_said && std::chrono::steady_clock::now() < until)
        is_said = says();
    EXPECT_TRUE(is_said) << readyz(port);
    kill(server, SIGTERM);
    wait_for_end(server);
}

// ------------------------------------------------------------------ sending

TEST(publishing, is_reported_when_the_broker_has_it) {
    broker b;
    receiver r(b.settings("intake"));
    r.connection.start();
    sender s(b.settings("sender"));
    s.connection.start();
    ASSERT_TRUE(s.log.has("connected"));
    publish_by_tool(b, {"-t", "t/0", "-m", "subscribed", "-r"});
    ASSERT_TRUE(r.log.has("got subscribed"));
    s.send("t/1", "offer");
    EXPECT_TRUE(s.log.has("delivered offer"));
    EXPECT_TRUE(r.log.has("got offer"));
}

TEST(publishing, fails_at_once_without_a_connection) {
    broker b;
    sender s(b.settings("sender"));
    s.send("t/1", "never started");
    EXPECT_THAT(s.log.all(), testing::ElementsAre("failed never started"));
    s.connection.start();
    ASSERT_TRUE(s.log.has("connected"));
    b.end(SIGTERM);
    ASSERT_TRUE(s.log.has("lost"));
    s.send("t/1", "too late");
    EXPECT_THAT(s.log.all(), testing::Contains("failed too late"));
    b.start();
    ASSERT_TRUE(s.log.has("connected"));
    s.send("t/1", "again");
    EXPECT_TRUE(s.log.has("delivered again"));
}

TEST(publishing, answers_for_every_message_when_the_broker_goes_away) {
    broker b;
    sender s(b.settings("sender"), 5000);
    s.connection.start();
    ASSERT_TRUE(s.log.has("connected"));
    std::atomic<int> answered{0};
    std::atomic<int> failed{0};
    std::promise<void> all;
    for (int i = 0; i < 3000; ++i) {
        if (i == 1500) b.end(SIGKILL);
        s.connection.publish("t/1", "x", [&](bool arrived) {
            if (!arrived) ++failed;
            if (++answered == 3000) all.set_value();
        });
    }
    EXPECT_EQ(all.get_future().wait_for(deadline), std::future_status::ready);
    EXPECT_GT(failed, 0);
}

TEST(publishing, takes_no_more_than_it_was_given) {
    broker b;
    sender s(b.settings("sender"), 10);
    s.connection.start();
    ASSERT_TRUE(s.log.has("connected"));
    std::atomic<int> delivered{0};
    std::atomic<int> refused{0};
    std::promise<void> all;
    for (int i = 0; i < 2000; ++i)
        s.connection.publish("t/1", "x", [&](bool arrived) {
            ++(arrived ? delivered : refused);
            if (delivered + refused == 2000) all.set_value();
        });
    EXPECT_EQ(all.get_future().wait_for(deadline), std::future_status::ready);
    EXPECT_GE(delivered, 10);
    EXPECT_GT(refused, 0);
}

TEST(publishing, is_fast_although_the_broker_takes_twenty_at_a_time) {
    broker b("allow_anonymous true\nmax_inflight_messages 20\n");
    sender s(b.settings("sender"), 5000);
    s.connection.start();
    ASSERT_TRUE(s.log.has("connected"));
    std::atomic<int> delivered{0};
    std::promise<void> all;
    auto const begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 4000; ++i)
        s.connection.publish("t/1", "x", [&](bool arrived) {
            if (arrived && ++delivered == 4000) all.set_value();
        });
    EXPECT_EQ(all.get_future().wait_for(deadline), std::future_status::ready);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
}

announcement const in_words{"server/state", "here", "gone"};

TEST(intake, says_that_the_server_is_here_and_gone) {
    broker b;
    receiver r(b.settings("watcher"), {"server/state"});
    r.connection.start();
    {
        receiver server(b.settings("intake"), {"t/#"}, in_words);
        server.connection.start();
        EXPECT_TRUE(r.log.has("got here"));
        server.connection.stop();
        EXPECT_TRUE(r.log.has("got gone"));
    }
    receiver late(b.settings("late"), {"server/state"});
    late.connection.start();
    EXPECT_TRUE(late.log.has("got gone"));
}

TEST(intake, when_another_takes_its_session_over_the_last_word_is_that_somebody_is_here) {
    broker b;
    receiver r(b.settings("watcher"), {"server/state"});
    r.connection.start();
    ASSERT_TRUE(r.log.has("subscribed"));
    receiver first(b.settings("intake"), {"t/#"}, in_words);
    first.connection.start();
    ASSERT_TRUE(r.log.has("got here"));
    receiver second(b.settings("intake"), {"t/#"}, in_words);
    second.connection.start();
    ASSERT_TRUE(first.log.has("lost"));
    first.connection.stop();
    ASSERT_TRUE(second.log.has("subscribed"));
    ASSERT_TRUE(r.log.has("got here"));
    publish_by_tool(b, {"-t", "t/1", "-m", "press"});
    EXPECT_TRUE(second.log.has("got press"));
    receiver late(b.settings("late"), {"server/state"});
    late.connection.start();
    EXPECT_TRUE(late.log.has("got here"));
}

// mosquitto 2.0.11 hangs up on what follows a denial: that is sent again by whoever sent it.
TEST(publishing, what_the_broker_denies_is_not_delivered) {
    char name[] = "/tmp/linli-mqtt-acl-XXXXXX";
    std::filesystem::path const folder = mkdtemp(name);
    auto const acl = folder / "acl";
    std::ofstream(acl) << "topic write allowed/#\ntopic write server/state\n";
    {
        broker b("allow_anonymous true\nacl_file " + acl.string() + "\n");
        sender s(b.settings("sender"));
        s.connection.start();
        ASSERT_TRUE(s.log.has("connected"));
        s.send("allowed/1", "mine");
        EXPECT_TRUE(s.log.has("delivered mine"));
        s.send("forbidden/1", "not mine");
        EXPECT_TRUE(s.log.has("failed not mine"));
        s.send("allowed/1", "the next");
        EXPECT_TRUE(s.log.has("failed the next"));
        EXPECT_TRUE(s.log.has("lost"));
        ASSERT_TRUE(s.log.has("connected"));
        s.send("allowed/1", "mine again");
        EXPECT_TRUE(s.log.has("delivered mine again"));
    }
    std::filesystem::remove_all(folder);
}

// ------------------------------------------------------------------ devices and providers

// Peers on one loop, as in the simulator; what happens is written as "name got payload".
class street {
public:
    ~street() {
        boost::asio::post(loop_, [this] {
            for (auto& [name, who] : people_)
                boost::asio::co_spawn(loop_, who->hang_up(), boost::asio::detached);
            guard_.reset();
        });
        thread_.join();
    }

    // Receives the topic t/<its name>.
    void moves_in(std::string const& name, connection_settings settings) {
        boost::asio::post(loop_, [this, name, settings] {
            auto& made = people_[name];
            made = std::make_unique<peer>(loop_, settings, "t/" + name, 60s, callbacks(name));
            made->start();
        });
    }
    void moves_out(std::string const& name) {
        boost::asio::post(loop_, [this, name] {
            boost::asio::co_spawn(loop_, people_.at(name)->hang_up(), [this, name](auto) {
                people_.erase(name);
                log.write(name + " is gone");
            });
        });
    }
    void sends(std::string const& from, std::string const& to, std::string const& payload) {
        boost::asio::post(loop_, [=, this] { people_.at(from)->send("t/" + to, payload); });
    }

    diary log;

private:
    peer::callbacks callbacks(std::string const& name) {
        return {[this, name](std::string_view, std::string_view payload) {
                    log.write(name + " got " + std::string(payload));
                },
                [this, name] { log.write(name + " is ready"); },
                [this, name](std::string const&) { log.write(name + " lost"); },
                [this, name](std::string const& what) { log.write(name + " trouble: " + what); }};
    }

    boost::asio::io_context loop_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{
        loop_.get_executor()};
    std::map<std::string, std::unique_ptr<peer>> people_;
    std::thread thread_{[this] { loop_.run(); }};
};

TEST(peers, a_hundred_share_a_loop_and_each_is_told_his_own) {
    broker const b;
    street s;
    for (int i = 0; i < 100; ++i)
        s.moves_in(std::to_string(i), b.settings("peer-" + std::to_string(i)));
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(s.log.has(std::to_string(i) + " is ready"));
    for (int i = 0; i < 100; ++i)
        s.sends(std::to_string(i), std::to_string(99 - i), "from " + std::to_string(i));
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(s.log.has(std::to_string(99 - i) + " got from " + std::to_string(i)));
    EXPECT_THAT(s.log.all(), testing::IsEmpty()); // nothing twice, nothing for somebody else
}

TEST(peers, send_more_than_the_broker_takes_at_once_in_order) {
    broker const b("allow_anonymous true\nmax_inflight_messages 5\n");
    street s;
    s.moves_in("a", b.settings("a"));
    s.moves_in("b", b.settings("b"));
    ASSERT_TRUE(s.log.has("a is ready"));
    ASSERT_TRUE(s.log.has("b is ready"));
    for (int i = 0; i < 300; ++i)
        s.sends("a", "b", std::to_string(i));
    ASSERT_TRUE(s.log.has("b got 299"));
    auto const rest = s.log.all();
    ASSERT_EQ(rest.size(), 299u);
    for (std::size_t i = 0; i < rest.size(); ++i)
        EXPECT_EQ(rest[i], "b got " + std::to_string(i));
}

TEST(peers, who_has_hung_up_is_told_when_he_is_back) {
    broker const b;
    street s;
    s.moves_in("a", b.settings("a"));
    ASSERT_TRUE(s.log.has("a is ready"));
    s.moves_out("a");
    ASSERT_TRUE(s.log.has("a is gone"));
    publish_by_tool(b, {"-t", "t/a", "-m", "receipt"});
    s.moves_in("a", b.settings("a"));
    EXPECT_TRUE(s.log.has("a got receipt"));
    EXPECT_THAT(s.log.all(), testing::Not(testing::Contains("a lost"))); // he left himself
}

TEST(peers, come_back_after_the_broker) {
    broker b;
    street s;
    s.moves_in("a", b.settings("a"));
    ASSERT_TRUE(s.log.has("a is ready"));
    b.end(SIGKILL);
    ASSERT_TRUE(s.log.has("a lost"));
    s.sends("a", "a", "nobody hears it");
    b.start();
    ASSERT_TRUE(s.log.has("a is ready"));
    s.sends("a", "a", "again");
    EXPECT_TRUE(s.log.has("a got again"));
    EXPECT_THAT(s.log.all(), testing::Not(testing::Contains("a got nobody hears it")));
}

TEST(peers, hang_up_before_they_were_ever_connected) {
    broker b;
    b.end(SIGTERM);
    street s;
    s.moves_in("a", b.settings("a"));
    ASSERT_TRUE(s.log.has_like("a trouble: can't connect"));
    s.moves_out("a");
    EXPECT_TRUE(s.log.has("a is gone"));
}

TEST(peers, talk_tls_with_a_credential) {
    guarded_broker const b;
    street s;
    s.moves_in("a", b.settings("localhost", "secret", "ca.crt"));
    ASSERT_TRUE(s.log.has("a is ready"));
    s.sends("a", "a", "press");
    EXPECT_TRUE(s.log.has("a got press"));
    street strangers;
    strangers.moves_in("a", b.settings("localhost", "guess", "ca.crt"));
    EXPECT_TRUE(strangers.log.has_like("a trouble: can't connect"));
}

} // namespace
} // namespace linli::mqtt
