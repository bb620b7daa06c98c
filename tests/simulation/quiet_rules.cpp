#include "simulation/quiet_rules.hpp"

#include <algorithm>
#include <set>

#include <fmt/core.h>

namespace linli::simulation {

namespace {

constexpr domain::seconds longest_rung{70};

// The one that waits longest stands first.
template <class Rows, class Id, class NameOf>
void check_due(scene& here, Rows const& rows, tests::due_index<Id> const& by_time,
               domain::duration allowed, NameOf name_of) {
    if (by_time.empty()) return;
    auto const& [due, id] = *by_time.begin();
    auto const late = here.house_now() - due;
    if (late > allowed)
        here.broken(fmt::format("rule 3: {} is overdue by {} s", name_of(rows.at(id)),
                                std::chrono::floor<domain::seconds>(late).count()));
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

// For whoever looks for the reason.
void note_deliveries(scene& here, domain::alert_id const& of) {
    if (!here.tells()) return;
    for (auto const& [id, d] : here.deliveries.holds())
        if (d.about.alert == of)
            here.note(fmt::format("{} P{} {} {} by {}: {} {}, tried {} times", to_string(id),
                                  static_cast<int>(d.about.level), d.who, to_text(d.about.why),
                                  to_text(d.by), to_text(d.state), d.reason, d.attempts));
}

// Rule 5: nobody waits to be told, and who was told of the start was told of the end.
void check_told(scene& here) {
    using enum domain::delivery_state;
    std::set<std::pair<domain::alert_id, std::string>> told_of_start;
    std::set<std::pair<domain::alert_id, std::string>> told_of_end;
    for (auto const& [id, d] : here.deliveries.holds()) {
        if (d.state == queued)
            here.broken(
                fmt::format("rule 5: {} still waits to be told {}", d.who, to_text(d.about.why)));
        std::pair const who{d.about.alert, d.who};
        bool const is_end = d.about.why == domain::notice_reason::ended;
        if (is_end) told_of_end.insert(who);
        if (!is_end && (d.state == sent || d.state == delivered)) told_of_start.insert(who);
    }
    for (auto const& who : told_of_start) {
        if (told_of_end.contains(who)) continue;
        note_deliveries(here, who.first);
        here.broken("rule 5: " + who.second + " was told of the start and not of the end");
    }
}

// Whoever called is not forgotten: something came of each call that is over.
void check_calls(scene& here) {
    auto const& t = here.record.holds();
    for (auto const& [id, known] : here.calls.all()) {
        auto const& c = known.what;
        if (!c.outcome) {
            here.broken("rule 3: nothing came of " + c.name);
            continue;
        }
        here.seen.calls.add(*c.outcome);
        using enum domain::call_outcome;
        if ((c.outcome == missed || c.outcome == request) &&
            (!c.request || !t.requests.contains(*c.request)))
            here.broken("rule 3: " + c.name + " has no request to be rung back");
        if ((c.outcome == alert || c.outcome == joined) &&
            (!c.alert || !t.alerts.contains(*c.alert)))
            here.broken("rule 6: " + c.name + " has no alert");
    }
}

// A complaint never vanishes, and each of its steps stands on its log.
void check_complaints(scene& here) {
    for (auto const& [id, c] : here.complaints.all()) {
        auto const& all = here.complaints.log_of(id);
        if (all.size() != c.version)
            here.broken("rule 9: a complaint's log has another length than its steps");
        for (auto const& line : all)
            here.seen.lines.add(line.what);
        bool const is_accepted = c.state == domain::complaint_state::accepted;
        if (is_accepted == c.due_at.has_value())
            here.broken("rule 3: an open complaint without a clock");
        if (!is_accepted) here.broken("a complaint is never answered");
    }
}

} // namespace

void check_nothing_overdue(scene& here, domain::duration allowed) {
    auto const& t = here.record.holds();
    check_due(here, t.alerts, t.due_alerts, allowed,
              [](auto const& a) { return "alert of " + to_string(a.about); });
    check_due(here, t.orders, t.due_orders, allowed,
              [](auto const& o) { return "order " + o.number; });
    check_due(here, t.requests, t.due_requests, allowed,
              [](auto const& r) { return "request of " + to_string(r.about); });
    check_due(here, t.offers, t.due_offers, allowed,
              [](auto const& o) { return "offer " + to_string(o.id); });
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
    check_told(here);
    check_calls(here);
    check_complaints(here);
    for (auto const& [id, each] : here.commands.all()) {
        here.seen.commands.add(each.state);
        if (is_open(each.state)) here.broken("rule 3: a device's command waits for ever");
    }
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
        if (a.rang_at + longest_rung < here.house_now())
            here.broken("the alert of " + name + " has stopped ringing");
    }
}

} // namespace linli::simulation
