#include "adapters/secrets/passwords.hpp"

#include <array>
#include <stdexcept>
#include <string>
#include <utility>

#include <sodium.h>

#include "runtime/blocking_pool.hpp"

namespace linli::secrets {

namespace {

constexpr std::size_t threads = 2;

std::string hash_of(std::string& password) {
    std::array<char, crypto_pwhash_STRBYTES> text{};
    auto const failed = crypto_pwhash_str_alg(
        text.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
        crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13);
    sodium_memzero(password.data(), password.size());
    if (failed != 0) throw std::runtime_error("no memory for a password's hash: 64 MiB are needed");
    return text.data();
}

bool is_fit(std::string& password, std::string const& hash) {
    bool const fits = crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
    sodium_memzero(password.data(), password.size());
    return fits;
}

class passwords_by_sodium final : public passwords {
public:
    passwords_by_sodium() {
        if (sodium_init() < 0) throw std::runtime_error("libsodium can't start: no random numbers");
        std::string nobodys(16, '\0');
        randombytes_buf(nobodys.data(), nobodys.size());
        nobodys_hash_ = hash_of(nobodys);
    }

    runtime::task<std::string> hash(std::string password) override {
        auto job = [password = std::move(password)]() mutable { return hash_of(password); };
        auto made = co_await threads_.run(std::move(job));
        co_return made;
    }

    // An account without a hash has nobody's, which no password fits: its words are forgotten.
    runtime::task<bool> fits(std::string password, std::string hash) override {
        bool const is_nobody = hash.empty();
        if (is_nobody) hash = nobodys_hash_;
        auto job = [password = std::move(password), hash = std::move(hash)]() mutable {
            return is_fit(password, hash);
        };
        bool const fits = co_await threads_.run(std::move(job));
        co_return fits && !is_nobody;
    }

    void stop() override { threads_.stop(); }

private:
    std::string nobodys_hash_;
    runtime::blocking_pool threads_{threads};
};

} // namespace

std::unique_ptr<passwords> start_passwords() {
    return std::make_unique<passwords_by_sodium>();
}

} // namespace linli::secrets
