#include "support/schema_checks.hpp"

namespace linli::tests {

bool passes_checks(domain::alert const& a) {
    bool const closed = a.state == domain::alert_state::closed;
    bool const held =
        a.state == domain::alert_state::claimed || a.state == domain::alert_state::handled;
    bool const counted_down = a.state == domain::alert_state::pending;
    if (counted_down && !a.holder.empty()) return false;
    return closed == !a.due_at && closed == a.outcome.has_value() && (!held || !a.holder.empty()) &&
           a.level != domain::priority::p4;
}

bool passes_checks(domain::request const& r) {
    return (r.state == domain::request_state::closed) == !r.due_at;
}

bool passes_checks(domain::order const& o) {
    using enum domain::order_state;
    bool const ended = o.state == followed_up || o.state == cancelled || o.state == failed;
    bool const needs_clock = !ended && o.state != stood_down;
    if (o.booked && o.booked->from >= o.booked->until) return false;
    return o.alert.has_value() != o.request.has_value() && (o.due_at || !needs_clock) &&
           (!o.due_at || !ended) &&
           (!is_on_visit(o.state) || o.state == accepted || !o.worker.empty()) &&
           (!o.rating || (*o.rating >= 1 && *o.rating <= 5));
}

bool passes_checks(domain::offer const& o) {
    return (o.state == domain::offer_state::open) == o.due_at.has_value();
}

} // namespace linli::tests
