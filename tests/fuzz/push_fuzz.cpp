// Any bytes at the door of the makers' clouds: nobody is taken for a cloud who doesn't show its
// secret, by whichever of the five proofs.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/http/push_proof.hpp"
#include "fuzz/http_bytes.hpp"

namespace {

using namespace linli;
using files::push_proof;

constexpr fuzz::door_limits limits{8192, 256 * 1024};
constexpr std::string_view secret = "s3cret";

http::push_claim claim_by(http::request const& asked, push_proof how, files::push_rule& by) {
    by.proof = how;
    by.header = how == push_proof::header        ? "X-Token"
                : how == push_proof::hmac_sha256 ? "X-Signature"
                                                 : "";
    return http::claim_of(asked, by);
}

void check(http::request const& asked, push_proof how) {
    files::push_rule by;
    auto const claim = claim_by(asked, how, by);
    require(!http::is_proven(by, "", claim)); // no secret was made for it
    bool const proven = http::is_proven(by, secret, claim);
    auto const shown = std::string(secret);
    if (how == push_proof::bearer) require(proven == (claim.authorization == "Bearer " + shown));
    if (how == push_proof::header) require(proven == (claim.header == secret));
    if (how == push_proof::query)
        require(proven == (http::query_value(claim.query, "token") == secret));
    if (how == push_proof::hmac_sha256) require(!proven || claim.header.size() >= 44);
    if (how == push_proof::onenet)
        require(!proven || claim.body.find("signature") != claim.body.npos);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    auto const heard = fuzz::hear(bytes, std::max<std::size_t>(size, 1), limits);
    if (!heard.whole) return 0;
    auto const& asked = *heard.whole;
    require(asked.body().size() <= limits.body_bytes);
    for (auto const& [how, name] : domain::names<push_proof>::table)
        check(asked, how);
    auto const query = http::query_of(asked);
    require(!http::answer_to_handshake("", query));
    if (auto const told = http::answer_to_handshake(secret, query))
        require(!told->empty() && *told == http::query_value(query, "msg"));
    return 0;
}
