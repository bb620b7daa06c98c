// How signals open and join alerts and requests.
#include "app/turn.hpp"

namespace linli::app {

domain::subject unknown_devices(domain::area_id const& city, domain::device_id const& device,
                                std::string const& door) {
    auto const& area = door == outage_door ? device.value : city.value;
    return {domain::subject_kind::area, area + '/' + door};
}

domain::result<void> turn::take_one(domain::signal const& s) {
    // The receipt is the end of the device's resending, so a known event gets it again.
    if (s.is_awaited) tell_device(s.event, domain::receipt_stage::stored);
    if (!seen_.known_events.emplace(s.event.value, s.event).second) return {};
    auto const facts = facts_of(s.device, s.door);
    auto const triaged = triage(s.kind, facts.registered);
    auto const before = open_alert_about(facts.about, facts.what_for);
    switch (triaged.what) {
    case domain::meaning::alert:
        alert_for(s, facts, triaged);
        break;
    case domain::meaning::request:
        request_for(s, facts);
        break;
    case domain::meaning::cancelled:
        cancel_for(s, facts);
        break;
    case domain::meaning::cleared:
        if (before)
            static_cast<void>(move(seen_.alerts.at(*before), domain::cleared_by_device{s.event}));
        break;
    case domain::meaning::maintenance:
        out_.maintenance.push_back({s.device, s.kind, s.event, now_});
        break;
    case domain::meaning::record:
        break;
    }
    keep(s, facts, before);
    return {};
}

// Unknown devices of one door join one alert at the city's desk, which lists them.
device_facts turn::facts_of(domain::device_id const& device, std::string const& door) const {
    auto const known = seen_.devices.find(device);
    bool const is_device = door != outage_door && known != seen_.devices.end();
    if (is_device && known->second.registered) return known->second;
    device_facts unknown;
    unknown.about = unknown_devices(parts_.where.city(), device, door);
    unknown.area = parts_.where.city();
    if (door == outage_door) unknown.area = {device.value};
    return unknown;
}

std::optional<domain::alert_id> turn::open_alert_about(domain::subject const& about,
                                                       domain::purpose what_for) const {
    auto const open = open_alert_of_.find({about, what_for});
    if (open == open_alert_of_.end()) return std::nullopt;
    return open->second;
}

// `before`: the alert that was open when it came. A cancel may have closed it.
void turn::keep(domain::signal const& s, device_facts const& facts,
                std::optional<domain::alert_id> const& before) {
    auto const now = open_alert_about(facts.about, facts.what_for);
    stored_signal stored{s, facts.about, now ? now : before, {}};
    if (auto const r = open_request_of_.find(to_string(facts.about));
        r != open_request_of_.end() && s.kind == domain::signal_kind::help_request)
        stored.request = r->second;
    out_.signals.push_back(std::move(stored));
}

void turn::alert_for(domain::signal const& s, device_facts const& facts,
                     domain::triaged const& what) {
    auto const& with =
        parts_.plans.in_force(*what.kind, facts.resident, parts_.where.local_day(now_));
    auto const open = open_alert_about(facts.about, facts.what_for);
    if (!open) return open_alert(s, facts, with, what.confirmed);
    bool const at_once =
        facts.high_risk || (with.order && with.order->when == domain::offer_when::now);
    domain::signal_joined joined{s.event, s.device, *what.kind, with, what.confirmed, at_once};
    joined.home = facts.home;
    joined.area = facts.area;
    static_cast<void>(move(seen_.alerts.at(*open), joined));
}

// A watch that takes every armchair for a fall is mended by day, and so is one whose wearer cancels
// what was a fall: each countdown that was cancelled stands on the maintenance list.
void turn::cancel_for(domain::signal const& s, device_facts const& facts) {
    auto const open = open_alert_about(facts.about, facts.what_for);
    if (!open) return;
    static_cast<void>(move(seen_.alerts.at(*open), domain::cancelled_by_device{s.event}));
    if (!is_open(seen_.alerts.at(*open)))
        out_.maintenance.push_back({s.device, s.kind, s.event, now_});
}

void turn::open_alert(domain::signal const& s, device_facts const& facts, domain::plan const& with,
                      bool confirmed) {
    auto first = about(facts);
    first.id = parts_.ids.make<domain::alert_id>(now_);
    first.first_event = s.event;
    auto const on_duty = duty_of(first);
    settle(confirmed ? raise(first, s.device, with, on_duty, now_)
                     : detect(first, s.device, with, on_duty, now_),
           facts.high_risk);
}

domain::alert turn::about(device_facts const& facts) {
    domain::alert first;
    first.about = facts.about;
    first.what_for = facts.what_for;
    first.area = facts.area;
    first.home = facts.home;
    first.resident = facts.resident;
    return first;
}

// As if the device had told it. No signal is stored, and the device hears nothing: it did nothing.
domain::result<void> turn::take_one(start_drill const& d) {
    auto const known = seen_.devices.find(d.device);
    if (known == seen_.devices.end() || !known->second.registered) return domain::refusal::unknown;
    if (!is_of_devices(d.kind)) return domain::refusal::out_of_turn;
    auto const& facts = known->second;
    if (open_alert_about(facts.about, domain::purpose::drill)) return domain::refusal::held;
    auto first = about(facts);
    first.what_for = domain::purpose::drill;
    first.id = parts_.ids.make<domain::alert_id>(now_);
    first.first_event = domain::make_drill_event(d.device, first.id.value);
    auto const& with = parts_.plans.in_force(d.kind, facts.resident, parts_.where.local_day(now_));
    settle(detect(first, d.device, with, duty_of(first), now_), facts.high_risk);
    write(chain_of::alert, first.id.value,
          {now_,
           domain::log_kind::noted,
           {domain::actor_kind::operator_, d.who.value, {}},
           std::string(to_text(domain::purpose::drill)),
           {}},
          {});
    return {};
}

void turn::request_for(domain::signal const& s, device_facts const& facts) {
    auto const open = open_request_of_.find(to_string(facts.about));
    if (open == open_request_of_.end()) return open_request(s, facts);
    auto const joined = join_request(seen_.requests.at(open->second), s.event, s.device, now_);
    put(joined.next);
    write(chain_of::request, joined.next.id.value, joined.line, {});
}

void turn::open_request(domain::signal const& s, device_facts const& facts) {
    auto const& with = parts_.plans.in_force(domain::alert_kind::help_request);
    auto const clocks = with.order.value_or(domain::order_plan{});
    domain::request first;
    first.id = parts_.ids.make<domain::request_id>(now_);
    first.about = facts.about;
    first.area = facts.area;
    first.home = facts.home;
    first.first_event = s.event;
    auto const opened = domain::open_request(first, s.device, clocks.ring_back_within, now_);
    put(opened.next);
    write(chain_of::request, first.id.value, opened.line, {});

    auto ring_back = order_of(opened.next, with, clocks);
    ring_back.place = domain::order_place::seat;
    settle(domain::open_order(ring_back, clocks, now_));
}

domain::order turn::order_of(domain::request const& r, domain::plan const& with,
                             domain::order_plan const& clocks) {
    return order_of(r, with, clocks, parts_.ids.make<domain::order_id>(now_),
                    parts_.numbers.next(r.area));
}

domain::order turn::order_of(domain::request const& r, domain::plan const& with,
                             domain::order_plan const& clocks, domain::order_id id,
                             std::string number) {
    domain::order first;
    first.id = id;
    first.number = std::move(number);
    first.service = clocks.service;
    first.level = with.level;
    first.request = r.id;
    first.about = r.about;
    first.area = r.area;
    first.home = r.home;
    first.event = r.first_event;
    first.plan = with.digest;
    return first;
}

} // namespace linli::app
