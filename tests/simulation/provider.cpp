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

} // namespace

mood provider::any_mood() {
    auto const drawn = with_.here.chance.below(20); // most people are prompt
    if (with_.here.now.helpful || drawn >= 9) return mood::prompt;
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
        if (about.how == mood::silent) return;
        if (about.how == mood::robs) return rob();
        if (about.how == mood::declines)
            return say_soon(id, reply_kind::decline, seconds(2), seconds(40));
        if (about.how == mood::late)
            return say_soon(id, reply_kind::accept, seconds(46), seconds(120));
        return say_soon(id, reply_kind::accept, seconds(2), seconds(30));
    case accepted:
        if (about.last == reply_kind::decline) about.last = reply_kind::accept; // entered for him
        return go_on(id);
    case withdrawn:
        if (about.last != reply_kind::decline) return turn_round(id);
        return;
    case declined:
    case expired:
        return;
    }
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

void provider::turn_round(domain::offer_id const& id) {
    if (!with_.here.now.helpful && with_.here.chance.percent(30)) return;
    say_soon(id, reply_kind::stood_down, seconds(1), seconds(60));
}

void provider::rob() {
    auto const& all = with_.here.record.holds().offers;
    for (auto const& [id, each] : all)
        if (each.provider != id_ && each.due_at) return say(id, reply_kind::accept);
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
    auto const about = offers_.find(id);
    bool const for_holder =
        kind != reply_kind::accept && kind != reply_kind::decline && kind != reply_kind::stood_down;
    if (for_holder && about->second.latest.offer.state != accepted) return; // not his any more
    with_.here.note(
        fmt::format("{} says {} {} to {}",
                    about == offers_.end() ? id_.value : about->second.latest.offer.worker.value,
                    what.reply_id, to_text(kind), to_string(id)));
    unanswered_.emplace(what.reply_id, what);
    send(what, first_pause);
    if (about != offers_.end() && about->second.how == mood::twice)
        with_.by.to_house(what, roads::care::may_be_lost, [] {});
}

void provider::send(domain::reply const& what, domain::duration next_pause) {
    if (!unanswered_.contains(what.reply_id)) return;
    with_.by.to_house(what, roads::care::may_be_lost, [] {});
    auto const longer = std::min<domain::duration>(2 * next_pause, longest_pause);
    with_.here.after(next_pause, [this, what, longer] { send(what, longer); });
}

void provider::answered(std::string const& reply_id, std::optional<domain::refusal> refused) {
    with_.book.answered(reply_id, refused);
    auto const at = unanswered_.find(reply_id);
    if (at == unanswered_.end()) return;
    auto const what = at->second;
    unanswered_.erase(at);
    with_.here.note(fmt::format("{} hears {}", reply_id, refused ? to_text(*refused) : "yes"));
    auto const about = offers_.find(what.offer);
    if (refused || about == offers_.end()) return;
    about->second.last = what.kind;
    if (what.kind != reply_kind::accept) go_on(what.offer); // the news of the accept has done it
}

void provider::come_to_senses() {
    for (auto& [id, about] : offers_) {
        bool const stuck =
            about.how == mood::no_show || about.how == mood::forgets || about.how == mood::silent;
        if (stuck) about.how = mood::prompt;
        if (about.latest.offer.state == accepted && stuck) go_on(id);
        if (about.latest.offer.state == withdrawn && about.last != reply_kind::decline &&
            about.last != reply_kind::stood_down)
            say(id, reply_kind::stood_down);
    }
}

} // namespace linli::simulation
