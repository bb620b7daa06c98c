#include "app/unheard.hpp"

namespace linli::app {

bool is_heard(view const& seen, domain::order const& o) {
    if (!o.alert) return false;
    auto const at = seen.alerts.find(*o.alert);
    return at != seen.alerts.end() && is_open(at->second);
}

namespace {

// Somebody may be at the door: he goes there, or has been called back or was done before.
bool may_say_120(domain::order const& o) {
    switch (o.state) {
    case domain::order_state::completed:
    case domain::order_state::followed_up:
    case domain::order_state::stood_down:
    case domain::order_state::cancelled:
        return true;
    default:
        return domain::is_on_visit(o.state);
    }
}

} // namespace

std::vector<domain::subject> raised_by_visits(view const& seen) {
    std::vector<domain::subject> all;
    for (auto const& [id, o] : seen.orders) {
        bool const heard = is_heard(seen, o);
        if (auto const c = domain::concern_of(o); c && !heard) all.push_back(c->about);
        if (!may_say_120(o)) continue;
        auto const f = domain::failure_of(o, true);
        bool const is_seen = f && heard && seen.alerts.at(*o.alert).about == f->about;
        if (f && !is_seen) all.push_back(f->about);
    }
    return all;
}

} // namespace linli::app
