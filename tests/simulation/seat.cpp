#include "simulation/seat.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace linli::simulation {

namespace {

using domain::alert_state;
using domain::order_state;
using domain::reply_kind;
using domain::seconds;

constexpr seconds answer_takes_at_most{20};

template <class Rows>
auto const* any_open(Rows const& rows, dice& chance) {
    std::vector<typename Rows::mapped_type const*> open;
    for (auto const& [id, each] : rows)
        if (is_open(each)) open.push_back(&each);
    return open.empty() ? nullptr : chance.pick(open);
}

} // namespace

void seat::begin() {
    auto& here = with_.here;
    auto const pause = here.now.helpful ? here.chance.between(seconds(1), seconds(6))
                                        : here.chance.between(seconds(1), seconds(40));
    here.after(pause, [this] {
        act();
        begin();
    });
}

void seat::act() {
    auto& here = with_.here;
    if (!here.now.anybody) return;
    bool const waits = asked_ != heard_ && here.clock.now() < asked_at_ + answer_takes_at_most;
    if (waits) return;
    if (here.now.helpful)
        tend_anything();
    else
        dabble();
}

void seat::tell(std::string const& about, desk_deed what) {
    auto& here = with_.here;
    auto const question = ++asked_;
    asked_at_ = here.clock.now();
    here.note(who_.value + " " + about);
    auto answered = [this, question, about](app::desk::answer const& said) {
        heard_ = question;
        auto const text = !said           ? std::string_view("away")
                          : said->refused ? to_text(*said->refused)
                                          : std::string_view("yes");
        with_.here.note(fmt::format("{} {}: {}", who_.value, about, text));
    };
    if (here.chance.percent(25))
        with_.elsewhere.command(std::move(what), std::move(answered));
    else
        with_.at.command(std::move(what), std::move(answered));
}

// ---------------------------------------------------------------- as it should be

bool seat::tend_anything() {
    auto const& t = with_.here.record.holds();
    for (auto const& [id, a] : t.alerts)
        if (is_open(a) && tend_alert(a)) return true;
    for (auto const& [id, r] : t.requests) {
        if (r.state == domain::request_state::closed) continue;
        tell("rings back",
             [id = id, who = who_](app::desk& d) { return d.ring_back(id, who, "done"); });
        return true;
    }
    for (auto const& [id, o] : t.orders)
        if (is_open(o) && tend_order(o)) return true;
    return false;
}

// Somebody has reached the door, or nobody need go.
bool seat::may_close(domain::alert const& a) const {
    for (auto const& [id, o] : with_.here.record.holds().orders)
        if (o.alert == a.id && is_before_arrival(o.state)) return false;
    return true;
}

bool seat::tend_alert(domain::alert const& a) {
    auto const name = to_string(a.about);
    bool const mine = a.holder == who_;
    if (a.state == alert_state::raised || (mine && a.acknowledge_by)) {
        tell("claims " + name, [id = a.id, who = who_](app::desk& d) { return d.claim(id, who); });
        return true;
    }
    if (!mine) return false;
    if (may_close(a)) {
        tell("closes " + name, [id = a.id, who = who_](app::desk& d) {
            return d.close(id, who, domain::disposition::helped, "well again");
        });
        return true;
    }
    if (!a.claimed_until || *a.claimed_until > with_.here.clock.now() + seconds(300)) return false;
    tell("notes " + name,
         [id = a.id, who = who_](app::desk& d) { return d.note(id, who, "on the way"); });
    return true;
}

// For so long nobody but the house has had anything to say about it.
bool seat::is_stale(domain::order const& o, domain::duration since) const {
    auto const& lines = with_.here.record.holds().log.at(o.id.value);
    auto const said = std::find_if(lines.rbegin(), lines.rend(), [](auto const& each) {
        return each.what.line.by.kind != domain::actor_kind::house;
    });
    auto const at = said == lines.rend() ? o.opened_at : said->what.line.at;
    return with_.here.clock.now() - at > since;
}

