#include "simulation/commit_rules.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "domain/triage.hpp"
#include "simulation/plans.hpp"

namespace linli::simulation {

namespace {

using domain::alert_state;
using domain::order_state;

// A worker's visit may change while somebody decides on an older picture; not for longer.
constexpr domain::seconds picture_may_be_old{90};

constexpr domain::seconds longest_countdown{60}; // of any edition of the plans

bool is_at_a_door(domain::order const& o) {
    return o.place == domain::order_place::home && is_on_visit(o.state);
}

// One more fall on the same device joins, and so does what is lesser.
bool ends_countdown(app::stored_signal const& s, domain::alert const& counted) {
    return s.what.kind != domain::signal_kind::fall ||
           s.what.device != device_of(counted.first_event);
}

bool was_raised(domain::alert_id const& id, app::changes const& in) {
    return std::any_of(in.log.begin(), in.log.end(), [&](auto const& each) {
        return each.chain == id.value && each.line.what == domain::log_kind::raised;
    });
}

// Said by the new holder himself, with a reason (rights are the door's).
bool was_taken_over(domain::alert const& now, app::changes const& in) {
    return std::any_of(in.log.begin(), in.log.end(), [&](auto const& each) {
        return each.chain == now.id.value && each.line.what == domain::log_kind::taken_over &&
               each.line.by.who == now.holder.value && !each.line.personal.empty();
    });
}

// Accepted by whom the holder had asked.
bool was_handed_over(domain::alert const& was, domain::alert const& now, app::changes const& in) {
    return was.handed_to == now.holder && !now.holder.empty() &&
           std::any_of(in.log.begin(), in.log.end(), [&](auto const& each) {
               return each.chain == now.id.value &&
                      each.line.what == domain::log_kind::handover_accepted;
           });
}

bool is_registered(tests::city const& town, domain::device_id const& id) {
    auto const has = [&](auto const& row) {
        return std::find(row.devices.begin(), row.devices.end(), id) != row.devices.end();
    };
    return std::any_of(town.residents.begin(), town.residents.end(), has) ||
           std::any_of(town.homes.begin(), town.homes.end(), has) ||
           std::find(town.unbound_devices.begin(), town.unbound_devices.end(), id) !=
               town.unbound_devices.end();
}

} // namespace

void commit_rules::committed(app::changes const& what) {
    ++commits_;
    auto const& t = here_.record.holds();
    check_signals(what);
    for (auto const& a : what.alerts)
        check_alert(t.alerts.at(a.id), what);
    for (auto const& o : what.orders)
        check_order(t.orders.at(o.id));
    for (auto const& r : what.requests)
        if (t.requests.at(r.id).state == domain::request_state::open && !r.due_at)
            here_.broken("rule 3: an open request without due_at");
    check_searches(what);
    check_log(what);
    check_news(what);
    remember(what);
}

// Rule 2: one event, one alert; and rule 6: it has one.
void commit_rules::check_signals(app::changes const& what) {
    static auto const plans = plans_of(1);
    auto const& t = here_.record.holds();
    for (auto const& s : what.signals) {
        auto const meant = triage(s.what.kind, is_registered(here_.record.town(), s.what.device));
        if (meant.what == domain::meaning::request && !s.request)
            here_.broken("a request was not opened for " + s.what.event.value);
        if (meant.what != domain::meaning::alert) continue;
        if (!s.alert || !t.alerts.contains(*s.alert)) {
            here_.broken("rule 6: no alert for " + s.what.event.value);
            continue;
        }
        check_join(s, plans.in_force(*meant.kind), what);
    }
}

// Joining never means quiet.
void commit_rules::check_join(app::stored_signal const& s, domain::plan const& of_kind,
                              app::changes const& in) {
    auto const& t = here_.record.holds();
    auto const before = before_alerts_.find(*s.alert);
    if (before == before_alerts_.end() || of_kind.level != domain::priority::p1) return;
    auto const& now = t.alerts.at(*s.alert);
    auto const state = before->second.state;
    if (state == alert_state::pending && !ends_countdown(s, before->second)) return;
    if (state == alert_state::pending && !was_raised(now.id, in))
        here_.broken("rule 6: " + s.what.event.value + " joined a countdown and did not end it");
    bool const rings = now.state == alert_state::raised ||
                       (now.state == alert_state::claimed && now.acknowledge_by);
    if (state == alert_state::claimed && !rings)
        here_.broken("rule 2: " + s.what.event.value + " joined a claimed alert and nobody rang");
    if (state == alert_state::handled && now.state != alert_state::raised)
        here_.broken("rule 2: " + s.what.event.value + " joined a handled alert quietly");
    if (state == alert_state::closed)
        here_.broken("rule 2: " + s.what.event.value + " joined a closed alert");
    if (!of_kind.order || now.home.empty()) return;
    auto const coming = [&](auto const& each) {
        return each.second.alert == now.id && is_before_arrival(each.second.state);
    };
    // In the same batch he may have been at the door a moment later.
    auto const just_there = [&](domain::order const& o) {
        auto const was = before_orders_.find(o.id);
        return o.alert == now.id && o.held_by && was != before_orders_.end() &&
               is_before_arrival(was->second.state);
    };
    if (std::none_of(t.orders.begin(), t.orders.end(), coming) &&
        std::none_of(in.orders.begin(), in.orders.end(), just_there))
        here_.broken("rule 2: nobody comes for " + s.what.event.value);
}

void commit_rules::check_alert(domain::alert const& now, app::changes const& in) {
    auto const name = to_string(now.about);
    auto const& all = here_.record.holds().alerts;
    auto const same = [&](auto const& each) {
        return is_open(each.second) && each.second.about == now.about;
    };
    if (std::count_if(all.begin(), all.end(), same) > 1)
        here_.broken("rule 2: two open alerts of " + name);
    check_countdown(now);
    if (is_open(now) && !now.due_at) here_.broken("rule 3: an open alert without due_at: " + name);
    bool const held = now.state == alert_state::claimed || now.state == alert_state::handled;
    if (held == now.holder.empty() && is_open(now))
        here_.broken(fmt::format("rule 4: {} alert of {} with holder \"{}\"", to_text(now.state),
                                 name, now.holder.value));
    auto const before = before_alerts_.find(now.id);
    if (before == before_alerts_.end()) return;
    auto const& was = before->second;
    if (was.state == alert_state::closed) here_.broken("rule 7: a closed alert changed: " + name);
    if (was.state == alert_state::claimed && now.state == alert_state::claimed &&
        was.holder != now.holder && !was_taken_over(now, in) && !was_handed_over(was, now, in))
        here_.broken("rule 4: the claim of " + name + " went over to somebody else");
    if (now.signals < was.signals) here_.broken("an alert has lost a signal: " + name);
}

// A countdown ends in its time: raised, or closed by its wearer and then quietly. Nothing else is
// ever closed by a device, and what was raised is not counted down again.
void commit_rules::check_countdown(domain::alert const& now) {
    auto const name = to_string(now.about);
    auto const before = before_alerts_.find(now.id);
    bool const was_pending =
        before == before_alerts_.end() || before->second.state == alert_state::pending;
    auto const& orders = here_.record.holds().orders;
    bool const has_order = std::any_of(orders.begin(), orders.end(),
                                       [&](auto const& o) { return o.second.alert == now.id; });
    if (now.state == alert_state::pending) {
        if (!was_pending) here_.broken("rule 7: counted down again, " + name);
        if (has_order) here_.broken("a worker is sent before it is raised: " + name);
        if (now.due_at > now.opened_at + longest_countdown)
            here_.broken("a countdown was put off: " + name);
    } else if (now.outcome == domain::disposition::cancelled_by_wearer) {
        if (!was_pending) here_.broken("rule 7: a device has closed what was raised: " + name);
        if (has_order) here_.broken("a cancelled countdown has an order: " + name);
    } else if (!was_ever_raised(now.id)) {
        here_.broken("no line says why it is raised: " + name);
    }
}

bool commit_rules::was_ever_raised(domain::alert_id const& id) const {
    auto const& chain = here_.record.holds().log.at(id.value);
    return std::any_of(chain.begin(), chain.end(), [](auto const& each) {
        return each.what.line.what == domain::log_kind::raised;
    });
}

void commit_rules::check_order(domain::order const& now) {
    auto const& all = here_.record.holds().orders;
    auto const same = [&](auto const& each) {
        auto const& o = each.second;
        return is_coming(o.state) && o.about == now.about && o.service == now.service &&
               o.alert == now.alert && o.request == now.request;
    };
    if (std::count_if(all.begin(), all.end(), same) > 1)
        here_.broken("rule 2: two orders on the way, " + now.number);
    if (is_open(now) && !now.due_at)
        here_.broken("rule 3: an open order without due_at: " + now.number);
    auto const before = before_orders_.find(now.id);
    if (before != before_orders_.end() && !is_open(before->second) &&
        before->second.state != now.state)
        here_.broken("an order that had ended changed: " + now.number);
    check_offers_of(now);
    if (is_at_a_door(now)) check_worker(now.worker);
}

// Rule 4: accept is one; whoever holds the order has accepted it.
void commit_rules::check_offers_of(domain::order const& now) {
    int accepted = 0;
    for (auto const& [id, o] : here_.record.holds().offers) {
        if (o.order != now.id) continue;
        if (o.state == domain::offer_state::accepted) ++accepted;
        if (now.held_by == id && is_on_visit(now.state) && o.state != domain::offer_state::accepted)
            here_.broken("rule 4: the holder of " + now.number + " has not accepted it");
        bool const asked = now.state == order_state::offered;
        if (o.state == domain::offer_state::open && !asked)
            here_.broken(
                fmt::format("an open offer of {}, which is {}", now.number, to_text(now.state)));
    }
    if (accepted > 1) here_.broken("rule 4: two have accepted " + now.number);
}

std::set<domain::home_id> commit_rules::homes_of(domain::worker_id const& id) const {
    std::set<domain::home_id> homes;
    for (auto const& [each, o] : here_.record.holds().orders)
        if (o.worker == id && is_at_a_door(o)) homes.insert(o.home);
    return homes;
}

void commit_rules::check_worker(domain::worker_id const& id) {
    if (homes_of(id).size() > 1)
        here_.broken("rule 4: " + id.value + " is bound to two homes at once");
}

// A search may only believe of a worker what the record says, give or take a moment.
void commit_rules::check_searches(app::changes const& what) {
    auto const& t = here_.record.holds();
    auto const settled = here_.clock.now() - picture_may_be_old;
    for (auto const& s : what.searches) {
        auto const& home = t.orders.at(s.order).home;
        for (auto const& c : s.ranked) {
            auto const changed = visit_changed_at_.find(c.id);
            if (changed != visit_changed_at_.end() && changed->second > settled) continue;
            auto const homes = homes_of(c.id);
            bool const elsewhere = !homes.empty() && !homes.contains(home);
            bool const believed = c.why == domain::match_reason::at_other_home;
            bool const asked = c.why == domain::match_reason::chosen;
            if ((believed && !elsewhere) || (asked && elsewhere))
                here_.odd(fmt::format("a search takes {} for {}, and he is {}", "somebody",
                                      believed ? "busy" : "free", elsewhere ? "busy" : "free"));
        }
    }
}

// Rule 9: every row that changed says why, now, in a chain without gaps.
void commit_rules::check_log(app::changes const& what) {
    std::set<domain::uuid> explained;
    auto const& t = here_.record.holds();
    for (auto const& line : what.log) {
        explained.insert(line.chain);
        auto const& chain = t.log.at(line.chain);
        for (std::size_t i = 0; i < chain.size(); ++i) {
            if (chain[i].seq != i + 1) here_.broken("rule 9: a gap in a chain");
            if (i > 0 && chain[i].what.line.at < chain[i - 1].what.line.at)
                here_.broken("rule 9: a chain goes back in time");
        }
        if (line.line.at != what.at) here_.broken("rule 9: a line of another time");
    }
    auto const check = [&](auto const& rows, auto const& before) {
        for (auto const& row : rows) {
            auto const was = before.find(row.id);
            bool const same = was != before.end() && was->second == row; // only relied upon
            if (!same && !explained.contains(row.id.value))
                here_.broken("rule 9: a change that no line explains");
        }
    };
    check(what.alerts, before_alerts_);
    check(what.orders, before_orders_);
}

// Rule 5: what must be told is in the same transaction.
void commit_rules::check_news(app::changes const& what) {
    std::set<std::string> told;
    for (auto const& row : what.outbox)
        told.insert(row.key);
    for (auto const& o : what.offers)
        if (!told.contains(to_string(o.id)))
            here_.broken("rule 5: a changed offer without news: " + to_string(o.id));
    for (auto const& s : what.signals)
        if (!told.contains(s.what.event.value))
            here_.broken("rule 5: no receipt for " + s.what.event.value);
    for (auto const& a : what.alerts)
        check_notices(a, what);
}

// Each notice that an alert counts is in the outbox, once; and who was told hears of the end.
void commit_rules::check_notices(domain::alert const& now, app::changes const& in) {
    auto const before = before_alerts_.find(now.id);
    auto version = before == before_alerts_.end() ? 0U : before->second.progress.notices;
    bool told_of_end = now.progress.told.empty();
    for (auto const& row : in.outbox) {
        if (row.destination != "people:" + to_string(now.id)) continue;
        if (row.version != ++version)
            here_.broken(fmt::format("rule 5: notice {} has version {}", row.key, row.version));
        if (row.key.ends_with(":ended")) told_of_end = true;
    }
    if (version != now.progress.notices) here_.broken("rule 5: a notice that was not written");
    bool const just_ended =
        !is_open(now) && before != before_alerts_.end() && is_open(before->second);
    if (just_ended && !told_of_end)
        here_.broken("rule 5: who was told of the start was not told of the end");
    if ((now.progress.skipped & ~now.progress.done) != 0)
        here_.broken("a step was passed over and not noted");
}

void commit_rules::remember(app::changes const& what) {
    auto const& t = here_.record.holds();
    for (auto const& a : what.alerts)
        before_alerts_[a.id] = t.alerts.at(a.id);
    for (auto const& o : what.orders) {
        auto const& now = t.orders.at(o.id);
        auto& was = before_orders_[o.id];
        if (is_at_a_door(was) != is_at_a_door(now) || was.worker != now.worker)
            for (auto const& who : {was.worker, now.worker})
                visit_changed_at_[who] = here_.clock.now();
        was = now;
    }
}

} // namespace linli::simulation
