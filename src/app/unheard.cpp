#include "app/unheard.hpp"

namespace linli::app {

bool is_heard(view const& seen, domain::order const& o) {
    if (!o.alert) return false;
    auto const at = seen.alerts.find(*o.alert);
    return at != seen.alerts.end() && is_open(at->second);
}

std::vector<domain::subject> raised_by_visits(view const& seen) {
    std::vector<domain::subject> all;
    for (auto const& [id, o] : seen.orders) {
        bool const heard = is_heard(seen, o);
        if (auto const c = domain::concern_of(o); c && !heard) all.push_back(c->about);
        if (!domain::is_on_visit(o.state)) continue;
        auto const f = domain::failure_of(o, true);
        bool const is_seen = f && heard && seen.alerts.at(*o.alert).about == f->about;
        if (f && !is_seen) all.push_back(f->about);
    }
    return all;
}

} // namespace linli::app
