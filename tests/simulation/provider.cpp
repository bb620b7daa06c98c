#include "simulation/provider.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace linli::simulation {

namespace {

using domain::reply_kind;
using domain::seconds;
using enum domain::offer_state;

constexpr seconds first_pause{3};
constexpr seconds longest_pause{60};
constexpr seconds page_tries_again{10};
constexpr seconds until_a_desk_has_heard{45};
constexpr int most_tries = 40; // of a device that no desk hears

// What a worker with that mood says after `last` was taken.
std::optional<reply_kind> next_step(mood how, reply_kind last) {
    switch (last) {
    case reply_kind::accept:
        if (how == mood::no_show) return std::nullopt;
        return reply_kind::en_route;
    case reply_kind::en_route:
        return reply_kind::arrived;
    case reply_kind::arrived:
        if (how == mood::at_a_locked_door) return reply_kind::no_access;
        if (how == mood::fails_at_the_door) return reply_kind::failed;
        if (how == mood::finds_somebody_who_needs_120) return reply_kind::failed;
        return reply_kind::started;
    case reply_kind::no_access:
        return reply_kind::started;
    case reply_kind::started:
        if (how == mood::forgets) return std::nullopt;
        return reply_kind::completed;
    default:
        return std::nullopt;
    }
}

runtime::task<answer> prove(services& at, app::own_scope whose, app::given_proof given) {
    auto const now = at.clock.now();
    auto const told = co_await at.proofs.give(std::move(whose), std::move(given), now);
    if (!told) co_return told.error();
    app::verdict said;
    said.refused = told->refused;
    co_return said;
}

} // namespace

mood provider::any_mood() {
    auto const drawn = with_.here.chance.below(20); // most people are prompt
    if (with_.here.now.helpful || drawn >= 10) return mood::prompt;
    return static_cast<mood>(drawn + 1);
}

void provider::hear(app::offer_news const& what) {
    with_.book.heard(what);
    auto const [at, fresh] = offers_.try_emplace(what.offer.id);
    auto& about = at->second;
    if (fresh) about.how = any_mood();
    if (what.offer.version > about.latest.offer.version) {
        auto const before = about.latest.offer.state;
        about.latest = what;
        if (fresh || before != what.offer.state) think(about);
    }
    if (!what.in_reply_to.empty()) answered(what.in_reply_to, what.refused);
}

void provider::mumble() {
    with_.here.saw(rare::reply_unreadable);
    app::unreadable_reply const what{id_, fmt::format("{}-{}", id_.value, ++count_), "??"};
    with_.by.to_house(what, roads::care::kept, [] {});
}

void provider::hear(app::reply_refused const& what) {
    answered(what.in_reply_to, what.why);
}

void provider::think(seen& about) {
    if (!with_.here.now.anybody) return;
    auto const id = about.latest.offer.id;
    switch (about.latest.offer.state) {
    case open:
        if (about.how == mood::silent || with_.here.now.by_telephone) return;
        if (about.how == mood::robs) return rob();
        if (about.how == mood::declines)
            return say_soon(id, reply_kind::decline, seconds(2), seconds(40));
        if (about.how == mood::late)
            return say_soon(id, reply_kind::accept, seconds(46), seconds(120));
        if (about.latest.offer.worker.empty()) with_.here.saw(rare::company_is_asked);
        return say_soon(id, reply_kind::accept, seconds(2), seconds(30));
    case accepted:
        if (about.last == reply_kind::decline) about.last = reply_kind::accept; // entered for him
        if (about.latest.offer.worker.empty()) return name_somebody(id);
        return go_on(id);
    case withdrawn:
        if (about.last == reply_kind::en_route && finds_her_all_the_same(about))
            return say_soon(id, reply_kind::failed, seconds(5), seconds(60));
        if (about.last != reply_kind::decline) return turn_round(id);
        return;
    case declined:
    case expired:
        return;
    }
}

// Nobody has told him in time that he need not go.
bool provider::finds_her_all_the_same(seen const& about) {
    return about.how == mood::finds_somebody_who_needs_120 && with_.here.chance.percent(70);
}

