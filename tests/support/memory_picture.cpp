#include "support/memory_picture.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <string>

#include "app/unheard.hpp"

namespace linli::tests {

namespace {

struct drawing {
    memory_tables const& from;
    city const& town;
    app::view seen;
    std::set<domain::uuid> seeds; // alerts and requests
};

bool has(std::vector<domain::device_id> const& devices, domain::device_id const& id) {
    return std::find(devices.begin(), devices.end(), id) != devices.end();
}

void lives_at(app::device_facts& facts, city const& town, domain::home_id const& id) {
    facts.home = id;
    if (auto const* h = town.find(id)) facts.area = h->area;
}

// A worker's own button: where he is on a visit, else in his site's area.
void presses_himself(app::device_facts& facts, drawing const& d, domain::worker_id const& who) {
    facts.registered = true;
    facts.about = {domain::subject_kind::worker, who.value};
    if (auto const home = visit_of(d.from, who); !home.empty())
        return lives_at(facts, d.town, home);
    for (auto const& w : d.town.workers)
        for (auto const& s : d.town.sites)
            if (w.id == who && s.id.value == w.site) facts.area = s.area;
}

app::device_facts registered_facts(drawing const& d, domain::device_id const& id) {
    auto const& town = d.town;
    app::device_facts facts;
    facts.about = {domain::subject_kind::device, id.value};
    facts.registered = has(town.unbound_devices, id);
    for (auto const& r : town.residents) {
        if (!has(r.devices, id)) continue;
        facts.registered = true;
        facts.about = {domain::subject_kind::resident, r.id.value};
        facts.resident = r.id;
        facts.high_risk = r.high_risk;
        if (r.synthetic) facts.what_for = domain::purpose::synthetic;
        lives_at(facts, town, r.home);
    }
    for (auto const& h : town.homes) {
        if (!has(h.devices, id)) continue;
        facts.registered = true;
        facts.about = {domain::subject_kind::home, h.id.value};
        facts.high_risk =
            std::any_of(town.residents.begin(), town.residents.end(),
                        [&](resident_row const& r) { return r.home == h.id && r.high_risk; });
        lives_at(facts, town, h.id);
    }
    for (auto const& [button, worker] : town.workers_buttons)
        if (button == id) presses_himself(facts, d, worker);
    return facts;
}

bool needs_two(home_row const& h) {
    return std::find(h.flags.begin(), h.flags.end(), "violence") != h.flags.end();
}

app::home_facts facts_of(home_row const& h) {
    return {h.area, h.rough_place, h.place, needs_two(h)};
}

void see_home(drawing& d, domain::home_id const& id) {
    if (auto const* h = d.town.find(id)) d.seen.homes[id] = facts_of(*h);
}

// Nothing: a worker's, or in no home.
std::optional<app::foreseen_device> foreseen_of(city const& town, domain::device_id const& id) {
    static memory_tables const nothing;
    app::foreseen_device d;
    d.facts = registered_facts({nothing, town, {}, {}}, id);
    auto const* const h = town.find(d.facts.home);
    if (!h || d.facts.about.kind == domain::subject_kind::worker) return std::nullopt;
    d.home = facts_of(*h);
    std::string all = to_string(d.facts.about) + '|' + h->id.value + '|' + h->area.value + '|' +
                      h->rough_place + '|' + (d.facts.high_risk ? "r" : "") + '|' +
                      std::string(to_text(d.facts.what_for));
    for (auto const& flag : h->flags)
        all += '|' + flag;
    if (h->place)
        all += '|' + std::to_string(h->place->latitude) + '|' + std::to_string(h->place->longitude);
    d.stamp = static_cast<std::int64_t>(std::hash<std::string>{}(all));
    return d;
}

void see_open_alert_of(drawing& d, domain::subject const& about, domain::purpose what_for) {
    if (auto const a = d.from.open_alert.find({about, what_for})) d.seeds.insert(a->value);
}

void draw_device(drawing& d, domain::device_id const& device) {
    auto facts = registered_facts(d, device);
    facts.open_alert = d.from.open_alert.find({facts.about, facts.what_for});
    facts.open_request = d.from.open_request.find(facts.about);
    see_open_alert_of(d, facts.about, facts.what_for);
    if (facts.open_request) d.seeds.insert(facts.open_request->value);
    see_home(d, facts.home);
    d.seen.devices[device] = std::move(facts);
}

void draw_caller(drawing& d, domain::event_id const& event, domain::subject const& about) {
    if (d.from.signals.contains(event.value)) d.seen.known_events.emplace(event.value, event);
    app::device_facts facts;
    facts.about = about;
    for (auto const& w : d.town.workers)
        if (about == domain::subject{domain::subject_kind::worker, w.id.value})
            presses_himself(facts, d, w.id);
    for (auto const& r : d.town.residents) {
        bool const is_he = about == domain::subject{domain::subject_kind::resident, r.id.value};
        bool const is_there = about == domain::subject{domain::subject_kind::home, r.home.value};
        if (!is_he && !is_there) continue;
        facts.registered = true;
        facts.high_risk = facts.high_risk || r.high_risk;
        if (is_he) facts.resident = r.id;
        if (is_he && r.synthetic) facts.what_for = domain::purpose::synthetic;
        lives_at(facts, d.town, r.home);
    }
    facts.open_alert = d.from.open_alert.find({about, facts.what_for});
    facts.open_request = d.from.open_request.find(about);
    see_open_alert_of(d, about, facts.what_for);
    if (facts.open_request) d.seeds.insert(facts.open_request->value);
    if (!facts.registered) return;
    see_home(d, facts.home);
    d.seen.callers[about] = std::move(facts);
}

void draw_devices(drawing& d, app::wanted const& what) {
    for (auto const& [event, device] : what.signals) {
        if (d.from.signals.contains(event.value)) d.seen.known_events.emplace(event.value, event);
        draw_device(d, device);
    }
    for (auto const& [event, about] : what.callers)
        draw_caller(d, event, about);
    for (auto const& device : what.drills) {
        draw_device(d, device);
        see_open_alert_of(d, d.seen.devices.at(device).about, domain::purpose::drill);
    }
    for (auto const& device : what.installations) {
        draw_device(d, device);
        auto const request = d.from.open_request.find(domain::installation_subject(device));
        if (request) d.seeds.insert(request->value);
    }
    if (what.signals.empty() && what.drills.empty() && what.installations.empty()) return;
    for (auto const& about : what.subjects)
        see_open_alert_of(d, about, domain::purpose::real);
}

void seed_by_order(drawing& d, domain::order_id const& id) {
    auto const o = d.from.orders.find(id);
    if (o == d.from.orders.end()) return;
    if (o->second.alert) d.seeds.insert(o->second.alert->value);
    if (o->second.request) d.seeds.insert(o->second.request->value);
}

void seed_by_ids(drawing& d, app::wanted const& what) {
    for (auto const& id : what.alerts)
        d.seeds.insert(id.value);
    for (auto const& id : what.requests)
        d.seeds.insert(id.value);
    for (auto const& id : what.orders)
        seed_by_order(d, id);
    for (auto const& id : what.offers)
        if (auto const o = d.from.offers.find(id); o != d.from.offers.end())
            seed_by_order(d, o->second.order);
}

void see_visit(drawing& d, domain::worker_id const& id) {
    auto const home = visit_of(d.from, id);
    if (!home.empty()) d.seen.visiting[id] = home;
}

void see_head(drawing& d, domain::uuid const& id) {
    auto const head = d.from.heads.find(id);
    d.seen.heads[id] = head == d.from.heads.end() ? app::chain_head{} : head->second;
}

void draw_order(drawing& d, domain::order_id const& id) {
    auto const& o = d.from.orders.at(id);
    d.seen.orders[id] = o;
    see_head(d, id.value);
    see_home(d, o.home);
    see_visit(d, o.worker);
    auto const offers = d.from.offers_of.find(id);
    if (offers == d.from.offers_of.end()) return;
    for (auto const& each : offers->second) {
        auto const& made = d.from.offers.at(each);
        d.seen.offers[each] = made;
        see_visit(d, made.worker);
    }
}

// What hangs together, from each alert and request on.
void draw_rows(drawing& d) {
    for (auto const& seed : d.seeds) {
        if (auto const a = d.from.alerts.find({seed}); a != d.from.alerts.end()) {
            d.seen.alerts[a->first] = a->second;
            see_head(d, seed);
            see_home(d, a->second.home);
        }
        if (auto const r = d.from.requests.find({seed}); r != d.from.requests.end()) {
            d.seen.requests[r->first] = r->second;
            see_head(d, seed);
        }
        auto const orders = d.from.orders_for.find(seed);
        if (orders == d.from.orders_for.end()) continue;
        for (auto const& each : orders->second)
            draw_order(d, each);
    }
}

// The card that the worker gets with his accept.
void draw_visit(drawing& d, domain::offer_id const& id) {
    auto const shown = d.seen.offers.find(id);
    if (shown == d.seen.offers.end()) return;
    auto const& o = d.seen.orders.at(shown->second.order);
    auto const* h = d.town.find(o.home);
    if (!h) return;
    app::visit card{{}, h->door, h->access_notes, {}, h->place, h->flags};
    auto const a = o.alert ? d.seen.alerts.find(*o.alert) : d.seen.alerts.end();
    auto whom = a == d.seen.alerts.end() ? domain::resident_id{} : a->second.resident;
    if (auto const b = d.from.bookings.find(o.id); b != d.from.bookings.end()) {
        whom = b->second.resident;
        card.wishes = b->second.words;
    }
    for (auto const& r : d.town.residents) {
        bool const is_meant = whom.empty() ? r.home == o.home : r.id == whom;
        if (!is_meant) continue;
        card.name += (card.name.empty() ? "" : " / ") + r.name;
        if (card.phone.empty()) card.phone = r.phone;
    }
    d.seen.visits[o.id] = std::move(card);
}

std::optional<domain::instant> came_at(drawing const& d, domain::order_id const& id) {
    using enum domain::log_kind;
    auto const chain = d.from.log.find(id.value);
    if (chain == d.from.log.end()) return std::nullopt;
    for (auto const& [seq, what] : chain->second)
        if (what.line.what == arrived || what.line.what == no_access || what.line.what == started)
            return what.line.at;
    return std::nullopt;
}

bool was_claimed_since(drawing const& d, domain::alert_id const& id, domain::instant when) {
    auto const chain = d.from.log.find(id.value);
    return chain != d.from.log.end() &&
           std::any_of(chain->second.begin(), chain->second.end(), [&](auto const& each) {
               auto const& line = each.what.line;
               return line.at >= when && (line.what == domain::log_kind::claimed ||
                                          line.what == domain::log_kind::acknowledged ||
                                          line.what == domain::log_kind::taken_over);
           });
}

void draw_live_press(drawing& d, domain::offer_id const& id) {
    auto const shown = d.seen.offers.find(id);
    if (shown == d.seen.offers.end()) return;
    auto const& o = d.seen.orders.at(shown->second.order);
    auto const came = came_at(d, o.id);
    if (!is_installation(o.about) || !came) return;
    for (auto const& [event, s] : d.from.signals)
        if (s.what.what.device == domain::installed_device(o.about) && s.what.alert &&
            s.what.what.received_at >= *came &&
            was_claimed_since(d, *s.what.alert, s.what.what.received_at))
            d.seen.live_presses.insert(o.id);
}

// Whoever holds a P1.
std::set<std::string> busy_operators(drawing const& d) {
    std::set<std::string> busy;
    for (auto const& [when, id] : d.from.due_alerts) {
        auto const& a = d.from.alerts.at(id);
        bool const binds = a.state == domain::alert_state::claimed &&
                           a.level == domain::priority::p1 && is_real(a.what_for);
        if (binds) busy.insert(a.holder.value);
    }
    return busy;
}

void draw_operators(drawing& d, domain::instant since) {
    d.seen.operators.were_asked_for = true;
    auto const busy = busy_operators(d);
    d.seen.operators.any_busy = !busy.empty();
    for (auto const& [who, at] : d.from.operators_heard)
        if (at > since && !busy.contains(who)) d.seen.operators.any_free = true;
}

void draw_false_alarms(drawing& d, domain::alert_id const& of, domain::instant until) {
    auto const at = d.from.alerts.find(of);
    if (at == d.from.alerts.end()) return;
    auto& counts = d.seen.false_alarms[of];
    for (auto const& id : d.from.alerts_about.at(at->second.about)) {
        auto const& a = d.from.alerts.at(id);
        if (a.outcome != domain::disposition::false_alarm) continue;
        bool const is_of_visit = domain::is_of_visits(a.kind);
        if (!is_real(a.what_for) || is_of_visit) continue; // as on PostgreSQL
        if (*a.closed_at > until - domain::hours(24)) ++counts.day;
        if (*a.closed_at > until - domain::hours(168)) ++counts.week;
    }
}

} // namespace

domain::home_id visit_of(memory_tables const& from, domain::worker_id const& id) {
    auto const at = from.visits.find(id);
    return at == from.visits.end() ? domain::home_id{} : at->second.begin()->second;
}

std::shared_ptr<app::foreseen_devices const> foreseen_by(city const& town) {
    auto all = std::make_shared<app::foreseen_devices>();
    auto const add = [&](domain::device_id const& id) {
        if (auto const known = foreseen_of(town, id)) all->append(id, *known);
    };
    for (auto const& r : town.residents)
        std::ranges::for_each(r.devices, add);
    for (auto const& h : town.homes)
        std::ranges::for_each(h.devices, add);
    all->sort();
    return all;
}

bool is_as_foreseen(city const& town, std::vector<app::presumed_device> const& presumed) {
    return std::ranges::all_of(presumed, [&](app::presumed_device const& each) {
        auto const now = foreseen_of(town, each.device);
        return now && now->stamp == each.stamp;
    });
}

app::view draw_picture(memory_tables const& from, city const& town, app::wanted const& what) {
    drawing d{from, town, {}, {}};
    draw_devices(d, what);
    seed_by_ids(d, what);
    draw_rows(d);
    for (auto const& about : app::raised_by_visits(d.seen))
        see_open_alert_of(d, about, domain::purpose::real);
    draw_rows(d);
    for (auto const& id : what.accepts)
        draw_visit(d, id);
    for (auto const& id : what.accepts)
        draw_live_press(d, id);
    if (what.operators_since) draw_operators(d, *what.operators_since);
    for (auto const& id : what.false_alarms_of)
        draw_false_alarms(d, id, what.false_alarms_until);
    for (auto const& id : what.workers)
        see_visit(d, id);
    return std::move(d.seen);
}

} // namespace linli::tests
