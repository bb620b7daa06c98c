// `linli user`, as an administrator runs it, on a database of its own and without a server.
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>
#include <sys/wait.h>
#include <unistd.h>

#include "adapters/postgres/account_record.hpp"
#include "adapters/postgres/schema.hpp"
#include "adapters/secrets/passwords.hpp"
#include "adapters/secrets/tokens.hpp"
#include "app/accounts.hpp"
#include "support/evening.hpp"
#include "support/manual_clock.hpp"
#include "support/places.hpp"
#include "support/run_on.hpp"

namespace linli::tests {

namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string database_server() {
    auto const* given = std::getenv("LINLI_TEST_DATABASE");
    if (!given) throw std::runtime_error("LINLI_TEST_DATABASE is not set: see tests/README.md");
    return given;
}

void on_server(std::string const& statement) {
    pqxx::connection at(database_server());
    pqxx::nontransaction(at).exec(statement);
}

// Its own database, keys and configuration, gone at the end.
class user_command : public testing::Test {
protected:
    user_command() {
        static std::atomic<int> number{0};
        name_ = "linli_user_" + std::to_string(::getpid()) + '_' + std::to_string(++number);
        on_server("create database " + name_);
        postgres::migrate(url(), evening);
        std::string folder = "/tmp/linli-user-XXXXXX";
        folder_ = ::mkdtemp(folder.data());
        auto const keys = postgres::key_ring::create_if_missing(folder_ / "record.keys");
        std::ofstream(folder_ / "linli.toml")
            << "[installation]\narea = \"620100\"\n[database]\nurl = \"" << url()
            << "\"\nkey_file = \"record.keys\"\n"
            << "[mqtt]\nurl = \"tcp://localhost:1\"\npassword_file = \"none\"\n";
        record_ = postgres::open_accounts(url(), keys);
        accounts_ = std::make_unique<app::accounts>(*record_, *passwords_, clock_,
                                                    secrets::tokens(), app::accounts::limits{});
    }
    ~user_command() override {
        record_->stop();
        on_server("drop database " + name_ + " with (force)");
        std::filesystem::remove_all(folder_);
    }

    std::string url() const { return database_server() + " dbname=" + name_; }

    // What the program says to `typed` on its standard input.
    std::string says(std::string const& words, std::string const& typed = "", int ends_with = 0) {
        auto const input = folder_ / "input";
        std::ofstream(input, std::ios::binary) << typed;
        auto const command = linli_program() + " --config " + (folder_ / "linli.toml").string() +
                             " user " + words + " <" + input.string() + " 2>&1";
        auto* const out = ::popen(command.c_str(), "r");
        if (!out) throw std::runtime_error("can't run " + command);
        std::string said;
        std::array<char, 4096> some{};
        while (auto const got = std::fread(some.data(), 1, some.size(), out))
            said.append(some.data(), got);
        auto const status = ::pclose(out);
        EXPECT_EQ(WEXITSTATUS(status), ends_with) << command << ": " << said;
        return said;
    }
    void adds_zhang() {
        says("add zhang.min --name 张敏 --role operator --area 620100 --password-stdin",
             "a red rose at noon\n");
    }
    std::string signs_in(std::string const& password) {
        auto const came = run_on(loop_, accounts_->sign_in({"zhang.min"}, password, "desk"));
        return came ? came->token : "";
    }
    bool is_signed_in(std::string const& token) {
        clock_.fast_forward(std::chrono::seconds(10)); // memory's few seconds are over
        return run_on(loop_, accounts_->find(token)).value().has_value();
    }

    std::string name_;
    std::filesystem::path folder_;
    boost::asio::io_context loop_;
    manual_clock clock_{evening};
    std::unique_ptr<postgres::account_database> record_;
    std::unique_ptr<secrets::passwords> passwords_ = secrets::start_passwords();
    std::unique_ptr<app::accounts> accounts_;
};

} // namespace

TEST_F(user_command, who_was_added_signs_in_and_the_list_says_when) {
    EXPECT_THAT(says("list"), HasSubstr("linli user add --help"));
    adds_zhang();
    EXPECT_THAT(says("list"), AllOf(HasSubstr("zhang.min"), HasSubstr("operator"),
                                    HasSubstr("620100"), HasSubstr("never"), HasSubstr("张敏")));
    EXPECT_EQ(signs_in("a red rose at dawn"), "");
    auto const token = signs_in("a red rose at noon");
    EXPECT_TRUE(is_signed_in(token));
    EXPECT_THAT(says("list"), HasSubstr("2026-01-01T12:00:00"));
    EXPECT_THAT(says("list --json"), AllOf(HasSubstr(R"("user":"zhang.min")"),
                                           HasSubstr(R"("signed_in_at":"2026-01-01T12:00:00)"),
                                           Not(HasSubstr("argon2"))));
}

