#include "adapters/secrets/tokens.hpp"

#include <array>
#include <stdexcept>
#include <string>

#include <sodium.h>

namespace linli::secrets {

namespace {

constexpr std::size_t token_bytes = 32;
constexpr int base64url = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

std::string random_token() {
    std::array<unsigned char, token_bytes> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    std::array<char, sodium_base64_ENCODED_LEN(token_bytes, base64url)> text{};
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), base64url);
    sodium_memzero(bytes.data(), bytes.size());
    return text.data();
}

std::string digest_of(std::string const& token) {
    std::string digest(crypto_generichash_BYTES, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                       reinterpret_cast<unsigned char const*>(token.data()), token.size(), nullptr,
                       0);
    return digest;
}

} // namespace

app::token_source tokens() {
    if (sodium_init() < 0) throw std::runtime_error("libsodium can't start: no random numbers");
    return {random_token, digest_of};
}

} // namespace linli::secrets
