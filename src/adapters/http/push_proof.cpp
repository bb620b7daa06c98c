#include "adapters/http/push_proof.hpp"

#include <array>
#include <span>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

namespace linli::http {

namespace {

using files::push_proof;

// Digests of both, so that not even the length of the secret shows.
bool same_secret(std::string_view one, std::string_view other) {
    std::array<unsigned char, crypto_generichash_BYTES> a{};
    std::array<unsigned char, crypto_generichash_BYTES> b{};
    auto const digest = [](std::string_view of, auto& into) {
        crypto_generichash(into.data(), into.size(),
                           reinterpret_cast<unsigned char const*>(of.data()), of.size(), nullptr,
                           0);
    };
    digest(one, a);
    digest(other, b);
    return sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string base64(std::span<unsigned char const> bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    auto const size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                      static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::string hex(std::span<unsigned char const> bytes) {
    std::string text(2 * bytes.size() + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
    text.pop_back();
    return text;
}

bool is_signed(std::string_view secret, std::string_view body, std::string_view signature) {
    if (signature.starts_with("sha256=")) signature.remove_prefix(7);
    std::array<unsigned char, 32> mac{};
    unsigned int size = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<unsigned char const*>(body.data()), body.size(), mac.data(), &size);
    std::string small(signature);
    for (char& c : small)
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    bool const as_hex = same_secret(small, hex(mac));
    bool const as_base64 = same_secret(signature, base64(mac));
    return as_hex || as_base64;
}

// Base64 of MD5 over token, nonce and msg: the maker's rule, not our choice.
bool is_onenet_signature(std::string_view token, std::string_view nonce, std::string_view msg,
                         std::string_view signature) {
    std::array<unsigned char, 16> digest{};
    std::string text(token);
    text += nonce;
    text += msg;
    unsigned int size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_md5(), nullptr) != 1)
        return false;
    return same_secret(base64(digest), signature);
}

std::string text_of(boost::json::object const& in, std::string_view key) {
    auto const* value = in.if_contains(key);
    if (!value) return {};
    if (auto const* text = value->if_string()) return std::string(*text);
    return boost::json::serialize(*value);
}

bool is_onenet_body(std::string_view token, std::string_view body) {
    boost::json::error_code error;
    auto const all = boost::json::parse(body, error);
    auto const* object = error ? nullptr : all.if_object();
    if (!object) return false;
    auto signature = text_of(*object, "signature");
    if (signature.empty()) signature = text_of(*object, "msg_signature");
    return is_onenet_signature(token, text_of(*object, "nonce"), text_of(*object, "msg"),
                               signature);
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// "%41" and, in a signature's Base64, a "+" that nobody encoded.
std::string decoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool const is_code = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                             hex_digit(text[i + 2]) >= 0;
        plain += is_code ? static_cast<char>(16 * hex_digit(text[i + 1]) + hex_digit(text[i + 2]))
                         : text[i];
        if (is_code) i += 2;
    }
    return plain;
}

} // namespace

bool is_in_header(push_proof how) {
    return how == push_proof::bearer || how == push_proof::header || how == push_proof::query;
}

bool is_proven(files::push_rule const& rule, std::string_view secret, push_claim const& claim) {
    if (secret.empty()) return false;
    constexpr std::string_view bearer = "Bearer ";
    switch (rule.proof) {
    case push_proof::bearer:
        return claim.authorization.starts_with(bearer) &&
               same_secret(claim.authorization.substr(bearer.size()), secret);
    case push_proof::header:
        return same_secret(claim.header, secret);
    case push_proof::query:
        return same_secret(query_value(claim.query, "token"), secret);
    case push_proof::hmac_sha256:
        return is_signed(secret, claim.body, claim.header);
    case push_proof::onenet:
        return is_onenet_body(secret, claim.body);
    }
    return false;
}

std::optional<std::string> answer_to_handshake(std::string_view secret, std::string_view query) {
    auto msg = query_value(query, "msg");
    auto const nonce = query_value(query, "nonce");
    auto const signature = query_value(query, "signature");
    if (secret.empty() || msg.empty() || !is_onenet_signature(secret, nonce, msg, signature))
        return std::nullopt;
    return msg;
}

std::string query_value(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        auto const end = std::min(query.find('&'), query.size());
        auto const pair = query.substr(0, end);
        auto const equals = pair.find('=');
        if (equals != std::string_view::npos && pair.substr(0, equals) == name)
            return decoded(pair.substr(equals + 1));
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return {};
}

} // namespace linli::http