bool seat::tend_order(domain::order const& o) {
    switch (o.state) {
    case order_state::completed:
        tell("follows up " + o.number,
             [id = o.id, who = who_](app::desk& d) { return d.follow_up(id, who, 5, "thankful"); });
        return true;
    case order_state::stood_down:
        if (!is_stale(o, seconds(100))) return false;
        return speak_for(o, reply_kind::stood_down), true;
    case order_state::arrived:
    case order_state::in_service:
    case order_state::no_access:
        if (!is_stale(o, seconds(1'100))) return false;
        return speak_for(o, reply_kind::completed), true;
    default:
        return false;
    }
}

// What the worker says on the telephone.
void seat::speak_for(domain::order const& o, reply_kind kind) {
    if (!o.held_by) return;
    tell(fmt::format("writes {} for {} on {}", to_text(kind), o.worker.value, o.number),
         [offer = *o.held_by, provider = o.provider, worker = o.worker, who = who_, kind](
             app::desk& d) { return d.reply_for(offer, provider, worker, who, kind, "said so"); });
}

// ---------------------------------------------------------------- as it may be

void seat::dabble() {
    auto& here = with_.here;
    auto const& t = here.record.holds();
    if (here.chance.percent(60)) {
        if (auto const* a = any_open(t.alerts, here.chance)) dabble_with(*a);
        return;
    }
    if (here.chance.percent(70)) {
        if (auto const* o = any_open(t.orders, here.chance)) dabble_with(*o);
        return;
    }
    for (auto const& [id, r] : t.requests)
        if (r.state == domain::request_state::open)
            return tell("rings back",
                        [id = id, who = who_](app::desk& d) { return d.ring_back(id, who, ""); });
}

void seat::dabble_with(domain::alert const& a) {
    auto& here = with_.here;
    auto const name = to_string(a.about);
    auto const id = a.id;
    auto const who = who_;
    auto const drawn = here.chance.below(100);
    if (drawn < 35)
        return tell("claims " + name, [id, who](app::desk& d) { return d.claim(id, who); });
    if (drawn < 50)
        return tell("notes " + name, [id, who](app::desk& d) { return d.note(id, who, "hm"); });
    if (drawn < 65)
        return tell("handles " + name, [id, who](app::desk& d) { return d.handle(id, who); });
    if (drawn < 72)
        return tell("releases " + name, [id, who](app::desk& d) { return d.release(id, who); });
    if (drawn < 90)
        return tell("closes " + name, [id, who](app::desk& d) {
            return d.close(id, who, domain::disposition::false_alarm, "老人说按错了");
        });
    if (drawn < 94)
        return tell("takes over " + name,
                    [id, who](app::desk& d) { return d.take_over(id, who, "he is asleep"); });
    if (drawn < 97)
        return tell("hands over " + name, [id, who](app::desk& d) {
            return d.hand_over(id, who, {who.value == "o0" ? "o1" : "o0"},
                               "see whether she sleeps");
        });
    tell("is shown " + name, [id, who](app::desk& d) { return d.shown(id, who); });
}

void seat::dabble_with(domain::order const& o) {
    static std::vector<reply_kind> const sayings{
        reply_kind::accept,    reply_kind::decline,   reply_kind::en_route,
        reply_kind::arrived,   reply_kind::no_access, reply_kind::started,
        reply_kind::completed, reply_kind::failed,    reply_kind::stood_down};
    auto& here = with_.here;
    auto const drawn = here.chance.below(100);
    if (drawn < 20)
        return tell("cancels " + o.number, [id = o.id, who = who_](app::desk& d) {
            return d.cancel(id, who, "not_needed");
        });
    if (drawn < 50)
        return tell("follows up " + o.number, [id = o.id, who = who_](app::desk& d) {
            return d.follow_up(id, who, std::nullopt, "");
        });
    if (drawn < 80) return speak_for(o, here.chance.pick(sayings));
    auto const& workers = here.record.town().workers;
    if (drawn >= 90 || workers.empty()) return;
    auto const& worker = here.chance.pick(workers).id;
    tell("chooses " + worker.value + " for " + o.number,
         [id = o.id, who = who_, worker](app::desk& d) { return d.offer_to(id, who, worker); });
}

} // namespace linli::simulation
