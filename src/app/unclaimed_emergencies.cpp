#include "app/unclaimed_emergencies.hpp"

namespace linli::app {

namespace {

// A clock that has much to do is later than usual, and still ours.
constexpr domain::seconds late_at_most{60};

bool is_unclaimed(domain::alert const& a) {
    bool const has_nobody =
        a.state == domain::alert_state::raised || a.state == domain::alert_state::pending;
    return has_nobody && a.level == domain::priority::p1 && is_real(a.what_for);
}

} // namespace

void unclaimed_emergencies::committed(changes const& what) {
    for (auto const& a : what.alerts)
        if (is_unclaimed(a))
            all_.insert_or_assign(a.id, a);
        else
            all_.erase(a.id);
    while (all_.size() > most)
        all_.erase(all_.begin());
}

std::vector<domain::alert> unclaimed_emergencies::at(domain::instant silent_since) const {
    std::vector<domain::alert> found;
    for (auto const& [id, a] : all_)
        if (a.due_at && *a.due_at + late_at_most >= silent_since) found.push_back(a);
    return found;
}

} // namespace linli::app