TEST_F(user_command, a_new_password_ends_the_sessions_and_the_old_one) {
    adds_zhang();
    auto const token = signs_in("a red rose at noon");
    says("password zhang.min --password-stdin", "a white lily at dawn\r\n");
    EXPECT_FALSE(is_signed_in(token));
    EXPECT_EQ(signs_in("a red rose at noon"), "");
    EXPECT_NE(signs_in("a white lily at dawn"), "");
}

TEST_F(user_command, who_is_disabled_is_out_until_he_is_enabled) {
    adds_zhang();
    auto const token = signs_in("a red rose at noon");
    says("disable zhang.min");
    EXPECT_FALSE(is_signed_in(token));
    EXPECT_EQ(signs_in("a red rose at noon"), "");
    EXPECT_THAT(says("list"), HasSubstr("disabled"));
    says("enable zhang.min");
    EXPECT_FALSE(is_signed_in(token)); // it ended
    EXPECT_NE(signs_in("a red rose at noon"), "");
}

TEST_F(user_command, who_has_another_role_signs_in_anew_and_sees_what_it_sees) {
    adds_zhang();
    auto token = signs_in("a red rose at noon");
    EXPECT_THAT(says("role zhang.min operator"), Not(HasSubstr("signed out"))) << "as she was";
    EXPECT_TRUE(is_signed_in(token));
    EXPECT_THAT(says("role zhang.min shift_leader --site city"), HasSubstr("signed out"));
    EXPECT_FALSE(is_signed_in(token));
    token = signs_in("a red rose at noon");
    ASSERT_NE(token, "");
    auto const seen = run_on(loop_, accounts_->find(token)).value().value();
    EXPECT_EQ(seen.who.role, domain::role::shift_leader);
    EXPECT_EQ(seen.who.site.value, "city");
    EXPECT_EQ(seen.who.area.value, "620100");
    EXPECT_EQ(seen.who.name, "张敏");
}

TEST_F(user_command, each_refusal_says_what_to_do) {
    adds_zhang();
    std::string const rest = " --name X --area 620100 --password-stdin --role ";
    std::string const rose = "a red rose at noon\n";
    EXPECT_THAT(says("add zhang.min" + rest + "operator", rose, 1),
                HasSubstr("linli user password"));
    EXPECT_THAT(says("add Zhang" + rest + "operator", rose, 1), HasSubstr("a-z, 0-9"));
    EXPECT_THAT(says("add li" + rest + "boss", rose, 1), HasSubstr("shift_leader"));
    EXPECT_THAT(says("add li" + rest + "worker", rose, 1), HasSubstr("--provider"));
    EXPECT_THAT(says("add li" + rest + "worker --provider p1", rose, 1), HasSubstr("--worker"));
    EXPECT_THAT(says("add li" + rest + "operator", "short\n", 1), HasSubstr("10 characters"));
    EXPECT_THAT(says("add li" + rest + "operator", "", 1), HasSubstr("10 characters"));
    EXPECT_THAT(says("add chief.operator" + rest + "operator", "Chief.Operator\n", 1),
                HasSubstr("the user's name"));
    EXPECT_THAT(says("password zhang.min", rose, 1), HasSubstr("--password-stdin"));
    EXPECT_THAT(says("password nobody --password-stdin", rose, 1), HasSubstr("linli user list"));
    EXPECT_THAT(says("disable nobody", "", 1), HasSubstr("linli user list"));
    EXPECT_THAT(says("add li", "", 2), HasSubstr("--name"));
    EXPECT_THAT(says("list"), AllOf(Not(HasSubstr("\nli ")), HasSubstr("zhang.min")));
}

TEST_F(user_command, a_database_without_a_schema_is_said_to_be_one) {
    {
        pqxx::connection at(url());
        pqxx::nontransaction(at).exec("drop table session; drop table account cascade");
    }
    EXPECT_THAT(says("list", "", 1), HasSubstr("linli migrate"));
}

} // namespace linli::tests
