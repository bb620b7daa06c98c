// Passwords for the broker, tried with the broker itself.
#include "adapters/mqtt/credentials.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace linli::mqtt {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

std::string content(std::filesystem::path const& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

unsigned mode_of(std::filesystem::path const& file) {
    struct stat about {};
    return ::stat(file.c_str(), &about) == 0 ? about.st_mode & 0777U : 0U;
}

class a_broker : public testing::Test {
protected:
    a_broker() {
        std::string name = "/tmp/linli-credentials-XXXXXX";
        folder_ = ::mkdtemp(name.data());
        files_ = {folder_ / "passwords", folder_ / "secrets"};
    }
    ~a_broker() override {
        if (broker_ > 0) {
            ::kill(broker_, SIGTERM);
            ::waitpid(broker_, nullptr, 0);
            ::close(hears_);
        }
        std::filesystem::remove_all(folder_);
    }

    credential_counts write(std::vector<std::string> const& users) {
        return write_credentials(files_, users);
    }
    std::string secret(std::string const& user) const {
        auto text = content(files_.secrets_folder / user);
        if (!text.empty()) text.pop_back();
        return text;
    }

    // `says`: where its standard error goes.
    static pid_t start(std::vector<std::string> words, int says = STDERR_FILENO) {
        std::vector<char*> arguments;
        for (auto& each : words)
            arguments.push_back(each.data());
        arguments.push_back(nullptr);
        posix_spawn_file_actions_t files;
        ::posix_spawn_file_actions_init(&files);
        ::posix_spawn_file_actions_adddup2(&files, says, STDERR_FILENO);
        pid_t child = 0;
        auto const failed =
            ::posix_spawnp(&child, arguments[0], &files, nullptr, arguments.data(), environ);
        ::posix_spawn_file_actions_destroy(&files);
        if (failed) throw std::runtime_error(words[0] + " is missing: see deploy/packages");
        return child;
    }

    void run_broker() {
        sockaddr_in at{};
        socklen_t size = sizeof at;
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        int const probe = ::socket(AF_INET, SOCK_STREAM, 0);
        ASSERT_EQ(::bind(probe, reinterpret_cast<sockaddr*>(&at), size), 0);
        ::getsockname(probe, reinterpret_cast<sockaddr*>(&at), &size);
        port_ = ntohs(at.sin_port);
        ::close(probe);
        // As root the broker would read its files as the user mosquitto, who may not enter here.
        std::ofstream(folder_ / "broker.conf") << fmt::format(
            "listener {} 127.0.0.1\nallow_anonymous false\npassword_file {}\n{}", port_,
            files_.password_file.string(), ::geteuid() == 0 ? "user root\n" : "");
        int ends[2] = {-1, -1};
        ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
        broker_ = start({"mosquitto", "-c", (folder_ / "broker.conf").string()}, ends[1]);
        ::close(ends[1]);
        hears_ = ends[0];
        wait_until_broker_says(" running");
    }

    void wait_until_broker_says(std::string const& words) {
        std::string said;
        pollfd waiting{hears_, POLLIN, 0};
        while (said.find(words) == said.npos) {
            char text[512];
            bool const speaks = ::poll(&waiting, 1, 10'000) == 1;
            auto const size = speaks ? ::read(hears_, text, sizeof text) : 0;
            if (size <= 0) throw std::runtime_error("the broker only said: " + said);
            said.append(text, static_cast<std::size_t>(size));
        }
    }

    bool admits(std::string const& user, std::string const& password) const {
        constexpr int refused = 5; // CONNACK "not authorised"
        auto const client =
            start({"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(port_), "-u", user,
                   "-P", password, "-t", "t", "-m", "m", "-q", "1", "--quiet"});
        int status = 0;
        ::waitpid(client, &status, 0);
        int const answer = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        if (answer != 0 && answer != refused)
            throw std::runtime_error(fmt::format("mosquitto_pub ended with {}", answer));
        return answer == 0;
    }

    std::filesystem::path folder_;
    credential_files files_;
    pid_t broker_ = 0;
    int port_ = 0;
    int hears_ = -1; // what the broker says
};

TEST_F(a_broker, admits_who_has_the_password_and_nobody_else) {
    auto const counts = write({"linli-server", broker_user(domain::device_id{"w1"}),
                               broker_user(domain::provider_id{"c1"})});
    EXPECT_EQ(counts.made, 3U);
    run_broker();
    EXPECT_TRUE(admits("d-w1", secret("d-w1")));
    EXPECT_TRUE(admits("p-c1", secret("p-c1")));
    EXPECT_TRUE(admits("linli-server", secret("linli-server")));
    EXPECT_FALSE(admits("d-w1", secret("p-c1")));
    EXPECT_FALSE(admits("d-w2", secret("d-w1")));
}

TEST_F(a_broker, takes_new_passwords_when_it_is_told_to_read_again) {
    write({"d-w1"});
    run_broker();
    EXPECT_TRUE(admits("d-w1", secret("d-w1")));
    write({"d-w1", "d-w2"});
    ::kill(broker_, SIGHUP);
    wait_until_broker_says("Reloading config");
    EXPECT_TRUE(admits("d-w2", secret("d-w2")));
    EXPECT_TRUE(admits("d-w1", secret("d-w1")));
}

TEST_F(a_broker, gets_files_that_only_their_owner_can_read) {
    write({"d-w1"});
    EXPECT_EQ(mode_of(files_.password_file), 0600U);
    EXPECT_EQ(mode_of(files_.secrets_folder), 0700U);
    EXPECT_EQ(mode_of(files_.secrets_folder / "d-w1"), 0600U);
    EXPECT_THAT(secret("d-w1"), SizeIs(24));
    EXPECT_THAT(content(files_.password_file), Not(HasSubstr(secret("d-w1"))));
    ::chmod(files_.password_file.c_str(), 0640); // the operator let the broker's group in
    write({"d-w1"});
    EXPECT_EQ(mode_of(files_.password_file), 0640U);
}

TEST_F(a_broker, keeps_the_password_of_a_device_in_the_field) {
    write({"d-w1", "d-w2"});
    auto const old = secret("d-w1");
    auto const w2 = secret("d-w2");
    std::filesystem::remove(files_.secrets_folder / "d-w2"); // typed in and thrown away
    auto const again = write({"d-w1", "d-w2", "d-w3"});
    EXPECT_EQ(again.kept, 2U);
    EXPECT_EQ(again.made, 1U);
    EXPECT_EQ(secret("d-w1"), old);
    EXPECT_FALSE(std::filesystem::exists(files_.secrets_folder / "d-w2"));
    run_broker();
    EXPECT_TRUE(admits("d-w1", old));
    EXPECT_TRUE(admits("d-w2", w2));
}

TEST_F(a_broker, forgets_what_was_taken_out_of_service_and_leaves_other_users_alone) {
    write({"d-w1", "d-w2"});
    std::ofstream(files_.password_file, std::ios::app)
        << password_line("bridge", "by hand") << "\n";
    auto const counts = write({"d-w1"});
    EXPECT_EQ(counts.removed, 1U);
    EXPECT_THAT(content(files_.password_file), Not(HasSubstr("d-w2")));
    EXPECT_FALSE(std::filesystem::exists(files_.secrets_folder / "d-w2"));
    run_broker();
    EXPECT_TRUE(admits("bridge", "by hand"));
}

TEST_F(a_broker, gets_no_user_whose_name_is_a_path_or_a_line_break) {
    for (std::string const bad : {"", "../d-w1", "d-w1\nd-w2", "d-w1:x", ".hidden", "d-王"})
        EXPECT_THROW(write({bad}), credentials_error) << bad;
    EXPECT_FALSE(std::filesystem::exists(files_.password_file));
}

TEST_F(a_broker, gets_five_thousand_devices_while_one_waits) {
    std::vector<std::string> users;
    for (int n = 0; n < 5000; ++n)
        users.push_back(fmt::format("d-w{:06}", n));
    std::size_t last = 0;
    auto const began = std::chrono::steady_clock::now();
    write_credentials(files_, users, [&](std::size_t done, std::size_t total) {
        EXPECT_EQ(total, users.size());
        EXPECT_EQ(done, ++last);
    });
    auto const took = std::chrono::steady_clock::now() - began;
    EXPECT_EQ(last, users.size());
    // 1 s by itself; the rest waits for what others write to the same disk.
    EXPECT_LT(took, std::chrono::seconds(60));
    RecordProperty(
        "milliseconds",
        std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
}

} // namespace
} // namespace linli::mqtt
