#include "app/turn.hpp"

#include <utility>

#include "app/shown_visit.hpp"
#include "domain/alert_place.hpp"
#include "domain/call.hpp"
#include "domain/dwell.hpp"
#include "runtime/utc_text.hpp"

namespace linli::app {

namespace {

std::string device_destination(domain::device_id const& id) {
    return "device:" + id.value;
}
std::string provider_destination(domain::provider_id const& id) {
    return "provider:" + id.value;
}
std::string people_destination(domain::alert_id const& id) {
    return "people:" + to_string(id);
}

// field-rules 13.
bool is_too_often(false_alarm_counts const& before) {
    constexpr int most_a_day = 3;
    constexpr int most_a_week = 5;
    return before.day + 1 >= most_a_day || before.week + 1 >= most_a_week;
}

// Whoever has no place is the whole city's: what stands in no area is before no desk.
template <class Who>
void place(Who& known, domain::area_id const& city) {
    for (auto& [who, facts] : known)
        if (facts.area.empty()) facts.area = city;
}

// Who, how, of what, and the delivery's id: a line that was written twice after a crash shows it.
// What was told before there was an alert says when.
std::string in_codes(domain::delivery const& d) {
    auto const state =
        d.state == domain::delivery_state::failed ? d.reason : std::string(to_text(d.state));
    auto const when = d.about.why == domain::notice_reason::degraded
                          ? runtime::utc_text(d.since) + ' '
                          : std::string();
    bool const untried = d.reason == "nobody" || d.reason == "no_channel";
    return d.who + ' ' + (untried ? "none" : std::string(to_text(d.by))) + ' ' +
           std::string(to_text(d.about.why)) + ' ' + state + ' ' + when + to_string(d.id);
}

// Who was rung without the record counts as told by its plan: he hears from now on what the others
// hear, and of the end at once, if that was before we knew of him; also when its plan had told
// another telephone of his kind, which then hears it twice.
std::vector<domain::notice> counted_as_told(domain::alert& a, domain::notice const& by,
                                            domain::instant now) {
    a.progress.told.insert(by.to);
    if (is_open(a)) return {};
    a.progress.notices += 1;
    return {{a.id, a.last_event, domain::notice_reason::ended, by.to, a.kind, a.level, a.resident,
             a.home, a.area, by.site, now}};
}

} // namespace

turn::turn(turn_parts parts, view seen, domain::instant now)
    : parts_(parts), seen_(std::move(seen)), now_(now) {
    place(seen_.devices, parts_.where.city());
    place(seen_.callers, parts_.where.city());
    for (auto const& [id, a] : seen_.alerts)
        if (is_open(a)) open_alert_of_[{a.about, a.what_for}] = id;
    for (auto const& [id, r] : seen_.requests)
        if (r.state == domain::request_state::open) open_request_of_[to_string(r.about)] = id;
}

domain::result<void> turn::take(input const& what) {
    return std::visit([this](auto const& each) { return take_one(each); }, what);
}

domain::result<void> turn::take_one(alert_command const& c) {
    auto const at = seen_.alerts.find(c.id);
    if (at == seen_.alerts.end()) return domain::refusal::unknown;
    bool const moved_on = c.if_signals && at->second.signals != *c.if_signals;
    if (moved_on && is_open(at->second)) return domain::refusal::stale;
    return move(at->second, c.event);
}

domain::result<void> turn::take_one(alert_due const& d) {
    auto const at = seen_.alerts.find(d.id);
    if (at == seen_.alerts.end() || !is_open(at->second)) return {};
    return move(at->second, domain::time_passed{});
}

domain::result<void> turn::take_one(close_request const& c) {
    auto const at = seen_.requests.find(c.id);
    if (at == seen_.requests.end()) return domain::refusal::unknown;
    if (is_installation(at->second.about)) {
        if (is_under_way(c.id)) return domain::refusal::out_of_turn; // its order ends it
        if (c.text.empty()) return domain::refusal::needs_reason;    // nobody goes any more
    }
    auto const closed = domain::end_request(at->second, c.who, c.text, now_);
    if (!closed) return closed.error();
    put(closed->next);
    write(chain_of::request, c.id.value, closed->line, {});
    std::vector<domain::order> waiting;
    for (auto const& [id, o] : seen_.orders)
        if (o.request == c.id && is_open(o)) waiting.push_back(o);
    for (auto const& o : waiting) {
        auto const ended = move(o, domain::rung_back{c.who, {}});
        if (!ended) return ended.error();
    }
    return {};
}

domain::result<void> turn::take_one(request_due const& d) {
    auto const at = seen_.requests.find(d.id);
    if (at == seen_.requests.end()) return {};
    auto const& current = at->second;
    if (!current.due_at || *current.due_at > now_) return {};
    bool const installs = is_installation(current.about);
    auto const& with = parts_.plans.in_force(installs ? domain::alert_kind::installation
                                                      : domain::alert_kind::help_request);
    auto const again = with.order.value_or(domain::order_plan{}).ring_back_again;
    auto const late =
        installs ? installation_late(current, again, now_) : ring_back_late(current, again, now_);
    put(late.next);
    write(chain_of::request, d.id.value, late.line, {});
    return {};
}

// Also on an alert that has ended: who was told of its end belongs to its record.
domain::result<void> turn::take_one(delivery_ended const& d) {
    auto const at = seen_.alerts.find(d.what.about.alert);
    if (at == seen_.alerts.end()) return domain::refusal::unknown;
    changed_alerts_.insert(at->first);
    auto const failed = d.what.state == domain::delivery_state::failed;
    write(chain_of::alert, at->first.value,
          {now_,
           failed ? domain::log_kind::not_told : domain::log_kind::told,
           {domain::actor_kind::house, {}, {}},
           in_codes(d.what),
           {}},
          {});
    bool const rang_without_us = !failed && d.what.about.why == domain::notice_reason::degraded;
    if (rang_without_us) tell_people(at->second, counted_as_told(at->second, d.what.about, now_));
    return {};
}

domain::result<void> turn::move(domain::alert const& current, domain::alert_event const& event) {
    auto const& with = parts_.plans.snapshot(current.plan);
    auto outcome = decide(current, event, with, duty_after(current, event), now_);
    if (!outcome) return outcome.error();
    settle(std::move(*outcome), false);
    return {};
}

// Of the desks that it will ring at: what joins may move it to others.
domain::duty turn::duty_after(domain::alert const& current,
                              domain::alert_event const& event) const {
    auto const* const joined = std::get_if<domain::signal_joined>(&event);
    if (!joined || !domain::moves_with(current, *joined)) return duty_of(current);
    auto there = current;
    there.area = joined->area;
    return duty_of(there);
}

domain::duty turn::duty_of(domain::alert const& a) const {
    auto on_duty = parts_.where.duty(a.area, a.what_for, now_);
    auto const& seen = seen_.operators;
    on_duty.nobody_free.reset();
    if (seen.were_asked_for) on_duty.nobody_free = seen.any_busy && !seen.any_free;
    return on_duty;
}

void turn::settle(domain::alert_outcome outcome, bool at_once) {
    auto const next = outcome.next;
    if (!outcome.log.empty()) put(next);
    for (auto& line : outcome.log)
        write(chain_of::alert, next.id.value, std::move(line), next.resident);
    // Who was on his way turns round, and whoever goes in his place waits for no word either.
    bool const turns_round = outcome.ends_orders && end_orders_of(next.id, *outcome.ends_orders);
    tell_people(next, outcome.notices);
    if (outcome.needs_order) order_for(next, at_once || outcome.order_at_once || turns_round);
    if (outcome.offers_now) offer_now(next.id);
    if (next.outcome == domain::disposition::false_alarm) look_for_cause(next);
}

// One notice a row; who gets a lower version of the same key later has heard already.
void turn::tell_people(domain::alert const& a, std::vector<domain::notice> const& notices) {
    auto version = a.progress.notices - static_cast<std::uint32_t>(notices.size());
    for (auto const& n : notices)
        out_.outbox.push_back(
            row_for(people_destination(a.id),
                    std::string(to_text(n.to)) + ':' + std::string(to_text(n.why)), ++version, n));
}

// Repeated false alarms are never muted or slowed: somebody goes and looks why (field-rules 13).
void turn::look_for_cause(domain::alert const& closed) {
    auto const before = seen_.false_alarms.find(closed.id);
    if (before == seen_.false_alarms.end() || !is_too_often(before->second)) return;
    if (closed.home.empty() || !is_real(closed.what_for)) return;
    if (!is_of_devices(closed.kind)) return; // no device was wrong
    visit_for_cause(closed);
}

void turn::visit_for_cause(domain::alert const& closed) {
    auto const& with = parts_.plans.in_force(domain::alert_kind::cause_visit);
    if (!with.order) return;
    auto visit = order_of(closed, *with.order);
    visit.level = with.level;
    visit.plan = with.digest;
    settle(domain::open_order(visit, *with.order, now_));
}

void turn::put(domain::alert const& a) {
    seen_.alerts[a.id] = a;
    changed_alerts_.insert(a.id);
    if (is_open(a))
        open_alert_of_[{a.about, a.what_for}] = a.id;
    else
        open_alert_of_.erase({a.about, a.what_for});
}

void turn::put(domain::order const& o) {
    seen_.orders[o.id] = o;
    changed_orders_.insert(o.id);
}

void turn::put(domain::request const& r) {
    seen_.requests[r.id] = r;
    changed_requests_.insert(r.id);
    if (r.state == domain::request_state::open)
        open_request_of_[to_string(r.about)] = r.id;
    else
        open_request_of_.erase(to_string(r.about));
}

void turn::put(domain::offer const& o) {
    seen_.offers[o.id] = o;
    changed_offers_.insert(o.id);
}

void turn::write(chain_of of, domain::uuid const& chain, domain::log_line line,
                 domain::resident_id const& about) {
    out_.log.push_back({of, chain, std::move(line), about});
    if (auto const head = seen_.heads.find(chain); head != seen_.heads.end())
        out_.heads.insert(*head);
}

outbox_row turn::row_for(std::string destination, std::string key, std::uint32_t version,
                         outgoing const& what) {
    return {.id = parts_.ids.next(now_),
            .destination = std::move(destination),
            .key = std::move(key),
            .version = version,
            .payload = parts_.encode(what),
            .due_at = now_ + parts_.outbox_lease};
}

void turn::tell_device(domain::event_id const& event, domain::receipt_stage stage) {
    if (domain::is_observed(event)) return; // no device waits for what the house has observed
    if (domain::is_of_call(event)) return;  // who called is spoken to
    if (domain::is_of_desk(event)) return;  // nor does a booking come of one
    if (domain::is_own_sos(event)) return;  // his page has its answer
    if (domain::is_of_visit(event)) return; // no device has said it
    auto const device = device_of(event);
    out_.outbox.push_back(row_for(device_destination(device), event.value,
                                  static_cast<std::uint32_t>(stage) + 1,
                                  receipt{device, event, stage, now_}));
}

domain::resident_id turn::resident_of(domain::order const& o) const {
    if (o.booked) return {o.about.id};
    if (!o.alert) return {};
    auto const at = seen_.alerts.find(*o.alert);
    return at == seen_.alerts.end() ? domain::resident_id{} : at->second.resident;
}

offer_news turn::news_of(domain::offer const& o) const {
    auto const& order = seen_.orders.at(o.order);
    offer_news news;
    news.offer = o;
    if (changed_offers_.contains(o.id)) news.offer.version += 1; // as the commit will store it
    news.order = order.id;
    news.order_number = order.number;
    news.service = order.service;
    news.what_for = order.what_for;
    news.level = order.level;
    news.event = order.event;
    news.booked = order.booked;
    if (auto const home = seen_.homes.find(order.home); home != seen_.homes.end())
        news.rough_place = home->second.rough_place;
    news.visit = card_for(o);
    return news;
}

// Only for a person who holds it, and only what his kind may see.
std::optional<visit> turn::card_for(domain::offer const& o) const {
    auto const card = seen_.visits.find(o.order);
    if (card == seen_.visits.end() || o.state != domain::offer_state::accepted || o.worker.empty())
        return std::nullopt;
    auto shown = card->second;
    auto const* who = parts_.where.roster().find(o.worker);
    auto const kind = who ? who->kind : domain::responder_kind::worker;
    return shown_to(std::move(shown), kind);
}

// One message for each changed offer, and one for each reply that was answered.
void turn::tell_providers(std::vector<outbox_row>& rows) {
    std::set<domain::offer_id> told;
    for (auto const& a : answers_) {
        auto news = news_of(seen_.offers.at(a.offer));
        news.in_reply_to = a.reply_id;
        news.refused = a.refused;
        if (a.refused) news.refused_because = to_text(*a.refused);
        rows.push_back(row_for(provider_destination(news.offer.provider), to_string(a.offer),
                               news.offer.version, news));
        told.insert(a.offer);
    }
    for (auto const& id : changed_offers_) {
        if (told.contains(id)) continue;
        auto const news = news_of(seen_.offers.at(id));
        rows.push_back(row_for(provider_destination(news.offer.provider), to_string(id),
                               news.offer.version, news));
    }
}

changes turn::finish() {
    out_.at = now_;
    for (auto const& id : changed_alerts_)
        out_.alerts.push_back(seen_.alerts.at(id));
    for (auto const& id : changed_requests_)
        out_.requests.push_back(seen_.requests.at(id));
    for (auto const& id : changed_orders_)
        out_.orders.push_back(seen_.orders.at(id));
    for (auto const& id : changed_offers_)
        out_.offers.push_back(seen_.offers.at(id));
    tell_providers(out_.outbox);
    return std::move(out_);
}

// Only its own steps: other turns may have changed the same workers meanwhile.
void turn::undo() {
    for (auto step = roster_steps_.rbegin(); step != roster_steps_.rend(); ++step) {
        auto* w = parts_.where.roster().find(step->worker);
        if (!w) continue;
        w->load -= step->load;
        if (w->visiting == step->visiting_after) w->visiting = step->visiting_before;
        w->rests_until = step->rests_before;
    }
    roster_steps_.clear();
}

} // namespace linli::app
