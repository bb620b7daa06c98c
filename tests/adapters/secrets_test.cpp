// Passwords and tokens by libsodium, as an installation has them.
#include <set>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/secrets/passwords.hpp"
#include "adapters/secrets/tokens.hpp"
#include "support/run_on.hpp"

namespace linli::tests {

namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

class hashed_passwords : public testing::Test {
protected:
    std::string hash(std::string const& password) {
        return run_on(loop_, passwords_->hash(password));
    }
    bool fits(std::string const& password, std::string const& hash) {
        return run_on(loop_, passwords_->fits(password, hash));
    }

    boost::asio::io_context loop_;
    std::unique_ptr<secrets::passwords> passwords_ = secrets::start_passwords();
};

} // namespace

TEST_F(hashed_passwords, only_the_password_itself_fits_its_hash) {
    std::string const rose = "中午的红玫瑰 at noon";
    auto const kept = hash(rose);
    EXPECT_THAT(kept, StartsWith("$argon2id$"));
    EXPECT_THAT(kept, Not(HasSubstr("noon")));
    EXPECT_TRUE(fits(rose, kept));
    EXPECT_FALSE(fits(rose + ' ', kept));
    EXPECT_FALSE(fits("", kept));
    EXPECT_FALSE(fits(rose + std::string(1, '\0'), kept));
    EXPECT_NE(hash(rose), kept); // two of the same show no likeness
}

TEST_F(hashed_passwords, nobodys_hash_fits_nothing_and_neither_does_rubbish) {
    EXPECT_FALSE(fits("", ""));
    EXPECT_FALSE(fits("anything", ""));
    EXPECT_FALSE(fits("anything", "anything"));
    EXPECT_FALSE(fits("", std::string(10'000, 'x')));
}

TEST_F(hashed_passwords, who_waits_when_the_house_stops_hears_so) {
    passwords_->stop();
    EXPECT_THROW(fits("anything", ""), boost::system::system_error);
}

TEST(tokens, each_is_another_and_its_digest_says_nothing_of_it) {
    auto const source = secrets::tokens();
    std::set<std::string> all;
    for (int i = 0; i < 1'000; ++i) {
        auto const token = source.make();
        EXPECT_EQ(token.size(), 43U);
        EXPECT_THAT(token, MatchesRegex("[A-Za-z0-9_-]*"));
        EXPECT_EQ(source.digest(token).size(), 32U);
        EXPECT_EQ(source.digest(token), source.digest(token));
        all.insert(token);
        all.insert(source.digest(token));
    }
    EXPECT_EQ(all.size(), 2'000U);
}

} // namespace linli::tests
