#pragma once

#include <map>
#include <string>
#include <string_view>

#include "domain/time.hpp"

namespace linli::http {

// What a signed report must be: `Linli-Signature` is "sha256=" and HMAC-SHA256 in small hex of
// `<timestamp>.<body>`, as ours are (notify/signature); the timestamp, in seconds since 1970, is
// now. What was taken once is a replay the second time: an honest sender signs each try anew. Lives
// on the house's loop.
class call_proof {
public:
    static constexpr domain::minutes longest_age{5}; // or so far ahead

    explicit call_proof(std::string secret) : secret_(std::move(secret)) {}

    enum class verdict { proven, forged, old, replayed };
    verdict of(std::string_view timestamp, std::string_view signature, std::string_view body,
               domain::instant now);
    // It was taken: from now on it is known. Only what is proven gets here, so no stranger fills
    // it.
    void taken(std::string const& signature, domain::instant now);

private:
    void forget(domain::instant now);

    std::string const secret_;
    std::map<std::string, domain::instant, std::less<>> taken_;
};

std::string_view to_text(call_proof::verdict what);

} // namespace linli::http
