#pragma once

#include <array>
#include <string>
#include <string_view>

#include <sodium.h>

namespace linli::postgres {

// 32 bytes that leave the memory clean behind them.
struct secret {
    std::array<unsigned char, crypto_kdf_KEYBYTES> bytes{};

    secret() = default;
    secret(secret const&) = delete;
    secret& operator=(secret const&) = delete;
    ~secret() { sodium_memzero(bytes.data(), bytes.size()); }
};

// The id of the line whose key makes the look-up digests.
inline constexpr std::string_view lookup_line = "lookup";

// "k1f2e3d4": for a line that is to be new.
std::string fresh_key_id();

// One line of a key file, `<key id> <base64 of 32 bytes>`, without its end.
std::string key_line(std::string_view id, secret const& key);

// Its second word. False: it is no key.
bool read_key(std::string const& text, secret& into);

// What makes the look-up digests where no line says so: a key that the last line's makes.
void make_lookup_key(secret const& last, secret& into);

} // namespace linli::postgres
