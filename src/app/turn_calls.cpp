// What a call to the hotline opens: the same alert or request as a device's signal, by the same
// steps, so that plan, order and offer follow as ever.
#include "app/turn.hpp"
#include "domain/call_decision.hpp"

namespace linli::app {

domain::result<void> turn::take_one(call_case const& c) {
    if (!seen_.known_events.emplace(c.event.value, c.event).second) return {};
    domain::signal s;
    s.event = c.event;
    s.device = {std::string(domain::telephone)};
    s.kind = c.kind;
    s.door = "telephone";
    s.received_at = now_;
    s.is_awaited = false; // nobody but the caller waits
    auto const facts = facts_of(c);
    auto const before = open_alert_about(facts.about, facts.what_for);
    domain::actor const by{
        c.who.empty() ? domain::actor_kind::house : domain::actor_kind::operator_, c.who.value, {}};
    domain::log_line line{now_, domain::log_kind::called, by, c.call, {}};
    if (c.kind == domain::signal_kind::help_request) {
        request_for(s, facts);
        if (c.back) hurry(open_request_of_.at(to_string(facts.about)), *c.back);
        write(chain_of::request, open_request_of_.at(to_string(facts.about)).value, std::move(line),
              {});
    } else {
        alert_for(s, facts, domain::triage(c.kind, true));
        write(chain_of::alert, open_alert_about(facts.about, facts.what_for).value().value,
              std::move(line), {});
    }
    keep(s, facts, before);
    return {};
}

void turn::hurry(domain::request_id id, domain::ring_back back) {
    put(domain::hurried(seen_.requests.at(id), back, now_));
}

device_facts turn::facts_of(call_case const& c) const {
    auto const known = seen_.callers.find(c.about);
    if (known != seen_.callers.end()) return known->second;
    device_facts nobody;
    nobody.about = c.about;
    nobody.area = c.area;
    return nobody;
}

// Also on an alert that has ended: how long they spoke belongs to its record.
domain::result<void> turn::take_one(call_heard const& c) {
    auto const at = seen_.alerts.find(c.id);
    if (at == seen_.alerts.end()) return domain::refusal::unknown;
    changed_alerts_.insert(at->first);
    write(chain_of::alert, at->first.value, {now_, c.what, c.by, c.why, {}}, {});
    return {};
}

} // namespace linli::app
