#include "adapters/http/call_proof.hpp"

#include <charconv>
#include <cstdint>
#include <optional>

#include "adapters/http/push_proof.hpp"

namespace linli::http {

namespace {

std::optional<domain::instant> time_in(std::string_view text) {
    std::uint32_t seconds = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return domain::instant(domain::seconds(seconds));
}

// One spelling only, or the same signature could be written in another way and pass as new.
bool is_as_written(std::string_view signature) {
    constexpr std::string_view start = "sha256=";
    constexpr std::size_t digits = 64;
    return signature.starts_with(start) && signature.size() == start.size() + digits &&
           signature.find_first_not_of("0123456789abcdef", start.size()) == signature.npos;
}

} // namespace

call_proof::verdict call_proof::of(std::string_view timestamp, std::string_view signature,
                                   std::string_view body, domain::instant now) {
    files::push_rule rule;
    rule.proof = files::push_proof::hmac_sha256;
    auto const whole = std::string(timestamp) + '.' + std::string(body);
    push_claim const claim{{}, signature, {}, whole};
    if (!is_as_written(signature) || !is_proven(rule, secret_, claim)) return verdict::forged;
    auto const at = time_in(timestamp);
    if (!at || *at < now - longest_age || *at > now + longest_age) return verdict::old;
    forget(now);
    return taken_.contains(signature) ? verdict::replayed : verdict::proven;
}

void call_proof::taken(std::string const& signature, domain::instant now) {
    taken_.emplace(signature, now);
}

// Older ones are refused by their age.
void call_proof::forget(domain::instant now) {
    std::erase_if(taken_, [&](auto const& each) { return each.second < now - 2 * longest_age; });
}

std::string_view to_text(call_proof::verdict what) {
    switch (what) {
    case call_proof::verdict::forged:
        return "forged";
    case call_proof::verdict::old:
        return "old";
    case call_proof::verdict::replayed:
        return "replayed";
    case call_proof::verdict::proven:
        break;
    }
    return "proven";
}

} // namespace linli::http
