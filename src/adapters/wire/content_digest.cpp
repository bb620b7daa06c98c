#include "adapters/wire/content_digest.hpp"

#include <array>
#include <chrono>
#include <string>

#include <sodium/crypto_generichash.h>
#include <sodium/utils.h>

namespace linli::wire {

namespace {

constexpr std::size_t digest_bytes = 8;

std::string short_digest(std::string_view payload) {
    std::array<unsigned char, crypto_generichash_BYTES> digest{};
    crypto_generichash(digest.data(), digest.size(),
                       reinterpret_cast<unsigned char const*>(payload.data()), payload.size(),
                       nullptr, 0);
    std::array<char, 2 * digest_bytes + 1> hex{};
    sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest_bytes);
    return hex.data();
}

} // namespace

domain::event_id event_id_by_content(domain::device_id const& device, std::string_view payload,
                                     domain::instant received_at, domain::seconds window) {
    auto const since_epoch = std::chrono::floor<std::chrono::seconds>(received_at);
    auto const number = since_epoch.time_since_epoch() / window;
    return {device.value + ":x:" + short_digest(payload) + ':' + std::to_string(number)};
}

domain::event_id event_id_by_receipt(domain::device_id const& device, std::string_view payload,
                                     domain::instant received_at) {
    return {device.value + ":x:" + short_digest(payload) + ':' +
            std::to_string(received_at.time_since_epoch().count())};
}

domain::event_id event_id_by_name(domain::device_id const& device, std::string_view name) {
    return {device.value + ":n:" + short_digest(name)};
}

} // namespace linli::wire
