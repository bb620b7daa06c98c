#include "domain/alert_turn.hpp"

#include <algorithm>

#include "domain/alert_place.hpp"

namespace linli::domain {

using namespace alert_rules;

namespace {

// A new clock from the first rung: nobody holds it any more.
void raise_again(turn& t) {
    t.next().state = alert_state::raised;
    t.next().holder = {};
    t.next().handed_to = {};
    t.next().claimed_until.reset();
    t.next().acknowledge_by.reset();
    t.next().raised_at = t.now;
    need_skipped_steps_again(t);
    ring_from(t, 0);
}

// The countdown is over: the clock starts here. Who raises it says whom it rings. Its order is
// offered at once: the time in which nobody need go has passed (field-rules 3: `now` for silence).
void end_countdown(turn& t, actor by, std::string why) {
    t.next().state = alert_state::raised;
    t.next().raised_at = t.now;
    begin_steps(t);
    t.out.needs_order = true;
    t.out.order_at_once = true;
    t.write(log_kind::raised, std::move(by), std::move(why));
    begin_locating(t, t.with);
}

// The holder's telephone rings; silence puts the alert back on the ladder. Whoever presses on and
// on does not put that moment off.
void ring_holder(turn& t, actor by, std::string why) {
    auto const answer_by = t.now + t.with.acknowledge_within;
    t.next().acknowledge_by = std::min(t.was.acknowledge_by.value_or(answer_by), answer_by);
    t.next().rang_at = t.now;
    t.write(log_kind::rang_again, std::move(by), std::move(why));
}

void extend_claim(turn& t) {
    t.next().claimed_until = t.now + t.with.claim_lease;
}

// "Join" never means "quiet" (rule 2): what a new P1 signal, a worse kind or another matter does
// depends on who has the alert.
void ring_for_join(turn& t, signal_joined const& joined) {
    switch (t.was.state) {
    case alert_state::pending:
    case alert_state::raised:
        return; // it rings already, or its countdown decides
    case alert_state::claimed:
        if (t.now - t.was.rang_at < t.with.burst_window && t.was.acknowledge_by) return;
        return ring_holder(t, by_device(joined.device), joined.event.value);
    case alert_state::handled:
        begin_steps(t); // a real fall ten minutes after a "false alarm": all of it again
        return raise_again(t);
    case alert_state::closed:
        return;
    }
}

// A worse kind, or another matter where the first was done with, appends its own plan, which runs
// from now on.
void take_worse_kind(turn& t, signal_joined const& joined) {
    t.with = joined.plan_of_kind;
    t.next().kind = joined.kind;
    t.next().level = joined.plan_of_kind.level;
    t.next().plan = joined.plan_of_kind.digest;
    begin_steps(t);
    t.write(log_kind::worse_kind, by_device(joined.device), std::string(to_text(joined.kind)));
}

// Why a signal that joins ends the countdown. Nothing if it is something lesser, or one more fall
// on the same device: whoever tries to get up and falls again gets no new countdown, and may still
// cancel. Two devices that agree are no false alarm of one.
std::optional<std::string> why_now(turn const& t, signal_joined const& joined) {
    if (joined.confirmed) return "confirmed";
    auto const level = joined.plan_of_kind.level;
    if (level != priority::p1 && !is_worse(level, t.was.level)) return std::nullopt;
    if (joined.kind != t.was.kind) return std::string(to_text(joined.kind));
    if (joined.device != device_of(t.was.first_event)) return "second_device";
    return std::nullopt;
}

void join_countdown(turn& t, signal_joined const& joined) {
    auto why = why_now(t, joined);
    if (!why) return;
    end_countdown(t, by_device(joined.device), std::move(*why));
    ring_from(t, 0);
}

// Of no emergency: who holds his pressure hasn't heard that he walked out of the gate, and what was
// done about the broker at ten says nothing of its going away at noon. Neither does one visit
// without a word say anything of the next.
bool is_another_matter(turn const& t, signal_joined const& joined) {
    auto const level = joined.plan_of_kind.level;
    if (level != t.was.level || level == priority::p1) return false;
    return joined.kind != t.was.kind || joined.kind == alert_kind::outage ||
           is_of_visit(joined.event);
}

// Help goes there, and no longer where he was.
bool goes_there(turn& t, signal_joined const& joined) {
    if (!moves_with(t.was, joined)) return false;
    t.next().home = joined.home;
    t.next().area = joined.area;
    t.out.ends_orders = "elsewhere";
    return true;
}

result<void> apply(turn& t, signal_joined const& joined) {
    t.next().signals += 1;
    if (!is_of_visit(joined.event)) t.next().last_event = joined.event; // a device, where it lies
    bool const moves = goes_there(t, joined);
    t.write(log_kind::joined, by_device(joined.device),
            joined.event.value + ' ' + std::string(to_text(joined.kind)) +
                (moves ? " elsewhere " + joined.home.value : std::string()));
    bool const worse = is_worse(joined.plan_of_kind.level, t.was.level);
    bool const another = is_another_matter(t, joined);
    bool const begins_anew = another && t.was.state == alert_state::handled;
    if (worse || begins_anew) take_worse_kind(t, joined);
    begin_locating(t, joined.plan_of_kind);
    if (t.was.state == alert_state::pending) {
        join_countdown(t, joined);
        return {};
    }
    bool const is_urgent = worse || joined.plan_of_kind.level == priority::p1;
    if (!is_urgent && !another && !moves) return {};
    if (is_urgent || begins_anew || moves) {
        t.out.needs_order = true;
        t.out.order_at_once = t.out.offers_now = joined.at_once;
    }
    bool const is_others = moves && joined.area != t.was.area; // other desks' than it rings at
    if ((worse || is_others) && t.was.state == alert_state::raised)
        raise_again(t);
    else
        ring_for_join(t, joined);
    return {};
}

// A cancel takes back the falls that its own device told before it. What was sent before a second
// fall, and comes after it, doesn't: so both must have the device's numbers.
bool takes_back(alert const& a, event_id const& cancel) {
    auto const device = device_of(cancel);
    if (device_of(a.first_event) != device || device_of(a.last_event) != device) return false;
    auto const fell = device_event_of(a.last_event);
    auto const said = device_event_of(cancel);
    return fell && said && *said > *fell;
}

result<void> apply(turn& t, cancelled_by_device const& cancel) {
    auto const by = by_device(device_of(cancel.event));
    if (t.was.state != alert_state::pending || !takes_back(t.was, cancel.event)) {
        t.write(log_kind::cancel_noted, by, cancel.event.value);
        return {};
    }
    t.next().state = alert_state::closed;
    t.next().outcome = disposition::cancelled_by_wearer;
    t.next().closed_at = t.now;
    t.write(log_kind::closed, by,
            std::string(to_text(disposition::cancelled_by_wearer)) + ' ' + cancel.event.value);
    tell_all(t, notice_reason::ended); // whom the house rang without its record
    return {};
}

result<void> apply(turn& t, cleared_by_device const& cleared) {
    t.write(log_kind::cleared_noted, by_device(device_of(cleared.event)), cleared.event.value);
    return {};
}

// Who claims a countdown is not asked to wait for its end: the alert is raised, and hers. From then
// on a person decides and a cancel is only noted, for a voice on the telephone knows more than a
// thumb on a watch. The order comes by the plan, so that nobody is forgotten if she is called away;
// whether it waits for her word is what the plan says, because somebody listens now.
void become_holder(turn& t, operator_id const& who) {
    if (t.was.state == alert_state::pending) {
        end_countdown(t, by_operator(who), "claimed");
        t.out.order_at_once = false;
    }
    t.next().state = alert_state::claimed;
    t.next().holder = who;
    t.next().handed_to = {};
    t.next().acknowledge_by.reset();
    t.next().shelved_until.reset();
    extend_claim(t);
}

result<void> apply(turn& t, claim const& c) {
    if (c.who.empty()) return refusal::needs_reason;
    bool const mine = t.was.holder == c.who;
    bool const is_handed_over = t.was.handed_to == c.who;
    if (t.was.state == alert_state::claimed && !mine && !is_handed_over) return refusal::held;
    bool const again = t.was.state == alert_state::claimed && mine;
    become_holder(t, c.who);
    if (is_handed_over)
        t.write(log_kind::handover_accepted, by_operator(c.who), t.was.holder.value);
    else
        t.write(again ? log_kind::acknowledged : log_kind::claimed, by_operator(c.who));
    return {};
}

// A claim that asks nobody. What rings the former holder rings her, who has just come to it: it is
// answered. Of an alert that nobody else holds it is a claim, with its words.
result<void> apply(turn& t, take_over const& o) {
    if (o.who.empty() || o.why.empty()) return refusal::needs_reason;
    bool const anothers = !t.was.holder.empty() && t.was.holder != o.who;
    bool const again = t.was.state == alert_state::claimed && !anothers;
    become_holder(t, o.who);
    if (anothers)
        t.write(log_kind::taken_over, by_operator(o.who), t.was.holder.value, o.why);
    else
        t.write(again ? log_kind::acknowledged : log_kind::claimed, by_operator(o.who), {}, o.why);
    return {};
}

result<void> apply(turn& t, release const& r) {
    if (t.was.state != alert_state::claimed) return refusal::out_of_turn;
    if (t.was.holder != r.who) return refusal::not_yours;
    t.write(log_kind::released, by_operator(r.who));
    raise_again(t);
    return {};
}

// A new press is ringing: whoever lays the alert aside must have answered it first.
bool rings_unanswered(turn const& t) {
    return t.was.acknowledge_by.has_value();
}

result<void> apply(turn& t, hand_over const& h) {
    if (t.was.holder.empty()) return refusal::out_of_turn;
    if (t.was.holder != h.who) return refusal::not_yours;
    if (h.to.empty() || h.next.empty()) return refusal::needs_reason;
    if (h.to == h.who || rings_unanswered(t)) return refusal::out_of_turn;
    t.next().handed_to = h.to;
    if (t.was.state == alert_state::claimed) extend_claim(t);
    t.write(log_kind::handed_over, by_operator(h.who), h.to.value, h.next);
    return {};
}

result<void> apply(turn& t, shelve const& s) {
    if (t.was.state != alert_state::claimed) return refusal::out_of_turn;
    if (t.was.holder != s.who) return refusal::not_yours;
    if (s.why.empty()) return refusal::needs_reason;
    bool const is_too_long = s.how_long <= seconds{0} || s.how_long > longest_shelving;
    if (t.was.level == priority::p1 || is_too_long || rings_unanswered(t))
        return refusal::out_of_turn;
    t.next().shelved_until = t.now + s.how_long;
    t.write(log_kind::shelved, by_operator(s.who), std::to_string(s.how_long.count() / 60) + "min",
            s.why);
    return {};
}

// Keeps the claim alive; a note that was being written when a new press rang does not answer it.
result<void> apply(turn& t, note const& n) {
    if (n.text.empty()) return refusal::needs_reason;
    if (t.was.holder == n.who && t.was.state == alert_state::claimed) extend_claim(t);
    t.write(log_kind::noted, by_operator(n.who), {}, n.text);
    return {};
}

result<void> apply(turn& t, handle const& h) {
    if (t.was.state != alert_state::claimed) return refusal::out_of_turn;
    if (t.was.holder != h.who) return refusal::not_yours;
    if (rings_unanswered(t)) return refusal::out_of_turn;
    t.next().state = alert_state::handled;
    t.next().claimed_until.reset();
    t.write(log_kind::handled, by_operator(h.who));
    return {};
}

result<void> apply(turn& t, close const& c) {
    if (!is_for_operators(c.outcome)) return refusal::needs_reason;
    if (t.was.state == alert_state::pending || t.was.state == alert_state::raised)
        return refusal::out_of_turn;
    if (t.was.holder != c.who) return refusal::not_yours;
    if (rings_unanswered(t)) return refusal::out_of_turn;
    if (c.text.empty() && needs_words(t.was, c.outcome)) return refusal::needs_reason;
    t.next().state = alert_state::closed;
    t.next().outcome = c.outcome;
    t.next().closed_at = t.now;
    t.next().handed_to = {};
    t.next().claimed_until.reset();
    t.out.ends_orders = "closed:" + std::string(to_text(c.outcome));
    t.write(log_kind::closed, by_operator(c.who), std::string(to_text(c.outcome)), c.text);
    tell_all(t, notice_reason::ended);
    return {};
}

// Who does it need not be who holds the alert: the one who reaches the guard says so.
result<void> apply(turn& t, done_as_asked const& d) {
    if (d.who.empty()) return refusal::needs_reason;
    if (!t.was.progress.asks.contains(d.what)) return refusal::out_of_turn;
    t.next().progress.asks.erase(d.what);
    if (t.was.holder == d.who && t.was.state == alert_state::claimed) extend_claim(t);
    t.write(log_kind::asked_done, by_operator(d.who), std::string(to_text(d.what)), d.text);
    return {};
}

// It goes up, with the reason: to the next rung, to the holder's ear, or back on the ladder; and
// the ladder of those who go climbs.
result<void> apply(turn& t, nobody_to_go const& n) {
    t.write(log_kind::nobody_to_go, by_house(), to_string(n.order) + ' ' + n.why);
    switch (t.was.state) {
    case alert_state::pending: // has no order yet
        return {};
    case alert_state::raised:
        ring_from(t, t.was.rung + 1);
        break;
    case alert_state::claimed:
        ring_holder(t, by_house(), n.why);
        break;
    case alert_state::handled:
        raise_again(t);
        break;
    case alert_state::closed:
        return {};
    }
    climb(t, n.trouble);
    return {};
}

result<void> apply(turn& t, help_comes const&) {
    tell_all(t, notice_reason::help_comes);
    return {};
}
result<void> apply(turn& t, help_arrived const&) {
    tell_all(t, notice_reason::help_arrived);
    return {};
}

// Whose console has shown it, once a ring. A claim says more than that, and nobody is rung before
// the countdown's end.
result<void> apply(turn& t, shown const& s) {
    if (s.by.empty()) return refusal::needs_reason;
    if (t.was.state != alert_state::raised || t.was.is_shown) return {};
    give_whole_wait(t);
    t.next().is_shown = true;
    t.write(log_kind::shown, by_operator(s.by), t.was.desk.value);
    return {};
}

void ring_next_rung(turn& t) {
    if (waits_to_be_shown(t)) t.write(log_kind::not_shown, by_house(), t.was.desk.value);
    ring_from(t, t.was.rung + 1);
}

void end_claim(turn& t) {
    t.write(log_kind::claim_expired, {actor_kind::house, {}, t.was.holder.value},
            t.was.acknowledge_by ? "ring_unanswered" : "lease");
    raise_again(t);
}

void come_off_the_shelf(turn& t) {
    extend_claim(t);
    ring_holder(t, by_house(), "shelved");
}

result<void> apply(turn& t, time_passed const&) {
    auto const ladder_at = t.was.ladder_at ? t.was.ladder_at : t.was.due_at;
    if (!ladder_at || t.now < *ladder_at) return {}; // too early, or due for a step
    switch (t.was.state) {
    case alert_state::pending:
        end_countdown(t, by_house(), "silence");
        ring_from(t, 0);
        break;
    case alert_state::raised:
        ring_next_rung(t);
        break;
    case alert_state::claimed:
        if (t.was.shelved_until)
            come_off_the_shelf(t);
        else
            end_claim(t);
        break;
    case alert_state::handled:
        t.write(log_kind::review_due, by_house());
        raise_again(t);
        break;
    case alert_state::closed:
        break;
    }
    return {};
}

// The clock of the state: `pending` keeps its countdown, `raised` the clock of its rung, which
// ring_from has set.
void set_ladder(turn& t) {
    auto& a = t.next();
    if (a.state != alert_state::claimed || a.acknowledge_by) a.shelved_until.reset();
    switch (a.state) {
    case alert_state::pending:
    case alert_state::raised:
        break;
    case alert_state::claimed:
        if (a.shelved_until) a.claimed_until = a.shelved_until;
        a.ladder_at =
            a.acknowledge_by ? std::min(*a.claimed_until, *a.acknowledge_by) : *a.claimed_until;
        break;
    case alert_state::handled:
        if (t.was.state != alert_state::handled) a.ladder_at = t.now + t.with.handled_review;
        break;
    case alert_state::closed:
        a.ladder_at.reset();
        a.acknowledge_by.reset();
        a.progress.asks.clear();
        break;
    }
}

// Steps that are due, whatever happened, and the due time: so no rule can forget them.
void finish(turn& t) {
    set_ladder(t);
    run_steps(t);
    t.next().due_at = next_due(t);
}

void open(turn& t, alert_state as) {
    auto& a = t.next();
    a.state = as;
    a.kind = t.with.kind;
    a.level = t.with.level;
    a.plan = t.with.digest;
    a.opened_at = t.now;
    a.raised_at = t.now;
    begin_steps(t);
    a.signals = 1;
    a.last_event = a.first_event;
}

std::string what_opened(alert const& a) {
    return a.first_event.value + ' ' + std::string(to_text(a.kind));
}

} // namespace

alert_outcome raise(alert first, device_id const& device, plan const& with, duty const& on_duty,
                    instant now) {
    turn t(first, with, on_duty, now);
    t.out.needs_order = true;
    open(t, alert_state::raised);
    t.write(log_kind::raised, by_device(device), what_opened(t.next()));
    begin_locating(t, t.with);
    ring_from(t, 0);
    finish(t);
    return t.out;
}

alert_outcome detect(alert first, device_id const& device, plan const& with, duty const& on_duty,
                     instant now) {
    if (with.countdown == seconds{0}) return raise(std::move(first), device, with, on_duty, now);
    turn t(first, with, on_duty, now);
    open(t, alert_state::pending);
    t.next().rang_at = now;
    t.next().ladder_at = now + with.countdown;
    t.write(log_kind::countdown_began, by_device(device),
            what_opened(t.next()) + ' ' + std::to_string(with.countdown.count()) + 's');
    finish(t);
    return t.out;
}

result<alert_outcome> decide(alert const& current, alert_event const& event, plan const& with,
                             duty const& on_duty, instant now) {
    if (!is_open(current)) return refusal::closed;
    turn t(current, with, on_duty, now);
    auto const applied = std::visit([&](auto const& e) { return apply(t, e); }, event);
    if (!applied) return applied.error();
    finish(t);
    return t.out;
}

bool needs_words(alert const& a, disposition outcome) {
    if (!is_real(a.what_for) || !is_of_devices(a.kind)) return false;
    switch (outcome) {
    case disposition::refused_help:
    case disposition::false_alarm:
    case disposition::test:
    case disposition::device_fault:
    case disposition::wrong_person:
    case disposition::duplicate:
        return true;
    case disposition::helped:
    case disposition::sent_to_hospital:
    case disposition::death:
    case disposition::handed_to_family:
    case disposition::hazard_removed:
    case disposition::safeguarding:
    case disposition::no_contact_visited:
    case disposition::cancelled_by_wearer:
        break;
    }
    return false;
}

} // namespace linli::domain
