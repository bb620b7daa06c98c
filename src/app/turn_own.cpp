// What a worker does for himself: the proof that he leaves of a visit, and his call for help.
#include "app/turn.hpp"

namespace linli::app {

// Also of an order that has ended: what came late belongs to its record.
domain::result<void> turn::take_one(visit_proven const& p) {
    auto const at = seen_.orders.find(p.order);
    if (at == seen_.orders.end()) return domain::refusal::unknown;
    put(at->second); // the row carries the head of the chain that the next line continues
    write(chain_of::order, p.order.value, {now_, p.what, p.by, p.why, {}}, {});
    return {};
}

// As by a button of his own; where he is comes from his telephone.
domain::result<void> turn::take_one(worker_sos const& w) {
    if (!seen_.known_events.emplace(w.event.value, w.event).second) return {};
    domain::signal s;
    s.event = w.event;
    s.device = domain::device_of(w.event);
    s.kind = domain::signal_kind::sos;
    s.door = "page";
    s.happened_at = w.happened_at;
    s.received_at = now_;
    s.fix = w.fix;
    s.is_awaited = false; // the page has its answer
    auto const facts = facts_of(w);
    auto const before = open_alert_about(facts.about, facts.what_for);
    alert_for(s, facts, domain::triage(s.kind, true));
    keep(s, facts, before);
    return {};
}

// Whom the registry has forgotten meanwhile is heard at the city's desk.
device_facts turn::facts_of(worker_sos const& w) const {
    domain::subject const himself{domain::subject_kind::worker, w.worker.value};
    auto const known = seen_.callers.find(himself);
    if (known != seen_.callers.end()) return known->second;
    device_facts nobody;
    nobody.about = himself;
    nobody.area = parts_.where.city();
    return nobody;
}

} // namespace linli::app
