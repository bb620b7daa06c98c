#include "simulation/quiet_rules.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace linli::simulation {

namespace {

constexpr domain::seconds longest_rung{70};

template <class Rows, class NameOf>
void check_due(scene& here, Rows const& rows, domain::duration allowed, NameOf name_of) {
    for (auto const& [id, row] : rows)
        if (row.due_at && *row.due_at + allowed < here.clock.now())
            here.broken(fmt::format(
                "rule 3: {} is overdue by {} s", name_of(row),
                std::chrono::floor<domain::seconds>(here.clock.now() - *row.due_at).count()));
}

// A signal that means an alert is counted in exactly one.
void check_counts(scene& here) {
    auto const& t = here.record.holds();
    std::map<domain::alert_id, std::uint32_t> lines;
    for (auto const& [id, a] : t.alerts)
        for (auto const& line : t.log.at(id.value))
            if (line.what.line.what == domain::log_kind::joined) ++lines[id];
    for (auto const& [id, a] : t.alerts)
        if (a.signals != 1 + lines[id])
            here.broken(fmt::format("rule 9: the alert of {} counts {} signals, its log {}",
                                    to_string(a.about), a.signals, 1 + lines[id]));
}

} // namespace

void check_nothing_overdue(scene& here, domain::duration allowed) {
    auto const& t = here.record.holds();
    check_due(here, t.alerts, allowed,
              [](auto const& a) { return "alert of " + to_string(a.about); });
    check_due(here, t.orders, allowed, [](auto const& o) { return "order " + o.number; });
    check_due(here, t.requests, allowed,
              [](auto const& r) { return "request of " + to_string(r.about); });
    check_due(here, t.offers, allowed, [](auto const& o) { return "offer " + to_string(o.id); });
}

void check_all_ended(scene& here) {
    auto const& t = here.record.holds();
    for (auto const& [id, a] : t.alerts)
        if (is_open(a))
            here.broken(
                fmt::format("the alert of {} is still {}", to_string(a.about), to_text(a.state)));
    for (auto const& [id, o] : t.orders)
        if (is_open(o))
            here.broken(
                fmt::format("order {} is still {} ({})", o.number, to_text(o.state), o.reason));
    for (auto const& [id, r] : t.requests)
        if (r.state == domain::request_state::open)
            here.broken("the request of " + to_string(r.about) + " is still open");
    for (auto const& [id, o] : t.offers)
        if (o.due_at) here.broken("an offer is still open");
    for (auto const& [id, row] : t.outbox)
        here.broken(fmt::format("rule 5: {} must still be told to {}", row.key, row.destination));
    check_counts(here);
}

void check_all_ring(scene& here) {
    for (auto const& [id, a] : here.record.holds().alerts) {
        if (!is_open(a)) continue;
        auto const name = to_string(a.about);
        if (a.state != domain::alert_state::raised) {
            here.broken(
                fmt::format("nobody is there, and the alert of {} is {}", name, to_text(a.state)));
            continue;
        }
        if (a.desk.value != "city") // the only desk that never closes
            here.broken(fmt::format("the alert of {} rings only at {}", name, a.desk.value));
        if (a.rang_at + longest_rung < here.clock.now())
            here.broken("the alert of " + name + " has stopped ringing");
    }
}

} // namespace linli::simulation