// He waits for the answer to each step before he takes the next.
void provider::go_on(domain::offer_id const& id) {
    auto const& about = offers_.at(id);
    if (about.latest.offer.state != accepted || !with_.here.now.anybody) return;
    auto const next = next_step(about.how, about.last);
    if (!next) return;
    auto const longest = with_.here.now.longest_step;
    say_soon(id, *next, seconds(5), *next == reply_kind::en_route ? longest / 5 : longest);
}

std::vector<domain::worker_id> provider::own_workers() const {
    std::vector<domain::worker_id> all;
    for (auto const& w : with_.here.record.town().workers)
        if (w.provider == id_) all.push_back(w.id);
    return all;
}

// The code that the resident tells him, heard right or not.
void provider::prove_visit(domain::offer_id const& id) {
    auto const& o = with_.here.record.holds().orders.at(offers_.at(id).latest.order);
    app::given_proof given;
    for (auto& each : given.what.id.value.bytes)
        each = static_cast<std::uint8_t>(with_.here.chance.below(256));
    given.what.offer = id;
    given.what.what = domain::proof_kind::code;
    given.code = with_.here.chance.percent(70) ? "1234" : "4321";
    app::own_scope const whose{id_, o.worker};
    with_.page([whose, given](services& at) { return prove(at, whose, given); },
               [](answer const&) {});
}

// A company that has taken an order says who goes; by the record, because whom it named it knows
// itself.
void provider::name_somebody(domain::offer_id const& id) {
    auto const& here = with_.here.record.holds();
    auto const& o = here.orders.at(offers_.at(id).latest.order);
    if (o.held_by != id) return;
    if (!o.worker.empty()) return go_on(id);
    if (offers_.at(id).how == mood::no_show && !with_.here.now.helpful) return;
    say_soon(id, reply_kind::assign, seconds(3), seconds(40));
}

void provider::turn_round(domain::offer_id const& id) {
    if (!with_.here.now.helpful && with_.here.chance.percent(30)) return;
    say_soon(id, reply_kind::stood_down, seconds(1), seconds(60));
}

void provider::rob() {
    auto const& t = with_.here.record.holds();
    for (auto const& [when, id] : t.due_offers)
        if (t.offers.at(id).provider != id_) return say(id, reply_kind::accept);
}

void provider::say_soon(domain::offer_id const& id, reply_kind kind, domain::duration least,
                        domain::duration most) {
    auto const pause = with_.here.chance.between(least, most);
    with_.here.after(pause, [this, id, kind] { say(id, kind); });
}

void provider::say(domain::offer_id const& id, reply_kind kind) {
    domain::reply what;
    what.reply_id = fmt::format("{}-{}", id_.value, ++count_);
    what.offer = id;
    what.provider = id_;
    what.kind = kind;
    what.by.kind = domain::actor_kind::worker;
    if (kind == reply_kind::assign) {
        auto const ours = own_workers();
        if (ours.empty()) return;
        what.worker = with_.here.chance.pick(ours);
    }
    auto const about = offers_.find(id);
    bool const calls_120 = kind == reply_kind::failed && about != offers_.end() &&
                           about->second.how == mood::finds_somebody_who_needs_120;
    what.needs_120 = calls_120;
    bool const for_holder = kind != reply_kind::accept && kind != reply_kind::decline &&
                            kind != reply_kind::stood_down && !calls_120;
    if (for_holder && about->second.latest.offer.state != accepted) return; // not his any more
    if (with_.here.tells())
        with_.here.note(fmt::format(
            "{} says {} {} to {}",
            about == offers_.end() ? id_.value : about->second.latest.offer.worker.value,
            what.reply_id, to_text(kind), to_string(id)));
    unanswered_.emplace(what.reply_id, what);
    send(what, first_pause);
    if (about != offers_.end() && about->second.how == mood::twice)
        with_.by.to_house(what, roads::care::may_be_lost, [] {});
}

