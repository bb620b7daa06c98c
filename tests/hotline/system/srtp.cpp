#include "hotline/system/srtp.hpp"

#include <memory>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace linli::tests {

namespace {

constexpr std::size_t header_bytes = 12, proof_bytes = 10;
constexpr std::size_t key_bytes = 16, salt_bytes = 14, block_bytes = 16, proof_key_bytes = 20;

unsigned char const* bytes(std::string_view text) {
    return reinterpret_cast<unsigned char const*>(text.data());
}

std::uint32_t number(std::string_view packet, std::size_t at, int size) {
    std::uint32_t value = 0;
    for (int i = 0; i < size; ++i)
        value = value << 8 | bytes(packet)[at + static_cast<std::size_t>(i)];
    return value;
}

void mix(std::string& block, std::size_t at, std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i) {
        auto const byte = value >> 8 * (size - 1 - i) & 0xFFU;
        auto& to = block[at + static_cast<std::size_t>(i)];
        to = static_cast<char>(static_cast<unsigned char>(to) ^ byte);
    }
}

// AES-128 in counter mode, from that block on.
std::string counted(std::string_view key, std::string_view block, std::string_view text) {
    std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> const cipher(EVP_CIPHER_CTX_new(),
                                                                            EVP_CIPHER_CTX_free);
    std::string out(text.size(), '\0');
    int size = 0;
    EVP_EncryptInit_ex(cipher.get(), EVP_aes_128_ctr(), nullptr, bytes(key), bytes(block));
    EVP_EncryptUpdate(cipher.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                      bytes(text), static_cast<int>(text.size()));
    return out;
}

// RFC 3711, 4.3: without a rate of derivation.
std::string derived(std::string_view key, std::string_view salt, std::uint32_t label,
                    std::size_t size) {
    constexpr std::size_t label_at = 7;
    std::string block(salt);
    mix(block, label_at, label, 1);
    block.resize(block_bytes, '\0');
    return counted(key, block, std::string(size, '\0'));
}

} // namespace

srtp::srtp(std::string_view inline_key) {
    std::string master(3 * inline_key.size() / 4 + 1, '\0');
    auto const size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(master.data()),
                                      bytes(inline_key), static_cast<int>(inline_key.size()));
    if (size != static_cast<int>(key_bytes + salt_bytes))
        throw std::runtime_error("no key of SRTP: " + std::string(inline_key));
    auto const key = std::string_view(master).substr(0, key_bytes);
    auto const salt = std::string_view(master).substr(key_bytes, salt_bytes);
    keys_.cipher = derived(key, salt, 0, key_bytes);
    keys_.proof = derived(key, salt, 1, proof_key_bytes);
    keys_.salt = derived(key, salt, 2, salt_bytes);
}

std::string srtp::crypted(std::string_view rtp, std::uint32_t rolled_over) const {
    auto block = keys_.salt;
    block.resize(block_bytes, '\0');
    mix(block, 4, number(rtp, 8, 4), 4); // the SSRC
    mix(block, 8, rolled_over, 4);
    mix(block, 12, number(rtp, 2, 2), 2); // the sequence number
    return std::string(rtp.substr(0, header_bytes)) +
           counted(keys_.cipher, block, rtp.substr(header_bytes));
}

std::string srtp::proof_of(std::string_view packet, std::uint32_t rolled_over) const {
    std::string text(packet);
    text += std::string(4, '\0');
    mix(text, packet.size(), rolled_over, 4);
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    HMAC(EVP_sha1(), keys_.proof.data(), static_cast<int>(keys_.proof.size()), bytes(text),
         text.size(), out, &size);
    return {reinterpret_cast<char const*>(out), proof_bytes};
}

// As RFC 3711, 3.3.1 guesses it.
std::uint32_t srtp::rolled_over_at(std::string_view rtp) const {
    constexpr int half = 0x8000;
    auto const at = streams_.find(number(rtp, 8, 4));
    if (at == streams_.end()) return 0;
    auto const ahead = static_cast<int>(number(rtp, 2, 2)) - at->second.last;
    if (ahead < -half) return at->second.rolled_over + 1;
    return ahead > half ? at->second.rolled_over - 1 : at->second.rolled_over;
}

void srtp::note(std::string_view rtp, std::uint32_t rolled_over) {
    streams_[number(rtp, 8, 4)] = {rolled_over, static_cast<std::uint16_t>(number(rtp, 2, 2))};
}

std::string srtp::protect(std::string_view rtp) {
    auto const rolled_over = rolled_over_at(rtp);
    note(rtp, rolled_over);
    auto const packet = crypted(rtp, rolled_over);
    return packet + proof_of(packet, rolled_over);
}

std::optional<std::string> srtp::unprotect(std::string_view packet) {
    if (packet.size() <= header_bytes + proof_bytes) return std::nullopt;
    auto const body = packet.substr(0, packet.size() - proof_bytes);
    auto const rolled_over = rolled_over_at(body);
    if (proof_of(body, rolled_over) != packet.substr(body.size())) return std::nullopt;
    note(body, rolled_over);
    return crypted(body, rolled_over);
}

} // namespace linli::tests
