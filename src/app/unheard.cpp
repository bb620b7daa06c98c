#include "app/unheard.hpp"

namespace linli::app {

bool is_heard(view const& seen, domain::order const& o) {
    if (!o.alert) return false;
    auto const at = seen.alerts.find(*o.alert);
    return at != seen.alerts.end() && is_open(at->second);
}

std::vector<domain::subject> unheard_about(view const& seen) {
    std::vector<domain::subject> all;
    for (auto const& [id, o] : seen.orders) {
        if (is_heard(seen, o)) continue;
        if (auto const c = domain::concern_of(o)) all.push_back(c->about);
    }
    return all;
}

} // namespace linli::app