void provider::send(domain::reply const& what, domain::duration next_pause) {
    if (!unanswered_.contains(what.reply_id)) return;
    if (with_.here.chance.percent(25))
        send_by_page(what);
    else
        with_.by.to_house(what, roads::care::may_be_lost, [] {});
    auto const longer = std::min<domain::duration>(2 * next_pause, longest_pause);
    with_.here.after(next_pause, [this, what, longer] { send(what, longer); });
}

// The same reply by the worker's own page, or his manager's.
void provider::send_by_page(domain::reply const& what) {
    with_.here.saw(rare::reply_by_page);
    app::own_scope const whose{id_, {}};
    with_.page([whose, what](services& at) { return at.own.say(whose, what); },
               [this, what](answer const& said) {
                   if (said) answered(what.reply_id, said->refused);
               });
}

void provider::answered(std::string const& reply_id, std::optional<domain::refusal> refusal) {
    with_.book.answered(reply_id, refusal);
    auto const at = unanswered_.find(reply_id);
    if (at == unanswered_.end()) return;
    auto const what = at->second;
    unanswered_.erase(at);
    if (with_.here.tells())
        with_.here.note(fmt::format("{} hears {}", reply_id, refusal ? to_text(*refusal) : "yes"));
    auto const about = offers_.find(what.offer);
    if (about == offers_.end()) return;
    if (what.needs_120) with_.book.says_120(about->second.latest.order, refusal);
    if (refusal) return refused(about->second, what, *refusal);
    if (what.kind == reply_kind::started && with_.here.chance.percent(70)) prove_visit(what.offer);
    about->second.last = what.kind == reply_kind::assign ? reply_kind::accept : what.kind;
    if (what.kind != reply_kind::accept) go_on(what.offer); // the news of the accept has done it
}

void provider::refused(seen& about, domain::reply const& what, domain::refusal why) {
    auto const id = what.offer;
    if (what.kind == reply_kind::assign && about.tried < most_tries) {
        ++about.tried; // he is busy elsewhere, or unfit: another
        return with_.here.after(page_tries_again, [this, id] {
            if (offers_.at(id).latest.offer.state == accepted) name_somebody(id);
        });
    }
    if (why != domain::refusal::untested || about.tried >= most_tries) return;
    ++about.tried;
    with_.tries_device(about.latest.order);
    with_.here.after(until_a_desk_has_heard, [this, id] { say(id, reply_kind::completed); });
}

void provider::call_for_help() {
    auto const ours = own_workers();
    if (ours.empty()) return;
    auto const who = with_.here.chance.pick(ours);
    domain::uuid made;
    for (auto& each : made.bytes)
        each = static_cast<std::uint8_t>(with_.here.chance.below(256));
    auto const event = domain::make_own_sos_event(who, made);
    with_.here.saw(rare::worker_calls_for_help);
    calls_for_help_.emplace(event.value, who);
    ask_for_help(event, who);
}

// Until his page has its answer.
void provider::ask_for_help(domain::event_id const& event, domain::worker_id const& who) {
    if (!calls_for_help_.contains(event.value)) return;
    app::worker_sos what;
    what.event = event;
    what.worker = who;
    with_.page([what](services& at) { return at.own.call_for_help(what); },
               [this, event](answer const& said) {
                   if (!said || calls_for_help_.erase(event.value) == 0) return;
                   if (said->set_aside) with_.here.broken("a call for help is set aside");
                   with_.book.promised(event);
               });
    with_.here.after(page_tries_again, [this, event, who] { ask_for_help(event, who); });
}

void provider::come_to_senses() {
    for (auto& [id, about] : offers_) {
        bool const stuck =
            about.how == mood::no_show || about.how == mood::forgets || about.how == mood::silent;
        if (stuck) about.how = mood::prompt;
        if (about.latest.offer.state == accepted && stuck) {
            if (about.latest.offer.worker.empty())
                name_somebody(id);
            else
                go_on(id);
        }
        if (about.latest.offer.state == withdrawn && about.last != reply_kind::decline &&
            about.last != reply_kind::stood_down)
            say(id, reply_kind::stood_down);
    }
}

} // namespace linli::simulation
