#pragma once

#include <memory>
#include <string>

#include "app/accounts.hpp"
#include "support/let_others_run.hpp"

namespace linli::tests {

// Hashes that take no time and hide nothing.
class plain_hashing final : public app::password_hashing {
public:
    int times_asked = 0;
    bool is_slow = false; // and ends when this does

    runtime::task<std::string> hash(std::string password) override {
        co_await let_others_run();
        co_return "plain:" + password;
    }
    runtime::task<bool> fits(std::string password, std::string hash) override {
        ++times_asked;
        co_await let_others_run();
        while (is_slow)
            co_await let_others_run();
        co_return !hash.empty() && hash == "plain:" + password;
    }
};

// "t1-------…": the first, the second …; the digest is the token's beginning.
inline app::token_source numbered_tokens() {
    auto const made = std::make_shared<int>(0);
    return {
        [made] {
            auto token = "t" + std::to_string(++*made);
            token.resize(43, '-');
            return token;
        },
        [](std::string const& token) { return "digest of " + token.substr(0, token.find('-')); }};
}

} // namespace linli::tests
