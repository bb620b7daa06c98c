#include "simulation/seat.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/core.h>

namespace linli::simulation {

namespace {

using domain::alert_state;
using domain::order_state;
using domain::reply_kind;
using domain::seconds;

constexpr seconds answer_takes_at_most{20};

constexpr std::array endings{domain::disposition::helped,
                             domain::disposition::helped,
                             domain::disposition::false_alarm,
                             domain::disposition::sent_to_hospital,
                             domain::disposition::death,
                             domain::disposition::refused_help,
                             domain::disposition::handed_to_family,
                             domain::disposition::hazard_removed,
                             domain::disposition::test,
                             domain::disposition::device_fault,
                             domain::disposition::wrong_person,
                             domain::disposition::safeguarding,
                             domain::disposition::no_contact_visited};

// All that is open has a due time.
template <class Rows, class Id>
auto const* any_open(Rows const& rows, tests::due_index<Id> const& by_time, dice& chance) {
    if (by_time.empty()) return static_cast<typename Rows::mapped_type const*>(nullptr);
    auto at = by_time.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(chance.below(by_time.size())));
    return &rows.at(at->second);
}

// As the door of the pages does.
runtime::task<answer> complain_of(services& at, domain::order_id of, domain::operator_id who) {
    auto const about = co_await at.complaints_kept.order(of);
    if (!about) co_return about.error();
    app::verdict said;
    said.refused = domain::refusal::unknown;
    if (!*about) co_return said;
    domain::complaint what;
    what.kind = domain::complaint_kind::late;
    what.order = of;
    what.written_by = who;
    what.words = "she waited for an hour";
    auto const written = co_await at.complaints.write(std::move(what), **about);
    if (!written) co_return written.error();
    said.refused.reset();
    co_return said;
}

runtime::task<answer> locate(services& at, domain::device_id device, domain::operator_id who) {
    domain::device_command what;
    auto const now = at.clock.now();
    what.id = at.ids.make<domain::command_id>(now);
    what.device = std::move(device);
    what.asked_by = std::move(who);
    what.asked_at = now;
    what.expires_at = now + domain::useful_for(what.kind);
    auto const known = co_await at.commands.ask(what);
    if (!known) co_return known.error();
    app::verdict said;
    if (!*known) said.refused = domain::refusal::unknown;
    co_return said;
}

// Her page shows what came of it, and that is all.
runtime::task<answer> dial_for_her(services& at, app::dialling what) {
    auto const said = co_await at.dialler.dial(std::move(what));
    static_cast<void>(said);
    co_return app::verdict{};
}

} // namespace

