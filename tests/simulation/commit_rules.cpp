#include "simulation/commit_rules.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "domain/booking.hpp"
#include "domain/call.hpp"
#include "domain/dwell.hpp"
#include "domain/triage.hpp"
#include "simulation/plans.hpp"
#include "support/memory_commit.hpp"

namespace linli::simulation {

namespace {

using domain::alert_state;
using domain::order_state;

// A worker's visit may change while somebody decides on an older picture; not for longer.
constexpr domain::seconds picture_may_be_old{90};

constexpr domain::seconds longest_countdown{60}; // of any edition of the plans
constexpr domain::seconds longest_claim{900};
constexpr domain::seconds longest_offer{60};

enum class must_be : std::uint8_t { an_alert, a_request, neither };

// What a signal has to bring about, said here once more: what triage says of itself proves nothing.
must_be meaning_of(domain::signal_kind kind, bool registered) {
    using enum domain::signal_kind;
    switch (kind) {
    case fall_cancelled:
    case cleared:
    case battery:
    case test:
    case online:
    case offline:
    case position:
        return must_be::neither;
    case help_request:
        return registered ? must_be::a_request : must_be::an_alert;
    case unreadable:
    case sos:
    case fall:
    case fall_confirmed:
    case vitals:
    case fence:
    case inactivity:
    case smoke:
    case gas:
    case water:
    case bed:
    case removed:
    case clock_jump:
    case outage:
        return must_be::an_alert;
    }
    return must_be::an_alert;
}

app::plan_book const& first_plans() {
    static auto const plans = plans_of(1);
    return plans;
}

bool is_at_a_door(domain::order const& o) {
    return o.place == domain::order_place::home && is_on_visit(o);
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

// Rung while the database was away, which nobody knew when it was closed: he is told of the end.
bool tells_of_a_ring_without_us(domain::alert_id const& id, app::changes const& in) {
    return std::any_of(in.log.begin(), in.log.end(), [&](auto const& each) {
        return each.chain == id.value && each.line.what == domain::log_kind::told &&
               each.line.why.find(" degraded ") != std::string::npos;
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

// What people say at a desk, a page or the telephone, and what the house observes, comes from
// nobody's device.
bool is_of_a_device(domain::signal const& s) {
    return s.door != "clock" && s.door != "page" && !domain::is_of_desk(s.event) &&
           !domain::is_of_call(s.event) && !domain::is_observed(s.event);
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
    check_places(what);
    check_searches(what);
    check_log(what);
    check_news(what);
    see(what);
    remember(what);
}

// Rule 6: a desk sees what stands in its area or below it, so what stands in none is before nobody.
void commit_rules::check_places(app::changes const& what) {
    auto const see = [&](auto const& each, std::string_view kind) {
        if (each.area.empty()) here_.broken(std::string(kind) + " in no area: before no desk");
    };
    for (auto const& a : what.alerts)
        see(a, "an alert");
    for (auto const& o : what.orders)
        see(o, "an order");
    for (auto const& r : what.requests)
        see(r, "a request");
}

// How far everybody has come, for the table of rare things.
void commit_rules::see(app::changes const& what) {
    auto const& t = here_.record.holds();
    for (auto const& a : what.alerts) {
        auto const was = before_alerts_.find(a.id);
        if (was == before_alerts_.end()) here_.seen.kinds.add(a.kind);
        if (was != before_alerts_.end() && was->second.state == a.state) continue;
        here_.seen.alerts.add(a.state);
        if (a.outcome) here_.seen.endings.add(*a.outcome);
    }
    for (auto const& o : what.orders) {
        auto const was = before_orders_.find(o.id);
        if (was == before_orders_.end() || was->second.state != o.state)
            here_.seen.orders.add(o.state);
    }
    for (auto const& o : what.offers) {
        auto const was = before_offers_.find(o.id);
        bool const had_expired =
            was != before_offers_.end() && was->second == domain::offer_state::expired;
        here_.seen.offers.add(o.state);
        if (had_expired && o.state == domain::offer_state::accepted)
            here_.saw(rare::late_accept_is_taken);
    }
    for (auto const& r : what.requests)
        here_.seen.requests.add(t.requests.at(r.id).state);
    for (auto const& line : what.log)
        here_.seen.lines.add(line.line.what);
}

// Rule 2: one event, one alert; and rule 6: it has one.
void commit_rules::check_signals(app::changes const& what) {
    auto const& t = here_.record.holds();
    for (auto const& s : what.signals) {
        auto const known =
            !is_of_a_device(s.what) || is_registered(here_.record.town(), s.what.device);
        auto const meant = meaning_of(s.what.kind, known);
        check_turn(s);
        if (meant == must_be::a_request && !s.request)
            here_.broken("a request was not opened for " + s.what.event.value);
        if (meant != must_be::an_alert) continue;
        if (!s.alert || !t.alerts.contains(*s.alert)) {
            here_.broken("rule 6: no alert for " + s.what.event.value);
            continue;
        }
        auto const kind = triage(s.what.kind, known).kind;
        if (kind) check_join(s, first_plans().in_force(*kind), what);
    }
}

// What one device says keeps its order, as far as one server's one journal has it.
void commit_rules::check_turn(app::stored_signal const& s) {
    if (!has_one_server_ || here_.clocks_have_differed || !is_of_a_device(s.what)) return;
    auto& last = last_received_[s.what.device];
    if (s.what.received_at < last)
        here_.broken("rule 5: " + s.what.event.value + " is overtaken by what came later");
    last = std::max(last, s.what.received_at);
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
    if (!somebody_comes(now.id, in)) here_.broken("rule 2: nobody comes for " + s.what.event.value);
}

bool commit_rules::somebody_comes(domain::alert_id const& to, app::changes const& in) const {
    auto const& t = here_.record.holds();
    // In the same batch he may have been at the door a moment later.
    auto const just_there = [&](domain::order const& o) {
        auto const was = before_orders_.find(o.id);
        return o.alert == to && o.held_by && was != before_orders_.end() &&
               is_before_arrival(was->second.state);
    };
    if (std::any_of(in.orders.begin(), in.orders.end(), just_there)) return true;
    auto const orders = t.orders_for.find(to.value);
    return orders != t.orders_for.end() &&
           std::any_of(orders->second.begin(), orders->second.end(),
                       [&](auto const& id) { return is_before_arrival(t.orders.at(id).state); });
}

void commit_rules::check_alert(domain::alert const& now, app::changes const& in) {
    auto const name = to_string(now.about);
    auto const& t = here_.record.holds();
    auto const& about_it = t.alerts_about.at(now.about);
    auto const same = [&](domain::alert_id const& id) {
        auto const& other = t.alerts.at(id);
        return is_open(other) && other.what_for == now.what_for;
    };
    if (std::count_if(about_it.begin(), about_it.end(), same) > 1)
        here_.broken("rule 2: two open alerts of " + name);
    check_countdown(now);
    check_desk(now, in);
    if (now.level > first_plans().in_force(now.kind).level)
        here_.broken("the alert of " + name + " is less urgent than its plan says");
    // By the clock of whoever has made the claim, which may be ahead of this commit's.
    auto const before = before_alerts_.find(now.id);
    bool const is_new =
        before == before_alerts_.end() || before->second.claimed_until != now.claimed_until;
    bool const is_too_long = is_new && now.claimed_until.value_or(in.at) > in.at + longest_claim;
    if (now.state == alert_state::claimed && (!now.claimed_until || is_too_long))
        here_.broken("rule 4: the claim of " + name + " has no end");
    if (is_open(now) && !now.due_at) here_.broken("rule 3: an open alert without due_at: " + name);
    bool const held = now.state == alert_state::claimed || now.state == alert_state::handled;
    if (held == now.holder.empty() && is_open(now))
        here_.broken(fmt::format("rule 4: {} alert of {} with holder \"{}\"", to_text(now.state),
                                 name, now.holder.value));
    if (before == before_alerts_.end()) return;
    auto const& was = before->second;
    auto as_it_was = was; // a line on its log moves the row's version, and nothing else
    as_it_was.version = now.version;
    if (was.state == alert_state::closed && tells_of_a_ring_without_us(now.id, in)) {
        here_.saw(rare::end_is_told_to_whom_no_plan_told);
        as_it_was.progress = now.progress;
    }
    if (was.state == alert_state::closed && as_it_was != now)
        here_.broken("rule 7: a closed alert changed: " + name);
    if (was.state == alert_state::claimed && now.state == alert_state::claimed &&
        was.holder != now.holder && !was_taken_over(now, in) && !was_handed_over(was, now, in))
        here_.broken("rule 4: the claim of " + name + " went over to somebody else");
    if (now.signals < was.signals) here_.broken("an alert has lost a signal: " + name);
}

// It rings where somebody is on duty: a closed desk costs no time.
void commit_rules::check_desk(domain::alert const& now, app::changes const& in) {
    if (now.state != alert_state::raised || now.rang_at != in.at) return;
    auto const minute = domain::minute_of_day(in.at, domain::minutes(480));
    for (auto const& site : here_.record.town().sites)
        if (site.id == now.desk && (minute < site.opens || minute >= site.closes))
            here_.broken("the alert of " + to_string(now.about) + " rings at a closed desk");
}

// A countdown ends in its time: raised, or closed by its wearer and then quietly. Nothing else is
// ever closed by a device, and what was raised is not counted down again.
void commit_rules::check_countdown(domain::alert const& now) {
    auto const name = to_string(now.about);
    auto const before = before_alerts_.find(now.id);
    bool const was_pending =
        before == before_alerts_.end() || before->second.state == alert_state::pending;
    bool const was_closed =
        before != before_alerts_.end() && before->second.state == alert_state::closed;
    bool const has_order = here_.record.holds().orders_for.contains(now.id.value);
    if (now.state == alert_state::pending) {
        if (!was_pending) here_.broken("rule 7: counted down again, " + name);
        if (has_order) here_.broken("a worker is sent before it is raised: " + name);
        if (now.due_at > now.opened_at + longest_countdown)
            here_.broken("a countdown was put off: " + name);
    } else if (now.outcome == domain::disposition::cancelled_by_wearer) {
        if (!was_pending && !was_closed)
            here_.broken("rule 7: a device has closed what was raised: " + name);
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
    auto const& t = here_.record.holds();
    auto const& beside = t.orders_for.at(now.alert ? now.alert->value : now.request->value);
    auto const same = [&](domain::order_id const& id) {
        auto const& o = t.orders.at(id);
        return is_coming(o.state) && o.about == now.about && o.service == now.service;
    };
    if (std::count_if(beside.begin(), beside.end(), same) > 1)
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
    int open = 0;
    auto const& t = here_.record.holds();
    auto const made = t.offers_of.find(now.id);
    if (made == t.offers_of.end()) return;
    for (auto const& id : made->second) {
        auto const& o = t.offers.at(id);
        if (o.state == domain::offer_state::accepted) ++accepted;
        if (o.state == domain::offer_state::open) ++open;
        if (o.expires_at > o.opened_at + longest_offer)
            here_.broken("rule 3: an offer of " + now.number + " has no end");
        if (now.held_by == id && is_on_visit(now.state) && o.state != domain::offer_state::accepted)
            here_.broken("rule 4: the holder of " + now.number + " has not accepted it");
        bool const asked = now.state == order_state::offered;
        if (o.state == domain::offer_state::open && !asked)
            here_.broken(
                fmt::format("an open offer of {}, which is {}", now.number, to_text(now.state)));
    }
    if (accepted > 1) here_.broken("rule 4: two have accepted " + now.number);
    if (now.state == order_state::offered && open == 0)
        here_.broken("rule 3: " + now.number + " is offered and nobody is asked");
}

std::set<domain::home_id> commit_rules::homes_of(domain::worker_id const& id) const {
    std::set<domain::home_id> homes;
    auto const& t = here_.record.holds();
    auto const visits = t.visits.find(id);
    if (visits == t.visits.end()) return homes;
    for (auto const& [each, home] : visits->second)
        if (is_at_a_door(t.orders.at(each))) homes.insert(home);
    return homes;
}

void commit_rules::check_worker(domain::worker_id const& id) {
    if (homes_of(id).size() > 1)
        here_.broken("rule 4: " + id.value + " is bound to two homes at once");
}

// A search may only believe of a worker what the record says, give or take a moment.
void commit_rules::check_searches(app::changes const& what) {
    auto const& t = here_.record.holds();
    auto const settled = here_.clock.now() - picture_may_be_old; // of the true time
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

// Rule 9: every row that changed says why, now, in a chain without gaps. Whole chains are for
// world_rules.
void commit_rules::check_log(app::changes const& what) {
    std::set<domain::uuid> explained;
    auto const& t = here_.record.holds();
    for (auto const& line : what.log) {
        if (line.line.at != what.at) here_.broken("rule 9: a line of another time");
        if (!explained.insert(line.chain).second) continue;
        auto const& chain = t.log.at(line.chain);
        for (auto i = chain.size() - 1; i > 0 && chain[i].what.line.at == what.at; --i) {
            if (chain[i].seq != i + 1) here_.broken("rule 9: a gap in a chain");
            if (chain[i - 1].what.line.at > what.at + processes_agree_within)
                here_.goes_back_in_time();
            auto const& links = t.links.at(line.chain);
            if (links[i] != tests::hash_of(links[i - 1], chain[i]))
                here_.broken("rule 9: a link of a chain does not hold");
        }
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
        if (s.what.is_awaited && is_of_a_device(s.what) && !told.contains(s.what.event.value))
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
    for (auto const& o : what.offers)
        before_offers_[o.id] = o.state;
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
