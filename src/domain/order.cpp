#include "domain/order.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace linli::domain {

bool is_open(order const& o) {
    switch (o.state) {
    case order_state::followed_up:
    case order_state::cancelled:
    case order_state::failed:
        return false;
    case order_state::stood_down:
        return o.due_at.has_value();
    default:
        return true;
    }
}

bool is_before_arrival(order_state s) {
    switch (s) {
    case order_state::requested:
    case order_state::offered:
    case order_state::accepted:
    case order_state::en_route:
    case order_state::no_access:
    case order_state::unfilled:
        return true;
    default:
        return false;
    }
}

bool is_coming(order_state s) {
    return is_before_arrival(s) && s != order_state::no_access;
}

bool is_on_visit(order_state s) {
    switch (s) {
    case order_state::accepted:
    case order_state::en_route:
    case order_state::arrived:
    case order_state::no_access:
    case order_state::in_service:
        return true;
    default:
        return false;
    }
}

bool is_on_visit(order const& o) {
    return is_on_visit(o.state) && !(o.booked && o.state == order_state::accepted);
}

namespace {

std::optional<concern> at_home(order const& o, alert_kind kind) {
    if (o.home.empty()) return std::nullopt;
    return concern{kind, {subject_kind::home, o.home.value}};
}

std::optional<concern> whom_it_serves(order const& o, alert_kind kind) {
    if (o.about.kind == subject_kind::resident || o.about.kind == subject_kind::home)
        return concern{kind, o.about};
    return at_home(o, kind);
}

} // namespace

std::optional<concern> concern_of(order const& o) {
    if (!is_real(o.what_for) || o.place == order_place::seat) return std::nullopt;
    switch (o.state) {
    case order_state::arrived:
    case order_state::in_service:
        if (o.worker.empty()) return at_home(o, alert_kind::check_in_missed); // not named yet
        return concern{alert_kind::check_in_missed, {subject_kind::worker, o.worker.value}};
    case order_state::no_access:
        return whom_it_serves(o, alert_kind::no_access);
    default:
        return std::nullopt;
    }
}

std::optional<concern> failure_of(order const& o, bool needs_120) {
    if (!is_real(o.what_for) || o.place == order_place::seat) return std::nullopt;
    return whom_it_serves(o, needs_120 ? alert_kind::needs_120 : alert_kind::visit_failed);
}

namespace {

actor by_house() {
    return {actor_kind::house, {}, {}};
}

struct turn {
    order const& was;
    std::vector<offer> const& offers;
    order_plan const& with;
    instant now;
    order_outcome out;

