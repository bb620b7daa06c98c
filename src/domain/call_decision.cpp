#include "domain/call_decision.hpp"

namespace linli::domain {

namespace {

bool is_emergency(call_outcome what) {
    return what == call_outcome::alert || what == call_outcome::joined;
}

} // namespace

bool may_become(std::optional<call_outcome> const& is, call_outcome next) {
    if (!is || *is == next) return true;
    return is_emergency(next) && !is_emergency(*is);
}

request hurried(request current, ring_back back, instant now) {
    if (is_worse(back.level, current.level)) current.level = back.level;
    auto const until = now + back.within;
    if (!current.due_at || until < *current.due_at) current.due_at = until;
    return current;
}

} // namespace linli::domain
