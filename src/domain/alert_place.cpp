#include "domain/alert_place.hpp"

namespace linli::domain {

bool moves_with(alert const& was, signal_joined const& joined) {
    if (joined.home.empty() || joined.home == was.home) return false;
    if (is_worse(was.level, joined.plan_of_kind.level)) return false;
    if (was.about.kind == subject_kind::worker) return true;
    return was.about.kind == subject_kind::resident && !is_of_visit(joined.event);
}

} // namespace linli::domain
