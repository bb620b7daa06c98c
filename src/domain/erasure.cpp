#include "domain/erasure.hpp"

namespace linli::domain {

// Obstacles don't keep anybody from asking: they are shown, and ended meanwhile.
std::optional<erasure_refusal> refusal_to_ask(erasure_standing const& now) {
    if (!now.is_known) return erasure_refusal::unknown;
    if (now.asked && now.asked->erased_at) return erasure_refusal::gone;
    if (now.asked) return erasure_refusal::twice;
    return std::nullopt;
}

std::optional<erasure_refusal> refusal_to_confirm(erasure_standing const& now,
                                                  operator_id const& by) {
    if (!now.is_known) return erasure_refusal::unknown;
    if (!now.asked) return erasure_refusal::not_asked;
    if (now.asked->erased_at) return erasure_refusal::gone;
    if (now.asked->asked_by == by) return erasure_refusal::alone;
    if (!now.obstacles.empty()) return erasure_refusal::needed;
    return std::nullopt;
}

std::optional<erasure_refusal> refusal_to_withdraw(erasure_standing const& now) {
    if (!now.is_known) return erasure_refusal::unknown;
    if (!now.asked) return erasure_refusal::not_asked;
    if (now.asked->erased_at) return erasure_refusal::gone;
    return std::nullopt;
}

} // namespace linli::domain
