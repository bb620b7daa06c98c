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

erasure_state state_of(erasure const& what) {
    if (what.withdrawn) return erasure_state::withdrawn;
    if (what.cleared_at) return erasure_state::cleared;
    return what.erased_at ? erasure_state::erased : erasure_state::asked;
}

bool can_be_wished_on(std::chrono::sys_days day, instant now, minutes utc_offset) {
    auto const today = std::chrono::floor<std::chrono::days>(now + utc_offset);
    return day <= today && day > today - std::chrono::days(366);
}

bool goes_at_once(erasure_part what) {
    switch (what) {
    case erasure_part::registry:
    case erasure_part::contacts:
    case erasure_part::limits:
    case erasure_part::home:
    case erasure_part::words:
    case erasure_part::pictures:
        return true;
    case erasure_part::numbers:
    case erasure_part::recordings:
    case erasure_part::places:
    case erasure_part::telemetry:
    case erasure_part::commands:
        return false;
    }
    return false;
}

std::vector<erasure_part> goes_of(erasure_standing const& now) {
    std::vector<erasure_part> all;
    for (auto const& [what, name] : names<erasure_part>::table)
        if (what != erasure_part::home || now.home_goes) all.push_back(what);
    return all;
}

std::vector<erasure_rest> stays_of(erasure_standing const& now) {
    std::vector<erasure_rest> all;
    for (auto const& [what, name] : names<erasure_rest>::table)
        if (what != erasure_rest::home || !now.home_goes) all.push_back(what);
    return all;
}

} // namespace linli::domain