void seat::begin() {
    auto& here = with_.here;
    auto const pause = here.now.helpful ? here.chance.between(seconds(1), seconds(6))
                                        : here.chance.between(seconds(1), seconds(12));
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

void seat::tell(std::string const& about, deed what) {
    auto& here = with_.here;
    auto const question = ++asked_;
    asked_at_ = here.clock.now();
    here.note(who_.value + " " + about);
    auto said_so = [this, question, about](answer const& said) {
        heard_ = question;
        if (said && said->set_aside) with_.here.broken("set aside: " + about);
        if (said && said->refused) with_.here.seen.refusals.add(*said->refused);
        if (!with_.here.tells()) return;
        auto const text = !said           ? std::string_view("away")
                          : said->refused ? to_text(*said->refused)
                                          : std::string_view("yes");
        with_.here.note(fmt::format("{} {}: {}", who_.value, about, text));
    };
    if (here.chance.percent(25))
        with_.elsewhere(std::move(what), std::move(said_so));
    else
        with_.at(std::move(what), std::move(said_so));
}

// ---------------------------------------------------------------- as it should be

bool seat::tend_anything() {
    auto const& t = with_.here.record.holds();
    for (auto const& [when, id] : t.due_alerts)
        if (tend_alert(t.alerts.at(id))) return true;
    for (auto const& [id, each] : with_.here.calls.all())
        if (tend_call(each.what)) return true;
    for (auto const& [id, each] : with_.here.complaints.all())
        if (tend_complaint(each)) return true;
    for (auto const& [when, id] : t.due_requests)
        if (tend_request(t.requests.at(id))) return true;
    for (auto const& [when, id] : t.due_orders)
        if (tend_order(t.orders.at(id))) return true;
    return false;
}

// An installation ends by its order: if that has failed, there is another, or she gives it up.
bool seat::tend_request(domain::request const& r) {
    if (!is_installation(r.about)) {
        tell("rings back",
             [id = r.id, who = who_](services& at) { return at.desk.ring_back(id, who, "done"); });
        return true;
    }
    auto const& t = with_.here.record.holds();
    auto const visits = t.orders_for.find(r.id.value);
    bool const goes_on = visits != t.orders_for.end() &&
                         std::any_of(visits->second.begin(), visits->second.end(),
                                     [&](auto const& id) { return is_open(t.orders.at(id)); });
    if (goes_on) return false;
    auto const device = domain::installed_device(r.about);
    if (with_.here.chance.percent(30)) {
        tell("gives up the installation of " + device.value, [id = r.id, who = who_](services& at) {
            return at.desk.ring_back(id, who, "he wants it no more");
        });
        return true;
    }
    tell("orders the visit for " + device.value + " again",
         [device, who = who_](services& at) { return at.desk.install(device, who); });
    return true;
}

bool seat::tend_complaint(domain::complaint const& c) {
    auto const id = c.id;
    domain::complaint_answerer const me{who_, {}};
    if (c.state == domain::complaint_state::accepted) return false;
    if (c.state == domain::complaint_state::open)
        tell("answers a complaint",
             [id, me](services& at) { return at.complaints.reply(id, me, "we are sorry"); });
    else
        tell("writes that the answer is accepted",
             [id, me](services& at) { return at.complaints.accept(id, me, "she is content"); });
    return true;
}

bool seat::tend_call(domain::call const& c) {
    bool const is_over = c.answered_at && c.ended_at;
    if (c.outcome || !is_over) return false;
    tell("says what came of " + c.name, [id = c.id, who = who_](services& at) {
        return at.calls.no_case(id, who, domain::no_case_reason::answered_by_words,
                                "wanted to know the time");
    });
    return true;
}

// Somebody has reached the door, or nobody need go.
bool seat::may_close(domain::alert const& a) const {
    auto const& t = with_.here.record.holds();
    auto const orders = t.orders_for.find(a.id.value);
    return orders == t.orders_for.end() ||
           std::none_of(orders->second.begin(), orders->second.end(),
                        [&](auto const& id) { return is_before_arrival(t.orders.at(id).state); });
}

bool seat::tend_alert(domain::alert const& a) {
    auto const name = to_string(a.about);
    bool const mine = a.holder == who_;
    if (a.state == alert_state::raised || (mine && a.acknowledge_by)) {
        tell("claims " + name,
             [id = a.id, who = who_](services& at) { return at.desk.claim(id, who); });
        return true;
    }
    if (!mine) return false;
    if (may_close(a)) {
        auto const outcome = endings[with_.here.chance.below(endings.size())];
        tell("closes " + name, [id = a.id, who = who_, outcome](services& at) {
            return at.desk.close(id, who, outcome, "well again");
        });
        return true;
    }
    if (!a.claimed_until || *a.claimed_until > with_.here.house_now() + seconds(300)) return false;
    tell("notes " + name,
         [id = a.id, who = who_](services& at) { return at.desk.note(id, who, "on the way"); });
    return true;
}

// For so long nobody but the house has had anything to say about it.
bool seat::is_stale(domain::order const& o, domain::duration since) const {
    auto const& lines = with_.here.record.holds().log.at(o.id.value);
    auto const said = std::find_if(lines.rbegin(), lines.rend(), [](auto const& each) {
        return each.what.line.by.kind != domain::actor_kind::house;
    });
    auto const at = said == lines.rend() ? o.opened_at : said->what.line.at;
    return with_.here.house_now() - at > since;
}

bool seat::tend_order(domain::order const& o) {
    switch (o.state) {
    case order_state::completed:
        tell("follows up " + o.number, [id = o.id, who = who_](services& at) {
            return at.desk.follow_up(id, who, 5, "thankful");
        });
        return true;
    case order_state::stood_down:
        if (!is_stale(o, seconds(100))) return false;
        return speak_for(o, reply_kind::stood_down), true;
    case order_state::arrived:
    case order_state::in_service:
    case order_state::no_access:
        if (!is_stale(o, seconds(1'100))) return false;
        // One whose device no desk has heard can't be done.
        return speak_for(o, is_installation(o.about) && with_.here.chance.percent(50)
                                ? reply_kind::failed
                                : reply_kind::completed),
               true;
    case order_state::unfilled:
        return o.booked && tend_unfilled(o);
    default:
        return false;
    }
}

// Of an alert's the house asks again by itself; a booking past its window waits for a word.
bool seat::tend_unfilled(domain::order const& o) {
    if (with_.here.house_now() < o.booked->until) return false;
    if (with_.here.chance.percent(30)) return move(o), true;
    tell("cancels " + o.number,
         [id = o.id, who = who_](services& at) { return at.desk.cancel(id, who, "nobody_free"); });
    return true;
}

// What the worker says on the telephone.
void seat::speak_for(domain::order const& o, reply_kind kind) {
    if (!o.held_by) return;
    tell(fmt::format("writes {} for {} on {}", to_text(kind), o.worker.value, o.number),
         [offer = *o.held_by, provider = o.provider, worker = o.worker, who = who_,
          kind](services& at) {
             return at.desk.reply_for(offer, provider, worker, who, kind, "said so");
         });
}

// ---------------------------------------------------------------- as it may be

void seat::dabble() {
    auto& here = with_.here;
    auto const& t = here.record.holds();
    auto const drawn = here.chance.below(100);
    if (drawn < 55) {
        if (auto const* a = alert_to_see_to()) dabble_with(*a);
        return;
    }
    if (drawn < 80) {
        if (auto const* o = any_open(t.orders, t.due_orders, here.chance)) dabble_with(*o);
        return;
    }
    if (drawn < 84) {
        if (auto const* r = any_open(t.requests, t.due_requests, here.chance))
            tell("rings back",
                 [id = r->id, who = who_](services& at) { return at.desk.ring_back(id, who, ""); });
        return;
    }
    if (drawn < 89) {
        auto const& calls = here.calls.all();
        if (!calls.empty()) dabble_with(calls.rbegin()->second.what);
        return;
    }
    begin_something();
}

// What another one has handed to her, else any.
domain::alert const* seat::alert_to_see_to() {
    auto const& t = with_.here.record.holds();
    for (auto const& [when, id] : t.due_alerts)
        if (t.alerts.at(id).handed_to == who_) return &t.alerts.at(id);
    return any_open(t.alerts, t.due_alerts, with_.here.chance);
}

void seat::dabble_with(domain::alert const& a) {
    auto& here = with_.here;
    auto const name = to_string(a.about);
    auto const id = a.id;
    auto const who = who_;
    constexpr std::uint64_t claims = 35; // of a hundred; who holds it has other things to do
    auto const drawn = a.handed_to == who ? 0
                       : a.holder == who  ? claims + here.chance.below(100 - claims)
                                          : here.chance.below(100);
    if (drawn < claims)
        return tell("claims " + name, [id, who](services& at) { return at.desk.claim(id, who); });
    if (drawn < 42)
        return tell("notes " + name,
                    [id, who](services& at) { return at.desk.note(id, who, "hm"); });
    if (drawn < 48)
        return tell("lays aside " + name, [id, who](services& at) {
            return at.desk.shelve(id, who, seconds(120), "she is at the doctor's");
        });
    if (drawn < 52)
        return tell("has rung " + name, [id, who](services& at) {
            return at.desk.done_as_asked(id, who, domain::ask::ring_back, "she answers");
        });
    if (drawn < 65)
        return tell("handles " + name, [id, who, signals = a.signals](services& at) {
            return at.desk.handle(id, who, signals);
        });
    if (drawn < 72)
        return tell("releases " + name,
                    [id, who](services& at) { return at.desk.release(id, who); });
    if (drawn < 90) {
        auto const outcome = endings[here.chance.below(endings.size())];
        auto const words = std::string(here.chance.percent(85) ? "老人说按错了" : "");
        // She may not have seen the newest press.
        auto const seen = a.signals - (a.signals > 1 && here.chance.percent(20) ? 1U : 0U);
        return tell("closes " + name, [id, who, outcome, words, seen](services& at) {
            return at.desk.close(id, who, outcome, words, seen);
        });
    }
    if (drawn < 92)
        return tell("takes over " + name,
                    [id, who](services& at) { return at.desk.take_over(id, who, "he is asleep"); });
    if (drawn < 97)
        return tell("hands over " + name, [id, who](services& at) {
            return at.desk.hand_over(id, who, {who.value == "o2" ? "o1" : "o2"},
                                     "see whether she sleeps");
        });
    tell("is shown " + name, [id, who](services& at) { return at.desk.shown(id, who); });
}

void seat::dabble_with(domain::order const& o) {
    static std::vector<reply_kind> const sayings{
        reply_kind::accept,    reply_kind::decline,   reply_kind::en_route,
        reply_kind::arrived,   reply_kind::no_access, reply_kind::started,
        reply_kind::completed, reply_kind::failed,    reply_kind::stood_down};
    auto& here = with_.here;
    auto const drawn = here.chance.below(100);
    if (o.booked && drawn < 50) return move(o);
    if (drawn < 20)
        return tell("cancels " + o.number, [id = o.id, who = who_](services& at) {
            return at.desk.cancel(id, who, "not_needed");
        });
    if (drawn < 50)
        return tell("follows up " + o.number, [id = o.id, who = who_](services& at) {
            return at.desk.follow_up(id, who, std::nullopt, "");
        });
    if (drawn < 80) return speak_for(o, here.chance.pick(sayings));
    auto const& workers = here.record.town().workers;
    if (drawn >= 90 || workers.empty()) return;
    auto const& worker = here.chance.pick(workers).id;
    tell("chooses " + worker.value + " for " + o.number,
         [id = o.id, who = who_, worker](services& at) {
             return at.desk.offer_to(id, who, worker);
         });
}

void seat::dabble_with(domain::call const& c) {
    auto& here = with_.here;
    auto const id = c.id;
    auto const who = who_;
    auto const drawn = here.chance.below(100);
    if (drawn < 30)
        return tell("makes an alert of " + c.name,
                    [id, who](services& at) { return at.calls.open_alert(id, who, {}); });
    if (drawn < 60)
        return tell("makes a request of " + c.name,
                    [id, who](services& at) { return at.calls.open_request(id, who, {}); });
    if (drawn < 80) {
        auto const& t = here.record.holds();
        auto const* a = any_open(t.alerts, t.due_alerts, here.chance);
        if (!a) return;
        return tell("joins " + c.name + " to an alert", [id, who, alert = a->id](services& at) {
            return at.calls.join(id, who, alert);
        });
    }
    tell("says that " + c.name + " was nothing", [id, who](services& at) {
        return at.calls.no_case(id, who, domain::no_case_reason::silent, "");
    });
}

// ---------------------------------------------------------------- what a desk begins

domain::resident_id seat::any_resident() {
    auto const& all = with_.here.record.town().residents;
    return with_.here.chance.pick(all).id;
}

domain::device_id seat::any_worn_device() {
    auto const& r = with_.here.chance.pick(with_.here.record.town().residents);
    return r.devices.empty() ? domain::device_id{"loose1"} : r.devices.front();
}

void seat::begin_something() {
    if (with_.here.speaks && with_.here.chance.percent(15)) return dial();
    auto const drawn = with_.here.chance.below(100);
    if (drawn < 35) return book();
    if (drawn < 50) return begin_drill();
    if (drawn < 60) return install();
    if (drawn < 75) return complain();
    ask_a_device();
}

void seat::book() {
    auto& chance = with_.here.chance;
    app::book_service what;
    what.event = domain::make_booking_event(who_.value + '-' + std::to_string(++count_));
    what.resident = any_resident();
    what.what.code = {"meal"};
    what.from = with_.here.house_now() + chance.between(seconds(60), seconds(1'800));
    what.until = what.from + seconds(1'800);
    what.words = "no coriander";
    what.who = who_;
    auto const& t = with_.here.record.holds();
    if (auto const* r = any_open(t.requests, t.due_requests, chance); r && chance.percent(40))
        what.request = r->id;
    tell("books for " + what.resident.value, [what](services& at) { return at.desk.book(what); });
}

void seat::move(domain::order const& o) {
    app::move_booking what;
    what.id = o.id;
    what.who = who_;
    what.from = with_.here.house_now() + seconds(900);
    what.until = what.from + seconds(1'800);
    what.why = "she is out";
    tell("moves " + o.number, [what](services& at) { return at.desk.move(what); });
}

void seat::begin_drill() {
    auto const device = any_worn_device();
    auto const kind =
        with_.here.chance.percent(50) ? domain::alert_kind::sos : domain::alert_kind::fall;
    tell("drills " + device.value,
         [device, kind, who = who_](services& at) { return at.desk.drill(device, kind, who); });
}

void seat::complain() {
    auto const& orders = with_.here.record.holds().orders;
    auto const& complaints = with_.here.complaints.all();
    if (!complaints.empty() && with_.here.chance.percent(60)) {
        tend_complaint(complaints.rbegin()->second);
        return;
    }
    if (orders.empty()) return;
    tell("writes down a complaint", [of = orders.rbegin()->first, who = who_](services& at) {
        return complain_of(at, of, who);
    });
}

void seat::ask_a_device() {
    // An impatient person asks for the same one again.
    auto const& asked = with_.here.commands.all();
    bool const again = !asked.empty() && with_.here.chance.percent(50);
    auto const device = again ? asked.rbegin()->second.device : any_worn_device();
    tell("asks where a watch is",
         [device, who = who_](services& at) { return locate(at, device, who); });
}

// About an alert that is open, somebody who is told of it.
void seat::dial() {
    auto& here = with_.here;
    auto const& t = here.record.holds();
    auto const* a = any_open(t.alerts, t.due_alerts, here.chance);
    auto const& contacts = here.deliveries.contacts;
    if (!a || contacts.empty()) return;
    app::dialling what;
    what.key = who_.value + "-dials-" + std::to_string(++count_);
    what.seat = who_;
    what.number = here.chance.pick(contacts).phone;
    what.reference = to_string(a->id);
    here.saw(rare::seat_dials);
    tell("dials " + what.number, [what](services& at) { return dial_for_her(at, what); });
}

void seat::install() {
    auto const device = any_worn_device();
    tell("orders " + device.value + " into its home",
         [device, who = who_](services& at) { return at.desk.install(device, who); });
}

} // namespace linli::simulation
