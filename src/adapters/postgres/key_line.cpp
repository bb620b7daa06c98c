#include "adapters/postgres/key_line.hpp"

#include <cstddef>

#include <fmt/core.h>

namespace linli::postgres {

namespace {

constexpr auto variant = sodium_base64_VARIANT_ORIGINAL;
constexpr char lookup_context[] = "lookup__";

} // namespace

std::string fresh_key_id() {
    std::array<unsigned char, 4> id{};
    randombytes_buf(id.data(), id.size());
    return fmt::format("k{:02x}{:02x}{:02x}{:02x}", id[0], id[1], id[2], id[3]);
}

std::string key_line(std::string_view id, secret const& key) {
    std::string text(sodium_base64_ENCODED_LEN(key.bytes.size(), variant), '\0');
    sodium_bin2base64(text.data(), text.size(), key.bytes.data(), key.bytes.size(), variant);
    text.pop_back(); // libsodium's closing zero
    auto line = std::string(id) + ' ' + text;
    sodium_memzero(text.data(), text.size());
    return line;
}

bool read_key(std::string const& text, secret& into) {
    std::size_t size = 0;
    auto const failed = sodium_base642bin(into.bytes.data(), into.bytes.size(), text.data(),
                                          text.size(), nullptr, &size, nullptr, variant);
    return failed == 0 && size == into.bytes.size();
}

void make_lookup_key(secret const& last, secret& into) {
    crypto_kdf_derive_from_key(into.bytes.data(), into.bytes.size(), 1, lookup_context,
                               last.bytes.data());
}

} // namespace linli::postgres
