// How orders find their worker and follow him to the door.
#include "app/turn.hpp"

#include <algorithm>

#include "app/unheard.hpp"
#include "domain/night.hpp"

namespace linli::app {

namespace {

// How far a search looks: of those who may not go, how many get a stored reason, and how many good
// ones it weighs against each other.
constexpr std::size_t most_looked_at = 64;
constexpr std::size_t enough_to_weigh = 8;

// Whoever is at a home now will be done with it by then (a field proposal).
constexpr domain::minutes soon{30};

// A search that finds nobody has looked at the whole roster, and the loop decides nothing else
// meanwhile, no press either. So of those that can wait a turn does so many, and each second brings
// as many of the rest.
constexpr int most_searched_again = 20;

// In vain before, or booked: some seconds matter little. The due loop brings the most urgent first.
bool can_wait(domain::order const& o, domain::instant now) {
    if (!o.due_at || *o.due_at > now) return false;
    return o.state == domain::order_state::unfilled ||
           (o.booked && o.state == domain::order_state::requested);
}

// An offer that waits for an answer and a held order both keep a worker busy.
int weight(domain::offer const& o, domain::order const& with) {
    if (o.state == domain::offer_state::open) return 1;
    return with.held_by == o.id && is_on_visit(with) ? 1 : 0;
}

// One group, so that nobody waits for another's turn.
void call_all_at_once(domain::responder_groups& groups) {
    std::vector<domain::responder_kind> all;
    for (auto const& each : groups)
        all.insert(all.end(), each.begin(), each.end());
    groups.assign(1, std::move(all));
}

// The first word from before a locked door begins his five minutes there; when they are over, the
// ladder of locked doors climbs.
domain::go_trouble trouble_of(domain::order const& o, std::string const& why) {
    if (o.state == domain::order_state::unfilled) return domain::go_trouble::nobody;
    if (why == to_text(domain::log_kind::access_overdue)) return domain::go_trouble::no_access;
    return domain::go_trouble::other;
}

domain::log_kind line_of(domain::alert_kind raised) {
    switch (raised) {
    case domain::alert_kind::no_access:
        return domain::log_kind::access_overdue;
    case domain::alert_kind::needs_120:
    case domain::alert_kind::visit_failed:
        return domain::log_kind::failed;
    default:
        return domain::log_kind::check_in_missed;
    }
}

// His visit is over: the desk has closed its alert meanwhile, or sent another. But he stands there
// and says that somebody needs an ambulance. Of one that has failed it was said before.
std::optional<domain::concern> heard_late(domain::order const& o, domain::reply const& r) {
    bool const says_120 = r.needs_120 && r.kind == domain::reply_kind::failed;
    if (!says_120 || o.state == domain::order_state::failed) return std::nullopt;
    auto concern = domain::failure_of(o, true);
    if (concern) concern->said = r.reason;
    return concern;
}

} // namespace

domain::result<void> turn::take_one(domain::reply const& r) {
    auto const at = seen_.offers.find(r.offer);
    if (at == seen_.offers.end() || at->second.provider != r.provider) {
        // Whether the offer exists is nobody's business but its provider's.
        out_.outbox.push_back(row_for("provider:" + r.provider.value, r.reply_id, 1,
                                      reply_refused{r.provider, r.reply_id, to_string(r.offer),
                                                    domain::refusal::unknown, false}));
        return domain::refusal::unknown;
    }
    auto with_facts = r;
    know(with_facts, at->second);
    auto const current = seen_.orders.at(at->second.order);
    with_facts.facts.another_comes =
        std::any_of(seen_.orders.begin(), seen_.orders.end(), [&](auto const& each) {
            auto const& o = each.second;
            return o.id != current.id && o.alert == current.alert && o.request == current.request &&
                   o.service == current.service && is_coming(o.state);
        });
    with_facts.facts.live_press = seen_.live_presses.contains(current.id);
    with_facts.facts.is_heard = is_heard(seen_, current);
    auto const moved = move(current, with_facts);
    answer(r, moved ? std::nullopt : std::optional(moved.error()));
    if (moved) return {};
    put(current); // the row carries the head of the chain that the next line continues
    write(chain_of::order, current.id.value,
          {now_,
           domain::log_kind::reply_refused,
           with_facts.by,
           std::string(to_text(r.kind)) + ' ' + std::string(to_text(moved.error())),
           {}},
          {});
    if (auto const late = heard_late(current, r)) raise_about(current, *late);
    return moved.error();
}

// Who answers, and what is known of whoever goes: the one whom the company names, or the one whom
// the offer does.
void turn::know(domain::reply& r, domain::offer const& shown) const {
    auto const& worker = r.worker.empty() ? shown.worker : r.worker;
    if (r.by.kind == domain::actor_kind::worker && r.by.who.empty())
        r.by.who = worker.empty() ? shown.provider.value : worker.value;
    if (worker.empty()) return;
    if (auto const v = seen_.visiting.find(worker); v != seen_.visiting.end())
        r.facts.visiting = v->second;
    auto* const who = parts_.where.roster().find(worker);
    r.facts.is_of_provider = r.worker.empty() || (who && who->provider == shown.provider);
    if (!who || !r.fix || who->provider != shown.provider) return;
    // He was there when he did it; without a network he says so much later.
    auto const at = std::min(r.happened_at.value_or(now_), now_);
    if (!who->seen || who->seen->at <= at) who->seen = domain::seen_place{*r.fix, at};
}

domain::result<void> turn::take_one(unreadable_reply const& r) {
    out_.outbox.push_back(
        row_for("provider:" + r.provider.value, r.reply_id, 1,
                reply_refused{r.provider, r.reply_id, r.offer, domain::refusal::unknown, true}));
    return {};
}

domain::result<void> turn::take_one(order_command const& c) {
    auto const at = seen_.orders.find(c.id);
    if (at == seen_.orders.end()) return domain::refusal::unknown;
    bool const moved_on = c.if_state && at->second.state != *c.if_state;
    if (moved_on && is_open(at->second)) return domain::refusal::stale;
    if (auto const* chosen = std::get_if<domain::offer_to>(&c.event))
        return offer_to(at->second, *chosen);
    return move(at->second, c.event);
}

domain::result<void> turn::take_one(order_due const& d) {
    auto const at = seen_.orders.find(d.id);
    if (at == seen_.orders.end() || !is_open(at->second)) return {};
    if (can_wait(at->second, now_) && ++searched_again_ > most_searched_again) {
        wait_its_turn(at->second);
        return {};
    }
    return move(at->second, domain::order_time_passed{is_heard(seen_, at->second)});
}

// No line of the log: nothing has happened to it.
void turn::wait_its_turn(domain::order o) {
    o.due_at = now_ + domain::seconds((searched_again_ - 1) / most_searched_again);
    put(o);
}

void turn::answer(domain::reply const& r, std::optional<domain::refusal> refused) {
    answers_.push_back({r.offer, r.reply_id, refused});
}

std::vector<domain::offer> turn::offers_of(domain::order_id const& id) const {
    std::vector<domain::offer> found;
    for (auto const& [offer, o] : seen_.offers)
        if (o.order == id) found.push_back(o);
    return found;
}

domain::result<void> turn::move(domain::order const& current, domain::order_event const& event) {
    auto const& clocks = parts_.plans.snapshot(current.plan).order.value();
    auto outcome = decide(current, offers_of(current.id), event, clocks, now_);
    if (!outcome) return outcome.error();
    settle(std::move(*outcome));
    return {};
}

void turn::settle(domain::order_outcome outcome) {
    auto const next = outcome.next;
    bool const is_new = !seen_.orders.contains(next.id);
    weigh(next, outcome.offers);
    visit(next);
    for (auto const& o : outcome.offers)
        put(o);
    if (!outcome.log.empty()) put(next);
    for (auto& line : outcome.log)
        write(chain_of::order, next.id.value, std::move(line), resident_of(next));
    if (outcome.receipt && next.alert) hear_of_help(*next.alert, *outcome.receipt);
    if (outcome.goes_up) hear(next, *outcome.goes_up);
    if (outcome.raises) raise_about(next, *outcome.raises);
    if (outcome.search)
        search(next);
    else if (is_new && next.place == domain::order_place::home)
        look(next);
    end_installation(next);
}

// Who is on duty then, and has what the catalogue asks for.
void turn::ask_for_then(domain::errand& what, domain::booking const& booked) const {
    auto const then = std::max(booked.from, now_);
    what.minute = parts_.where.minute_of_day(then);
    what.is_later = then - now_ > soon;
    if (!booked.certificate.empty()) what.certificate = booked.certificate;
}

domain::errand turn::errand_of(domain::order const& o, domain::order_plan const& clocks) const {
    domain::errand what;
    if (auto const home = seen_.homes.find(o.home); home != seen_.homes.end()) {
        what.place = home->second.place;
        what.needs_two = home->second.needs_two;
    }
    if (!what.place) what.place = parts_.where.station_place(o.area);
    what.site = parts_.where.station(o.area);
    what.home = o.home.value;
    what.areas = parts_.where.around(o.area);
    what.certificate = clocks.certificate;
    what.groups = clocks.responders;
    what.offers_at_once = static_cast<std::size_t>(clocks.offers_at_once);
    what.at = now_;
    what.what_for = o.what_for;
    what.minute = parts_.where.minute_of_day(now_);
    if (o.booked) ask_for_then(what, *o.booked);
    for (auto const& each : offers_of(o.id))
        if (each.round == o.round) {
            what.asked.push_back(each.worker);
            // A company that named somebody who didn't go is asked again with the others.
            if (each.worker.empty()) what.asked_companies.push_back(each.provider);
        }
    // Who has pressed his own button can't come to help himself.
    if (o.about.kind == domain::subject_kind::worker) what.asked.push_back({o.about.id});
    return what;
}

// A group is looked at only when nobody of those before it may go.
std::vector<domain::worker const*> turn::near(domain::errand const& what) const {
    std::vector<domain::worker const*> all;
    auto const may_be_asked = [&](domain::worker const& w) {
        auto const why = domain::may_go(what, w);
        return why == domain::match_reason::next || why == domain::match_reason::resting;
    };
    for (std::size_t group = 0; group < what.groups.size(); ++group) {
        auto const is_called = [&](domain::worker const& w) {
            return domain::is_called(what, w.kind, group) &&
                   domain::may_go(what.what_for, w.synthetic);
        };
        auto found = parts_.where.roster().near(what.place, what.site, is_called, may_be_asked,
                                                enough_to_weigh, most_looked_at);
        auto const own = parts_.where.roster().who_has(
            what.home, what.areas, is_called, may_be_asked, enough_to_weigh, most_looked_at);
        found.insert(found.end(), own.begin(), own.end());
        all.insert(all.end(), found.begin(), found.end());
        if (std::any_of(found.begin(), found.end(), [&](auto* w) { return may_be_asked(*w); }))
            break;
    }
    return all;
}

void turn::search(domain::order const& o) {
    auto const when =
        o.booked ? domain::asking_time(now_, o.booked->from, parts_.where.utc_offset()) : now_;
    if (when > now_) return settle(domain::wait_for_morning(o, when, now_));
    auto const what = errand_of(o, parts_.plans.snapshot(o.plan).order.value());
    auto ranked = rank(what, near(what));
    domain::search_result found{ranked, {}};
    for (auto const& c : ranked)
        if (c.why == domain::match_reason::chosen)
            found.fresh_ids.push_back(parts_.ids.make<domain::offer_id>(now_));
    std::erase_if(out_.searches, [&](auto const& each) { return each.order == o.id; });
    out_.searches.push_back({o.id, now_, o.round, std::move(ranked)});
    static_cast<void>(move(o, found));
}

// Who could go, while the plan asks nobody yet: the desk may choose at once.
void turn::look(domain::order const& o) {
    auto what = errand_of(o, parts_.plans.snapshot(o.plan).order.value());
    what.offers_at_once = 0;
    out_.searches.push_back({o.id, now_, o.round, rank(what, near(what))});
}

// The company names whom it will of those whom the plan calls at all: whose turn it is, is the
// house's way of asking, and no reason against him.
std::vector<domain::candidate> turn::people_for(domain::provider_id const& company,
                                                domain::offer_id const& made) const {
    auto const shown = seen_.offers.find(made);
    if (shown == seen_.offers.end() || shown->second.provider != company) return {};
    auto const& of = seen_.orders.at(shown->second.order);
    auto what = errand_of(of, parts_.plans.snapshot(of.plan).order.value());
    call_all_at_once(what.groups);
    what.asked_companies.clear();
    std::erase(what.asked, shown->second.worker); // it may think better of it
    what.offers_at_once = 0;
    std::vector<domain::worker const*> people;
    for (auto const& each : parts_.where.roster().all())
        if (each.provider == company) people.push_back(&each);
    auto ranked = rank(what, people);
    // Not std::ranges::stable_partition: clang 14 can't compile its result.
    std::stable_partition(ranked.begin(), ranked.end(), [](domain::candidate const& each) {
        return domain::may_be_named(each.why);
    });
    return ranked;
}

// Stored as a search like any, so that everybody who was looked at has his reason. The house's own
// people are none to choose for somebody who waits, nor is anybody to help himself.
domain::result<void> turn::offer_to(domain::order const& current, domain::offer_to what) {
    auto const* him = parts_.where.roster().find(what.worker);
    bool const himself =
        current.about.kind == domain::subject_kind::worker && current.about.id == what.worker.value;
    std::vector<domain::candidate> ranked;
    if (him && !himself && domain::may_go(current.what_for, him->synthetic)) {
        auto const why = errand_of(current, parts_.plans.snapshot(current.plan).order.value());
        ranked = domain::rank_with_choice(why, near(why), *him);
        what.him = ranked.front();
    }
    if (auto const v = seen_.visiting.find(what.worker); v != seen_.visiting.end())
        what.visiting = v->second;
    what.fresh_id = parts_.ids.make<domain::offer_id>(now_);
    auto const moved = move(current, what);
    if (moved && seen_.offers.contains(what.fresh_id)) // else he is asked already
        out_.searches.push_back({current.id, now_, current.round, std::move(ranked)});
    return moved;
}

// Who goes to look for the cause of false alarms is no help to those who wait beside the device.
void turn::hear_of_help(domain::alert_id const& id, domain::receipt_stage stage) {
    auto const a = seen_.alerts.at(id);
    if (!is_open(a)) return;
    if (a.what_for == domain::purpose::drill) return; // nobody waits beside its device
    tell_device(a.first_event, stage);
    if (a.last_event != a.first_event) tell_device(a.last_event, stage);
    if (stage == domain::receipt_stage::accepted) static_cast<void>(move(a, domain::help_comes{}));
    if (stage == domain::receipt_stage::arrived) static_cast<void>(move(a, domain::help_arrived{}));
}

// It goes up, with the reason, while somebody still waits for help.
void turn::hear(domain::order const& o, std::string const& why) {
    if (!o.alert) return;
    auto const at = seen_.alerts.find(*o.alert);
    if (at == seen_.alerts.end()) return;
    if (!is_open(at->second)) return go_again(o, at->second);
    static_cast<void>(move(at->second, domain::nobody_to_go{o.id, why, trouble_of(o, why)}));
    if (o.state == domain::order_state::failed) order_for(seen_.alerts.at(*o.alert), true);
}

// An alert that is over wants nobody any more; but whoever went to look for its cause hasn't found
// one, and the next has his day to be arranged with the family.
void turn::go_again(domain::order const& o, domain::alert const& closed) {
    auto const& with = parts_.plans.in_force(domain::alert_kind::cause_visit);
    bool const was_for_cause = with.order && o.service == with.order->service;
    if (was_for_cause && o.state == domain::order_state::failed) visit_for_cause(closed);
}

// As by a signal, but nobody has told one: the alert's log says which visit it is about.
void turn::raise_about(domain::order const& o, domain::concern const& what) {
    domain::signal s;
    s.event = domain::make_visit_event(o.id);
    s.device = domain::device_of(s.event);
    device_facts facts;
    facts.about = what.about;
    facts.area = o.area;
    facts.home = o.home;
    if (what.about.kind == domain::subject_kind::resident) facts.resident = {what.about.id};
    alert_for(s, facts, {domain::meaning::alert, what.kind});
    auto const& a = seen_.alerts.at(open_alert_about(facts.about, facts.what_for).value());
    write(chain_of::alert, a.id.value,
          {now_,
           line_of(what.kind),
           {domain::actor_kind::house, {}, {}},
           o.number + ' ' + o.worker.value,
           what.said},
          what.said.empty() ? domain::resident_id() : resident_of(o));
}

// Rule 2: one order a situation, until help has arrived.
void turn::order_for(domain::alert const& a, bool at_once) {
    auto const& with = parts_.plans.snapshot(a.plan);
    if (!with.order || a.home.empty()) return;
    for (auto const& [id, o] : seen_.orders)
        if (o.alert == a.id && o.service == with.order->service && is_open(o) &&
            is_before_arrival(o.state))
            return put(o); // the transaction relies on it: who cancels it meanwhile makes a race
    auto clocks = *with.order;
    if (at_once) clocks.when = domain::offer_when::now;
    settle(open_order(order_of(a, clocks), clocks, now_));
}

domain::order turn::order_of(domain::alert const& a, domain::order_plan const& with) {
    domain::order first;
    first.id = parts_.ids.make<domain::order_id>(now_);
    first.number = parts_.numbers.next(a.area);
    first.service = with.service;
    first.what_for = a.what_for;
    first.level = a.level;
    first.alert = a.id;
    first.about = a.about;
    first.area = a.area;
    first.home = a.home;
    first.event = a.last_event;
    first.plan = a.plan;
    return first;
}

void turn::offer_now(domain::alert_id const& id) {
    std::vector<domain::order> waiting;
    for (auto const& [each, o] : seen_.orders)
        if (o.alert == id && o.state == domain::order_state::requested) waiting.push_back(o);
    for (auto const& o : waiting)
        static_cast<void>(move(o, domain::offer_now{}));
}

bool turn::end_orders_of(domain::alert_id const& id, std::string const& why) {
    std::vector<domain::order> ending;
    for (auto const& [each, o] : seen_.orders)
        if (o.alert == id && is_open(o) && is_before_arrival(o.state)) ending.push_back(o);
    for (auto const& o : ending)
        static_cast<void>(move(o, domain::cancel{{domain::actor_kind::house, {}, {}}, why}));
    return std::any_of(ending.begin(), ending.end(), [](domain::order const& o) {
        return o.state != domain::order_state::requested;
    });
}

// Keep the roster true to what this turn has decided; undo() can take it back.
void turn::load_in_roster(domain::worker_id const& id, int more) {
    auto* w = parts_.where.roster().find(id);
    if (!w) return;
    w->load += more;
    roster_steps_.push_back({id, more, w->visiting, w->visiting, w->rests_until});
}

void turn::visit_in_roster(domain::worker_id const& id, std::string const& home) {
    auto* w = parts_.where.roster().find(id);
    if (!w) return;
    roster_steps_.push_back({id, 0, w->visiting, home, w->rests_until});
    w->visiting = home;
}

void turn::rest_in_roster(domain::worker_id const& id, domain::duration how_long) {
    auto* w = parts_.where.roster().find(id);
    if (!w) return;
    roster_steps_.push_back({id, 0, w->visiting, w->visiting, w->rests_until});
    w->rests_until = now_ + how_long;
}

// A worker held by a drill is free for real work: the roster knows of neither load nor visit.
void turn::weigh(domain::order const& next, std::vector<domain::offer> const& changed) {
    if (!is_real(next.what_for)) return;
    std::map<domain::offer_id, domain::offer> after;
    for (auto const& o : changed)
        after.emplace(o.id, o);
    auto const before = seen_.orders.find(next.id);
    auto const known = before != seen_.orders.end();
    if (known && before->second.held_by)
        after.emplace(*before->second.held_by, seen_.offers.at(*before->second.held_by));
    for (auto const& [id, o] : after) {
        auto const was = seen_.offers.find(id);
        auto const then =
            known && was != seen_.offers.end() ? weight(was->second, before->second) : 0;
        auto const now = weight(o, next);
        auto const by = was == seen_.offers.end() ? o.worker : was->second.worker;
        if (by == o.worker && now == then) continue;
        if (by == o.worker) {
            load_in_roster(o.worker, now - then);
        } else { // the company has named another
            load_in_roster(by, -then);
            load_in_roster(o.worker, now);
        }
    }
}

// Rule 4: a worker on his way to a home, or in it, is bound to it. He is free again when no order
// of his is under way.
void turn::visit(domain::order const& next) {
    if (!is_real(next.what_for)) return;
    auto const before = seen_.orders.find(next.id);
    auto const was_on = before != seen_.orders.end() && is_on_visit(before->second);
    bool const is_on = is_on_visit(next);
    if (was_on && is_on && before->second.worker == next.worker) return;
    if (was_on) leave(next, before->second.worker);
    if (!is_on || next.worker.empty()) return;
    seen_.visiting[next.worker] = next.home;
    visit_in_roster(next.worker, next.home.value);
}

void turn::leave(domain::order const& next, domain::worker_id const& worker) {
    auto const stays = std::any_of(seen_.orders.begin(), seen_.orders.end(), [&](auto const& o) {
        return o.first != next.id && o.second.worker == worker && is_real(o.second.what_for) &&
               is_on_visit(o.second);
    });
    if (worker.empty() || stays) return;
    seen_.visiting.erase(worker);
    visit_in_roster(worker, {});
    if (next.state == domain::order_state::completed)
        rest_in_roster(worker, parts_.plans.snapshot(next.plan).order.value().rest_after_visit);
}

} // namespace linli::app