    order& next() { return out.next; }
    void write(log_kind what, actor by, std::string why = {}, std::string personal = {}) {
        out.log.push_back({now, what, std::move(by), std::move(why), std::move(personal)});
    }
    // The offer as this turn leaves it.
    offer const* find(offer_id const& id) const {
        for (auto const& o : out.offers)
            if (o.id == id) return &o;
        for (auto const& o : offers)
            if (o.id == id) return &o;
        return nullptr;
    }
    void change(offer o, offer_state state, std::string reason) {
        o.state = state;
        o.reason = std::move(reason);
        o.due_at.reset();
        std::erase_if(out.offers, [&](offer const& each) { return each.id == o.id; });
        out.offers.push_back(std::move(o));
    }
};

void move_to(turn& t, order_state state, duration due_in) {
    t.next().state = state;
    t.next().due_at = t.now + due_in;
}

void end(turn& t, order_state state) {
    t.next().state = state;
    t.next().due_at.reset();
}

// What was booked isn't late before its time has come.
void not_before(turn& t, instant when) {
    t.next().due_at = std::max(*t.next().due_at, when);
}

// Nobody is sent to what should have been done by now.
bool is_over(turn const& t) {
    return t.was.booked && t.now >= t.was.booked->until;
}

// A person must say what becomes of it; until then somebody hears of it again and again.
void window_passed(turn& t) {
    t.next().reason = "window_over";
    move_to(t, order_state::unfilled, t.with.ring_back_again);
    t.write(log_kind::unfilled, by_house(), t.next().reason);
    t.out.goes_up = "unfilled " + t.next().reason;
}

void ask_around(turn& t) {
    if (is_over(t)) return window_passed(t);
    t.out.search = true;
}

std::vector<offer> open_offers(turn const& t) {
    std::vector<offer> open;
    for (auto const& o : t.offers) {
        auto const* current = t.find(o.id);
        if (current->state == offer_state::open) open.push_back(*current);
    }
    return open;
}

// "k1" or, while a company has named nobody, "company c1".
std::string who_takes(offer const& o) {
    return o.worker.empty() ? "company " + o.provider.value : o.worker.value;
}

// Whoever was asked, and his company, hears that it is closed, and not with what outcome: that
// somebody has died or is thought to be beaten is the record's.
std::string told_of(std::string const& why) {
    return why.starts_with("closed:") ? "closed" : why;
}

void withdraw_open_offers(turn& t, std::string const& why, std::optional<offer_id> but = {}) {
    for (auto const& o : open_offers(t)) {
        if (but && o.id == *but) continue;
        t.change(o, offer_state::withdrawn, told_of(why));
        t.write(log_kind::withdrawn, by_house(), who_takes(o) + ' ' + why);
    }
}

// Nobody holds it now: the next candidates are asked at once.
void look_for_another(turn& t) {
    t.next().held_by.reset();
    t.next().worker = {};
    t.next().provider = {};
    t.next().state = order_state::requested;
    t.next().due_at = t.now;
    ask_around(t);
}

// Until the first of them has let his time pass.
void wait_for_those_asked(turn& t) {
    auto const asked = open_offers(t);
    if (asked.empty()) return look_for_another(t);
    t.next().due_at =
        std::min_element(asked.begin(), asked.end(), [](auto const& a, auto const& b) {
            return a.expires_at < b.expires_at;
        })->expires_at;
}

// The holder does not go, or not in time. `said` are his words, which may name a person.
void take_from_holder(turn& t, offer_state state, log_kind what, actor by, std::string why,
                      std::string said = {}) {
    auto const* held = t.find(*t.was.held_by);
    t.write(what, std::move(by), held ? who_takes(*held) : t.was.worker.value, std::move(said));
    if (held) t.change(*held, state, std::move(why));
    look_for_another(t);
}

void hold(turn& t, offer const& o) {
    t.change(o, offer_state::accepted, {});
    t.next().held_by = o.id;
    t.next().worker = o.worker;
    t.next().provider = o.provider;
    withdraw_open_offers(t, "taken", o.id);
}

// Whoever says that he will come later isn't busy now.
bool is_busy_elsewhere(turn const& t, reply const& r) {
    bool const comes_later =
        t.was.booked && (r.kind == reply_kind::accept || r.kind == reply_kind::assign);
    return !comes_later && !r.facts.visiting.empty() && r.facts.visiting != t.was.home;
}

// The company says who goes; his own clock begins. Until he sets out it may name another.
result<void> assign(turn& t, reply const& r, offer o) {
    if (t.next().state != order_state::accepted) return refusal::out_of_turn;
    if (r.worker.empty()) return refusal::needs_reason;
    if (!r.facts.is_of_provider) return refusal::not_yours;
    if (is_busy_elsewhere(t, r)) return refusal::busy;
    if (t.next().worker == r.worker) return {}; // said again
    o.worker = r.worker;
    t.change(o, offer_state::accepted, {});
    t.next().worker = r.worker;
    t.write(log_kind::assigned, r.by, r.worker.value);
    move_to(t, order_state::accepted, t.with.set_out_within);
    if (t.was.booked) not_before(t, t.was.booked->from);
    return {};
}

// Open or expired, as long as nobody holds the order: an accept after its expiry is still help.
result<void> accept(turn& t, reply const& r, offer const& o) {
    if (t.was.held_by) return refusal::taken;
    if (o.state != offer_state::open && o.state != offer_state::expired)
        return refusal::out_of_turn;
    if (is_busy_elsewhere(t, r)) return refusal::busy;
    if (!r.worker.empty() && !r.facts.is_of_provider) return refusal::not_yours;
    if (!r.worker.empty() && !o.worker.empty() && r.worker != o.worker) return refusal::not_yours;
    t.write(log_kind::accepted, r.by,
            who_takes(o) + (o.state == offer_state::expired ? " late" : ""));
    hold(t, o);
    t.out.receipt = receipt_stage::accepted;
    auto const clock = o.worker.empty() ? t.with.assign_within : t.with.set_out_within;
    move_to(t, order_state::accepted, clock);
    if (t.was.booked && !o.worker.empty()) not_before(t, t.was.booked->from);
    if (o.worker.empty() && !r.worker.empty()) return assign(t, r, *t.find(o.id));
    return {};
}

result<void> fail(turn& t, reply const& r);

result<void> decline(turn& t, reply const& r, offer const& o) {
    std::string const why = "declined"; // his words may name a person: they go to the log, sealed
    if (t.was.held_by == o.id) {
        if (!is_before_arrival(t.was.state)) return refusal::out_of_turn;
        if (t.was.state == order_state::no_access && r.facts.another_comes) return fail(t, r);
        take_from_holder(t, offer_state::declined, log_kind::declined, r.by, why, r.reason);
        return {};
    }
    if (o.state != offer_state::open) return {}; // it has gone to somebody else already
    t.change(o, offer_state::declined, why);
    t.write(log_kind::declined, r.by, who_takes(o), r.reason);
    if (t.was.state == order_state::offered || open_offers(t).empty()) wait_for_those_asked(t);
    return {};
}

// Why offers are withdrawn of what was booked and is meant for another time now.
constexpr std::string_view was_moved = "moved";

// What had been taken from him before it was moved (a no-show who only had no network) says so by
// its time alone: who is that early doesn't come for it.
bool comes_at_the_old_time(turn const& t, offer const& o) {
    return o.reason == was_moved ||
           (t.was.booked && t.now < t.was.booked->from - t.with.arrive_within);
}

// He stands at the door although the order had been taken from him: help is help. But at the old
// time of what was moved nobody waits for him, and at the new one somebody must come.
bool may_take_at_the_door(turn const& t, reply const& r, offer const& o) {
    if (comes_at_the_old_time(t, o)) return false;
    return r.kind == reply_kind::arrived && !t.was.held_by && is_before_arrival(t.was.state) &&
           (o.state == offer_state::withdrawn || o.state == offer_state::expired);
}

// Nobody else hears of it. Once, until there is a word from there again; and a locked door is the
// same one when he gives it up.
void raise_unheard(turn& t, bool is_heard, log_kind what) {
    auto const missed = to_text(t.was.state == order_state::no_access ? log_kind::access_overdue
                                                                      : log_kind::check_in_missed);
    if (is_heard || t.was.reason == missed) return;
    t.out.raises = concern_of(t.was);
    if (t.out.raises) t.next().reason = to_text(what);
}

void have_a_word(turn& t) {
    for (auto const missed : {log_kind::check_in_missed, log_kind::access_overdue})
        if (t.was.reason == to_text(missed)) t.next().reason.clear();
}

// What is done without a network is said later. Its line has the time when it came, by which all
// clocks run; how long before that it was done stands in it ("k1 earlier 412s", read again by the
// figures), by his telephone, but not before he was asked. Less than this is the line's own delay.
constexpr seconds said_late{30};

std::string and_when(turn const& t, reply const& r, std::string why) {
    auto const* asked = t.find(r.offer);
    if (!asked || !r.happened_at) return why;
    auto const done = std::max(*r.happened_at, asked->opened_at);
    if (done > t.now - said_late) return why;
    auto const earlier = std::chrono::duration_cast<seconds>(t.now - done);
    return why + " earlier " + std::to_string(earlier.count()) + 's';
}

result<void> arrive(turn& t, reply const& r) {
    have_a_word(t);
    t.write(log_kind::arrived, r.by, and_when(t, r, t.next().worker.value));
    move_to(t, order_state::arrived, t.with.check_in_after);
    t.out.receipt = receipt_stage::arrived;
    return {};
}

// A booked meal that wasn't wanted is asked about; that somebody lies there can't wait for it.
void raise_failure(turn& t, reply const& r) {
    if (r.facts.is_heard && !r.needs_120) return;
    t.out.raises = failure_of(t.was, r.needs_120);
    if (t.out.raises) t.out.raises->said = r.reason;
}

// Failed at the door: this order ends, and the alert hears it and wants another.
result<void> fail(turn& t, reply const& r) {
    if (is_coming(t.was.state)) {
        take_from_holder(t, offer_state::withdrawn, log_kind::failed, r.by, "failed", r.reason);
        if (r.needs_120) raise_failure(t, r);
        return {};
    }
    t.write(log_kind::failed, r.by, and_when(t, r, t.was.worker.value), r.reason);
    if (t.was.state == order_state::no_access && !r.needs_120)
        raise_unheard(t, r.facts.is_heard, log_kind::failed);
    else
        raise_failure(t, r);
    t.next().reason = "failed";
    end(t, order_state::failed);
    t.out.goes_up = "failed";
    return {};
}

struct step {
    order_state to;
    log_kind what;
    seconds due_in;
    std::vector<order_state> from;
};

std::optional<step> step_of(reply_kind kind, order_plan const& with) {
    using enum order_state;
    switch (kind) {
    case reply_kind::en_route:
        return step{en_route, log_kind::en_route, with.arrive_within + with.late_grace, {accepted}};
    case reply_kind::no_access:
        return step{
            no_access, log_kind::no_access, with.no_access_within, {accepted, en_route, arrived}};
    case reply_kind::started:
        return step{in_service, log_kind::started, with.check_in_after, {arrived, no_access}};
    case reply_kind::completed:
        return step{completed,
                    log_kind::completed,
                    with.follow_up_within,
                    {arrived, in_service, no_access}};
    default:
        return std::nullopt;
    }
}

// A resend of a step that lies behind is no mistake of the provider's.
bool is_behind(order_state step, order_state now) {
    using enum order_state;
    constexpr std::array way{accepted, en_route, arrived, no_access, in_service, completed};
    auto const at = std::find(way.begin(), way.end(), now);
    return at != way.end() && std::find(way.begin(), at + 1, step) != at + 1;
}

result<void> advance(turn& t, reply const& r) {
    auto const s = step_of(r.kind, t.with);
    if (is_behind(s->to, t.was.state)) return {}; // said again, or late
    if (std::find(s->from.begin(), s->from.end(), t.was.state) == s->from.end())
        return refusal::out_of_turn;
    bool const needs_proof = r.kind == reply_kind::completed && t.with.needs_live_press;
    if (needs_proof && !r.facts.live_press) return refusal::untested;
    t.write(s->what, r.by, and_when(t, r, t.was.worker.value), r.reason);
    have_a_word(t);
    move_to(t, s->to, s->due_in);
    if (t.was.booked && s->to == order_state::en_route)
        not_before(t, t.was.booked->until + t.with.late_grace);
    if (s->to == order_state::no_access) t.out.goes_up = "no_access";
    return {};
}

result<void> confirm_stand_down(turn& t, reply const& r) {
    if (t.was.state != order_state::stood_down) return refusal::out_of_turn;
    t.write(log_kind::stand_down_confirmed, r.by, t.was.worker.value);
    end(t, order_state::stood_down);
    return {};
}

// From here on he is bound to its home.
bool sets_out(turn const& t, reply const& r) {
    return t.was.state == order_state::accepted &&
           (r.kind == reply_kind::en_route || r.kind == reply_kind::arrived ||
            r.kind == reply_kind::no_access);
}

result<void> from_holder(turn& t, reply const& r) {
    if (r.kind == reply_kind::assign) return assign(t, r, *t.find(*t.was.held_by));
    if (t.was.worker.empty() && r.kind != reply_kind::accept && r.kind != reply_kind::stood_down)
        return refusal::out_of_turn; // who goes, if nobody has been named?
    if (sets_out(t, r) && is_busy_elsewhere(t, r)) return refusal::busy;
    switch (r.kind) {
    case reply_kind::arrived:
        if (is_behind(order_state::arrived, t.was.state)) return {}; // said again, or late
        if (!is_on_visit(t.was.state)) return refusal::out_of_turn;
        return arrive(t, r);
    case reply_kind::failed:
        if (!is_on_visit(t.was.state)) return refusal::out_of_turn;
        return fail(t, r);
    case reply_kind::stood_down:
        return confirm_stand_down(t, r);
    case reply_kind::accept:
        if (t.was.worker.empty() && !r.worker.empty()) return assign(t, r, *t.find(*t.was.held_by));
        return {}; // said again
    default:
        return advance(t, r);
    }
}

// A company that was asked says who stands there.
result<void> take_at_the_door(turn& t, reply const& r, offer o) {
    if (!r.facts.is_of_provider) return refusal::not_yours;
    if (o.worker.empty()) o.worker = r.worker;
    if (o.worker.empty()) return refusal::out_of_turn;
    if (is_busy_elsewhere(t, r)) return refusal::busy;
    hold(t, o);
    return arrive(t, r);
}

result<void> apply(turn& t, reply const& r) {
    auto const* o = t.find(r.offer);
    if (!o) return refusal::unknown;
    if (o->provider != r.provider) return refusal::not_yours;
    auto const shown = *o;
    if (r.kind == reply_kind::decline) return decline(t, r, shown);
    if (t.was.held_by == shown.id) return from_holder(t, r);
    if (r.kind == reply_kind::accept) return accept(t, r, shown);
    if (may_take_at_the_door(t, r, shown)) return take_at_the_door(t, r, shown);
    return t.was.held_by ? refusal::taken : refusal::out_of_turn;
}

// "off_duty=3 no_certificate=2": why nobody of those who were looked at can be asked.
std::string count_reasons(std::vector<candidate> const& ranked) {
    if (ranked.empty()) return "nobody_near";
    std::map<std::string_view, int> counts;
    for (auto const& c : ranked)
        ++counts[to_text(c.why)];
    std::string text;
    for (auto const& [why, count] : counts)
        text += (text.empty() ? "" : " ") + std::string(why) + '=' + std::to_string(count);
    return text;
}

void make_offer(turn& t, candidate const& c, offer_id const& id, actor by) {
    t.out.offers.push_back({.id = id,
                            .order = t.was.id,
                            .provider = c.provider,
                            .worker = c.by_company ? worker_id{} : c.id,
                            .state = offer_state::open,
                            .opened_at = t.now,
                            .expires_at = t.now + t.with.offer_lease,
                            .due_at = t.now + t.with.offer_lease,
                            .round = t.was.round,
                            .distance_m = c.distance_m,
                            .reason = {},
                            .version = 0});
    t.write(log_kind::offered, std::move(by),
            (c.by_company ? "company" : c.id.value) + ' ' + c.provider.value);
}

// Only while nobody holds it or is being asked: what a search found too late is no second offer.
result<void> apply(turn& t, search_result const& s) {
    bool const looking =
        t.was.state == order_state::requested || t.was.state == order_state::unfilled;
    if (!looking || t.was.place == order_place::seat) return refusal::out_of_turn;
    std::size_t made = 0;
    for (auto const& c : s.ranked)
        if (c.why == match_reason::chosen && made < s.fresh_ids.size())
            make_offer(t, c, s.fresh_ids[made++], by_house());
    if (made > 0) {
        move_to(t, order_state::offered, t.with.offer_lease);
        return {};
    }
    t.next().reason = count_reasons(s.ranked);
    move_to(t, order_state::unfilled, t.with.retry_unfilled);
    t.write(log_kind::unfilled, by_house(), t.next().reason);
    t.out.goes_up = "unfilled " + t.next().reason;
    return {};
}

bool is_asked(turn const& t, candidate const& c) {
    auto const open = open_offers(t);
    return std::any_of(open.begin(), open.end(), [&](offer const& o) {
        return o.provider == c.provider && o.worker == (c.by_company ? worker_id{} : c.id);
    });
}

// Beside those who are asked already: theirs stay open and the first accept has it, because to take
// an offer back from somebody who is putting on his coat costs time. An order that waits for a word
// that nobody need go has had it: from here on it is like any that was offered. Off duty, resting
// or asked before is no reason against him: a person decides. A company names who goes itself, so
// it is asked, and the log says whom the operator meant.
result<void> apply(turn& t, offer_to const& o) {
    if (o.who.empty()) return refusal::needs_reason;
    if (t.was.held_by && is_on_visit(t.was.state)) return refusal::taken;
    bool const may_be_offered = t.was.state == order_state::requested ||
                                t.was.state == order_state::offered ||
                                t.was.state == order_state::unfilled;
    if (!may_be_offered || t.was.place == order_place::seat) return refusal::out_of_turn;
    if (!o.him) return refusal::unknown;
    bool const is_elsewhere = !o.visiting.empty() && o.visiting != t.was.home;
    if (is_elsewhere && !t.was.booked) return refusal::busy;
    if (is_asked(t, *o.him)) return {}; // said again
    make_offer(t, *o.him, o.fresh_id, {actor_kind::operator_, o.who.value, {}});
    t.out.log.back().why += " by_operator";
    if (o.him->by_company) t.out.log.back().why += ' ' + o.worker.value;
    if (t.was.state != order_state::offered) move_to(t, order_state::offered, t.with.offer_lease);
    return {};
}

result<void> apply(turn& t, cancel const& c) {
    if (c.why.empty()) return refusal::needs_reason;
    if (!is_before_arrival(t.was.state)) return refusal::out_of_turn;
    t.next().reason = c.why;
    withdraw_open_offers(t, c.why);
    if (!t.was.held_by) {
        t.write(log_kind::cancelled, c.by, c.why, c.words);
        end(t, order_state::cancelled);
        return {};
    }
    // The worker is on his way: he must say that he has turned round.
    if (auto const* held = t.find(*t.was.held_by))
        t.change(*held, offer_state::withdrawn, told_of(c.why));
    t.write(log_kind::stood_down, c.by, t.was.worker.value + ' ' + c.why, c.words);
    move_to(t, order_state::stood_down, t.with.confirm_stand_down);
    return {};
}

result<void> apply(turn& t, change_window const& c) {
    if (c.why.empty()) return refusal::needs_reason;
    bool const may_be_moved =
        t.was.booked && is_coming(t.was.state) && t.was.state != order_state::en_route;
    if (!may_be_moved) return refusal::out_of_turn;
    std::string const why(was_moved);
    withdraw_open_offers(t, why);
    // What was let pass was about the old time: a late yes to it says nothing about the new one.
    for (auto const& o : t.offers)
        if (o.state == offer_state::expired) t.change(o, offer_state::withdrawn, why);
    if (t.was.held_by)
        if (auto const* held = t.find(*t.was.held_by)) t.change(*held, offer_state::withdrawn, why);
    t.write(log_kind::moved, {actor_kind::operator_, c.who.value, {}}, window_code(c.from, c.until),
            c.why);
    t.next().booked->from = c.from;
    t.next().booked->until = c.until;
    t.next().round += 1; // who had no time then may have some now
    t.next().reason.clear();
    t.next().held_by.reset();
    t.next().worker = {};
    t.next().provider = {};
    t.next().state = order_state::requested;
    t.next().due_at = c.offer_at;
    t.out.search = c.offer_at <= t.now;
    return {};
}

result<void> apply(turn& t, follow_up const& f) {
    if (t.was.state != order_state::completed) return refusal::out_of_turn;
    t.next().rating = f.rating;
    t.write(log_kind::followed_up, {actor_kind::operator_, f.who.value, {}},
            f.rating ? "rating=" + std::to_string(*f.rating) : std::string{}, f.text);
    end(t, order_state::followed_up);
    return {};
}

result<void> apply(turn& t, rung_back const& r) {
    if (t.was.place != order_place::seat) return refusal::out_of_turn;
    t.write(log_kind::rung_back, {actor_kind::operator_, r.who.value, {}}, {}, r.text);
    end(t, order_state::followed_up);
    return {};
}

result<void> apply(turn& t, offer_now const&) {
    t.out.search = t.was.state == order_state::requested && t.was.place == order_place::home;
    return {};
}

void expire_offers(turn& t) {
    for (auto const& o : open_offers(t)) {
        if (o.expires_at > t.now) continue;
        t.change(o, offer_state::expired, "no_answer");
        t.write(log_kind::expired, by_house(), who_takes(o));
    }
    wait_for_those_asked(t);
}

// Still the same state, but somebody must hear that its time is over.
void remind(turn& t, log_kind what, duration again_in) {
    t.write(what, by_house(), t.was.worker.value);
    t.out.goes_up = std::string(to_text(what));
    t.next().due_at = t.now + again_in;
}

void search_again(turn& t) {
    t.next().round += 1;
    ask_around(t);
}

result<void> apply(turn& t, order_time_passed const& passed) {
    if (!t.was.due_at || t.now < *t.was.due_at) return {};
    switch (t.was.state) {
    case order_state::requested:
        if (t.was.place == order_place::seat)
            remind(t, log_kind::ring_back_overdue, t.with.ring_back_again);
        else
            ask_around(t);
        break;
    case order_state::offered:
        expire_offers(t);
        break;
    case order_state::accepted:
        if (t.was.worker.empty())
            take_from_holder(t, offer_state::withdrawn, log_kind::not_assigned, by_house(),
                             "not_assigned");
        else
            take_from_holder(t, offer_state::withdrawn, log_kind::no_show, by_house(), "no_show");
        break;
    case order_state::en_route:
        take_from_holder(t, offer_state::withdrawn, log_kind::late, by_house(), "late");
        break;
    case order_state::arrived:
    case order_state::in_service:
        remind(t, log_kind::check_in_missed, t.with.check_in_after);
        raise_unheard(t, passed.is_heard, log_kind::check_in_missed);
        break;
    case order_state::no_access:
        remind(t, log_kind::access_overdue, t.with.no_access_within);
        raise_unheard(t, passed.is_heard, log_kind::access_overdue);
        break;
    case order_state::unfilled:
        search_again(t);
        break;
    case order_state::stood_down:
        remind(t, log_kind::stand_down_overdue, t.with.confirm_stand_down);
        break;
    case order_state::completed:
        remind(t, log_kind::follow_up_overdue, t.with.follow_up_within);
        break;
    case order_state::followed_up:
    case order_state::cancelled:
    case order_state::failed:
        break;
    }
    return {};
}

} // namespace

order_outcome open_order(order first, order_plan const& with, instant now) {
    std::vector<offer> const none;
    turn t{first, none, with, now, {first, {}, {}, false, {}, {}, {}}};
    t.next().state = order_state::requested;
    t.next().opened_at = now;
    t.write(log_kind::order_opened, by_house(), first.event.value + ' ' + first.service.value);
    if (first.place == order_place::seat) {
        t.next().due_at = now + with.ring_back_within;
        return t.out;
    }
    if (first.booked) {
        t.next().due_at = first.due_at.value_or(now);
        t.out.search = *t.next().due_at <= now;
        return t.out;
    }
    bool const at_once = with.when == offer_when::now;
    t.next().due_at = at_once ? now : now + with.cleared_window;
    t.out.search = at_once;
    return t.out;
}

result<order_outcome> decide(order const& current, std::vector<offer> const& offers,
                             order_event const& event, order_plan const& with, instant now) {
    if (!is_open(current)) return refusal::closed;
    turn t{current, offers, with, now, {current, {}, {}, false, {}, {}, {}}};
    auto const applied = std::visit([&](auto const& e) { return apply(t, e); }, event);
    if (!applied) return applied.error();
    return t.out;
}

} // namespace linli::domain
