#include "app/telling.hpp"

#include <algorithm>
#include <utility>

#include "domain/staff_reference.hpp"
#include "runtime/log.hpp"

namespace linli::app {

namespace log = runtime::log;
using lane = delivery_record::lane;

namespace {

constexpr std::string_view people_prefix = "people:";
constexpr std::size_t most_unopened = 20'000; // in memory; the outbox holds the rest
constexpr std::size_t most_emergencies = 500; // in flight; the record holds the rest
constexpr std::size_t most_ordinary = 24;
constexpr int ordinary_at_once = 16; // a new P1 waits for no more look-ups than these
constexpr int forgotten_at_once = 1000;
constexpr domain::hours forget_every{1};
constexpr int lines_at_once = 50;
constexpr std::chrono::milliseconds lines_apart{100}; // a storm's lines go together
constexpr domain::seconds look_every{1};              // for another server's, and what it left

bool is_emergency(domain::delivery const& d) {
    return d.about.level == domain::priority::p1;
}

bool is_for_staff(domain::notice const& about) {
    return about.to == domain::audience::shift_leader || about.to == domain::audience::duty_phone;
}

// Somebody of the house shall take it.
bool asks_for_somebody(domain::notice const& about) {
    bool const rings = about.why == domain::notice_reason::unanswered ||
                       about.why == domain::notice_reason::second_alert;
    return rings && is_for_staff(about);
}

// Waited through somebody's night, and is over: nobody wants to hear that it began. And nobody
// hears it after he was told its end, however long his messages took; nor that an emergency wants
// somebody which by now has one. The house itself hears nothing more of what is over: who was never
// told of it is told of no end.
bool is_overtaken(domain::delivery const& d, address_card const& card) {
    if (d.about.why == domain::notice_reason::ended) return false;
    if (is_for_staff(d.about) && card.alert_is_closed) return true;
    if (asks_for_somebody(d.about) && card.somebody_has_it) return true;
    return card.end_was_told || (card.alert_is_closed && !is_emergency(d) && d.attempts <= 1);
}

bool is_by_telephone(domain::channel by) {
    return by == domain::channel::voice || by == domain::channel::sms;
}

// The installation's own.
bool is_own_phone(std::string const& who) {
    return who == domain::staff_reference(domain::audience::duty_phone, {});
}

bool has_address(domain::channel by, address_card const& card) {
    switch (by) {
    case domain::channel::voice:
    case domain::channel::sms:
        return !card.phone.empty();
    case domain::channel::email:
        return !card.email.empty();
    case domain::channel::webhook:
        return true;
    }
    return false;
}

// Why it is not sent at all, and whether another channel would do.
struct objection {
    std::string reason;
    bool to_all_channels = false;
};

std::optional<objection> objection_to(domain::delivery const& d, address_card const& card) {
    if (!card.may_be_told) return objection{"not_to_be_told", true};
    if (is_overtaken(d, card)) return objection{"overtaken", true};
    if (!has_address(d.by, card)) return objection{"no_address", false};
    return std::nullopt;
}

} // namespace

void telling::enqueue(std::vector<outbox_row> const& rows) {
    for (auto const& row : rows)
        if (row.destination.starts_with(people_prefix)) take_in(row, {});
}

void telling::send(outbox_row const& row, std::function<void(bool)> done) {
    take_in(row, std::move(done));
}

void telling::take_in(outbox_row const& row, std::function<void(bool)> done) {
    auto const what = with_.read(row.payload);
    if (!what) {
        log::error("notice_unreadable", {{"row", to_string(row.id)}});
        if (done) done(true);
        return;
    }
    if (fresh_.size() >= most_unopened) {
        if (done) done(false);
        return;
    }
    auto& mine = fresh_[{what->level, row.id}];
    mine.what = *what;
    if (done) mine.when_done.push_back(std::move(done));
    look_soon();
}

void telling::look_soon() {
    look_ = true;
    bell_.ring();
}

void telling::look_no_later_than(domain::instant due) {
    next_look_ = std::min(next_look_, due);
}

runtime::task<void> telling::run() {
    for (;;) {
        if (is_time_to_look() || !fresh_.empty() || !endings_.empty()) {
            look_ = false;
            next_look_ = with_.time.now() + look_every;
            auto more = co_await do_some();
            if (more) look_ = true;
            if (more) continue;
            co_await look_at_waiting();
        }
        if (look_) continue; // somebody came meanwhile
        auto const next = std::max(next_look_, with_.time.now() + std::chrono::milliseconds(1));
        co_await with_.time.wait_until(next, bell_);
    }
}

// P1 first, again and again: what is ordinary goes in small steps between.
runtime::task<bool> telling::do_some() {
    record_answers_ = true;
    auto const opened = co_await open_one();
    auto const urgent = co_await begin(lane::emergency);
    auto const held = co_await send_held();
    auto const settled = co_await settle();
    auto const others = co_await begin(lane::ordinary);
    catching_up_ = catching_up_ && (urgent || others || !record_answers_);
    co_return opened || urgent || held || settled || others;
}

runtime::task<void> telling::look_at_waiting() {
    auto const now = with_.time.now();
    auto found = co_await with_.keeper.waiting(now);
    if (found) waiting_ = *found;
}

// ------------------------------------------------------------------ from a notice to its people

// True when there is more to open. While the database is away it stays, and so does its row.
runtime::task<bool> telling::open_one() {
    if (fresh_.empty()) co_return false;
    auto const key = fresh_.begin()->first;
    auto const what = fresh_.begin()->second.what;
    auto done = co_await open(key.second, what);
    bool const is_away = !done && done.error() != record_errc::bad_data;
    if (!done && !is_away) log::error("notice_set_aside", {{"row", to_string(key.second)}});
    auto const at = fresh_.find(key);
    auto const told = std::move(at->second.when_done);
    at->second.when_done.clear();
    if (!is_away) fresh_.erase(at);
    bool const is_opened = static_cast<bool>(done); // else its row stays, for whoever mends it
    for (auto const& tell : told)
        tell(is_opened);
    log_waits_ = true;
    log_bell_.ring();
    co_return !is_away;
}

runtime::task<record_result<void>> telling::open(domain::uuid notice, domain::notice what) {
    auto people = co_await people_of(what);
    if (!people) co_return people.error();
    auto const fresh = deliveries_for(notice, what, *people);
    auto done = co_await with_.keeper.expand(notice, fresh);
    co_return done;
}

runtime::task<record_result<std::vector<person>>> telling::people_of(domain::notice const& what) {
    std::vector<person> nobody;
    if (what.to == domain::audience::alarm_hook) {
        if (with_.to.carries(domain::channel::webhook))
            nobody.push_back({"alarm_hook", {domain::channel::webhook}, {}, true});
        co_return nobody;
    }
    auto found = co_await with_.keeper.people(what);
    bool const falls_back = found && found->empty() && !how_.duty_phone.empty() &&
                            what.to == domain::audience::duty_phone &&
                            what.why != domain::notice_reason::ended;
    if (falls_back)
        found->push_back({domain::staff_reference(domain::audience::duty_phone, {}),
                          {domain::channel::voice, domain::channel::sms},
                          {},
                          true});
    co_return found;
}

std::vector<domain::delivery> telling::deliveries_for(domain::uuid const& notice,
                                                      domain::notice const& what,
                                                      std::vector<person> const& people) {
    auto const now = with_.time.now();
    std::vector<domain::delivery> all;
    domain::delivery blank;
    blank.notice = notice;
    blank.about = what;
    blank.since = now;
    for (auto const& each : people) {
        if (what.why == domain::notice_reason::ended && !each.told_before) continue;
        blank.id = with_.ids.make<domain::delivery_id>(now);
        all.push_back(first_for(blank, each));
    }
    // The record shall say so, but not that nobody heard the end of what nobody heard of.
    if (people.empty() && what.to != domain::audience::alarm_hook &&
        what.why != domain::notice_reason::ended) {
        blank.id = with_.ids.make<domain::delivery_id>(now);
        blank.who = to_text(what.to);
        blank.state = domain::delivery_state::failed;
        blank.reason = "nobody";
        all.push_back(blank);
    }
    return all;
}

domain::delivery telling::first_for(domain::delivery blank, person const& who) {
    blank.who = who.who;
    blank.number = who.number;
    for (auto const way : who.ways) // each once: the record takes a channel of a notice once
        if (with_.to.carries(way) && !std::ranges::count(blank.others, way))
            blank.others.push_back(way);
    if (blank.others.empty()) {
        blank.state = domain::delivery_state::failed;
        blank.reason = "no_channel";
        return blank;
    }
    blank.by = blank.others.front();
    blank.others.erase(blank.others.begin());
    blank.since = first_time(who.quiet, blank.about.level, blank.since, how_.utc_offset);
    blank.due_at = blank.since;
    return blank;
}

// ------------------------------------------------------------------ from a delivery to its sending

std::size_t telling::places(lane which) const {
    bool const urgent = which == lane::emergency;
    auto const taken = static_cast<std::size_t>(
        std::count_if(in_flight_.begin(), in_flight_.end(),
                      [&](auto const& each) { return is_emergency(each.second) == urgent; }));
    auto const most = urgent ? most_emergencies : most_ordinary;
    return most - std::min(most, taken);
}

// True when there may be more of them.
runtime::task<bool> telling::begin(lane which) {
    auto const free = static_cast<int>(places(which));
    auto const limit = which == lane::emergency ? free : std::min(free, ordinary_at_once);
    if (limit == 0) co_return false;
    auto const now = with_.time.now();
    auto const due = catching_up_ ? now + how_.lease : now;
    auto const lease = now + how_.lease - due; // from then on: no longer than if it were now
    auto taken = co_await with_.keeper.take(which, due, lease, limit);
    // Away, it may have taken some, and nobody would look at them before their lease ends. What it
    // can't read it will not read any better at once.
    bool const is_away = !taken && taken.error() != record_errc::bad_data;
    if (is_away) {
        record_answers_ = false;
        catching_up_ = true;
    }
    if (!taken) co_return false;
    for (auto const& each : *taken)
        if (!in_flight_.contains(each.id)) co_await send_one(each);
    co_return taken->size() == static_cast<std::size_t>(limit);
}

runtime::task<void> telling::send_one(domain::delivery what) {
    in_flight_[what.id] = what;
    auto const card = co_await card_of(what);
    if (goes_no_further(what, card) || is_held(what, *card)) co_return;
    carry(letter_for(what, *card), {what.id});
}

// True: that is its end, or it is tried again later.
bool telling::goes_no_further(domain::delivery const& what,
                              record_result<address_card> const& card) {
    if (!card) {
        went(what.id, {domain::sending::unreachable, "record_away"});
        return true;
    }
    auto const no = objection_to(what, *card);
    if (!no) return false;
    if (no->to_all_channels) in_flight_[what.id].others.clear();
    went(what.id, {domain::sending::refused, no->reason});
    return true;
}

bool telling::is_held(domain::delivery const& what, address_card const& card) {
    if (!is_for_staff(what.about) || !is_by_telephone(what.by)) return false;
    auto const now = with_.time.now();
    auto& line = lines_[{card.phone, what.by, what.about.why}];
    if (line.rings_alone(now)) return false;
    line.hold(what.id, now);
    return true;
}

// True when somebody was.
runtime::task<bool> telling::send_held() {
    auto const now = with_.time.now();
    std::vector<std::vector<domain::delivery_id>> due;
    for (auto& [key, line] : lines_)
        if (auto some = line.take_due(now, most_emergencies); !some.empty())
            due.push_back(std::move(some));
    std::erase_if(lines_, [&](auto const& each) { return each.second.is_quiet(now); });
    for (auto const& each : due)
        co_await send_together(each);
    co_return !due.empty();
}

// But for those that somebody has taken meanwhile.
runtime::task<void> telling::send_together(std::vector<domain::delivery_id> ids) {
    std::vector<domain::delivery> all;
    std::vector<domain::delivery_id> told;
    address_card last;
    for (auto const& id : ids) {
        auto const what = in_flight_.at(id);
        auto const card = co_await card_of(what);
        if (goes_no_further(what, card)) continue;
        all.push_back(what);
        told.push_back(id);
        last = *card;
    }
    if (!all.empty()) carry(letter_for(all, last), std::move(told));
}

void telling::carry(letter text, std::vector<domain::delivery_id> ids) {
    with_.to.carry(std::move(text), [this, ids = std::move(ids)](carried what) {
        for (auto const& id : ids)
            went(id, what);
    });
}

// The installation's own telephone is no secret of the record: it rings also when that is away.
runtime::task<record_result<address_card>> telling::card_of(domain::delivery const& what) {
    address_card own;
    own.may_be_told = true;
    if (what.about.to == domain::audience::alarm_hook) co_return own;
    auto found = co_await with_.keeper.card(what);
    if (!is_own_phone(what.who)) co_return found;
    if (found) own = std::move(*found);
    own.may_be_told = true;
    own.phone = how_.duty_phone;
    co_return own;
}

letter telling::letter_for(domain::delivery const& what, address_card const& card) {
    auto const& about = what.about;
    said const with{card.resident_name, about.site.empty() ? about.area.value : about.site.value,
                    how_.callback, how_.utc_offset};
    auto words = word_notice(with_.texts, card.language, about, with);
    return {.by = what.by,
            .key = to_string(what.id),
            .phone = card.phone,
            .email = card.email,
            .subject = std::move(words.subject),
            .text = std::move(words.text),
            .language = card.language,
            .about = about,
            .at = with_.time.now()};
}

// Where each is, as its area says: the desk's own would be the same for all. A key of its own,
// since those who are in it will hardly come together again.
letter telling::letter_for(std::vector<domain::delivery> const& all, address_card const& card) {
    auto text = letter_for(all.front(), card);
    if (all.size() == 1) return text;
    std::vector<std::string> places;
    for (auto each = all.begin() + 1; each != all.end(); ++each)
        places.push_back(each->about.area.empty() ? each->about.site.value
                                                  : each->about.area.value);
    text.text += word_others(with_.texts, card.language, places);
    text.key = to_string(with_.ids.next(with_.time.now()));
    return text;
}

void telling::went(domain::delivery_id const& id, carried what) {
    endings_.push_back({id, std::move(what)});
    look_soon();
}

// ------------------------------------------------------------------ what came of it

domain::delivery telling::by_next_channel(domain::delivery failed) {
    auto const now = with_.time.now();
    auto next = std::move(failed);
    next.id = with_.ids.make<domain::delivery_id>(now);
    next.by = next.others.front();
    next.others.erase(next.others.begin());
    next.state = domain::delivery_state::queued;
    next.reason.clear();
    next.attempts = 0;
    next.due_at = now;
    return next;
}

// They stay in flight until the record has them: else they would be sent again.
runtime::task<bool> telling::settle() {
    if (endings_.empty()) co_return false;
    auto const batch = std::exchange(endings_, {});
    std::vector<domain::delivery> changed;
    std::vector<domain::delivery> fresh;
    for (auto const& each : batch) {
        auto const& was = in_flight_.at(each.id);
        auto out = decide(was, each.what.how, each.what.reason, with_.time.now());
        if (out.next.due_at) look_no_later_than(*out.next.due_at);
        if (out.by_another) fresh.push_back(by_next_channel(out.next));
        changed.push_back(std::move(out.next));
    }
    auto done = co_await with_.keeper.settle(changed, fresh);
    if (!done) {
        endings_.insert(endings_.end(), batch.begin(), batch.end());
        co_return false;
    }
    for (auto const& each : changed) {
        in_flight_.erase(each.id);
        if (each.state == domain::delivery_state::failed)
            ++failed_;
        else if (each.state != domain::delivery_state::queued)
            ++sent_;
    }
    log_waits_ = true;
    log_bell_.ring();
    co_return true;
}

runtime::task<void> telling::keep_log() {
    for (;;) {
        log_waits_ = false;
        auto const written = co_await write_lines();
        if (written == lines_at_once) continue;
        auto const again = with_.time.now() + look_every;
        auto const soon = with_.time.now() + lines_apart;
        if (written > 0)
            co_await with_.time.wait_until(soon);
        else if (!log_waits_)
            co_await with_.time.wait_until(again, log_bell_);
    }
}

// Says how many. A crash between the two writes makes a line twice; it carries the delivery's id.
runtime::task<int> telling::write_lines() {
    auto ended = co_await with_.keeper.unlogged(lines_at_once);
    if (!ended || ended->empty()) co_return 0;
    std::vector<input> lines;
    std::vector<domain::delivery_id> ids;
    for (auto const& each : *ended) {
        lines.emplace_back(delivery_ended{each});
        ids.push_back(each.id);
    }
    auto done = co_await with_.log_to.run(std::move(lines));
    if (!done) co_return 0;
    auto kept = co_await with_.keeper.logged(ids);
    co_return kept ? static_cast<int>(ids.size()) : 0;
}

// Who was told by which channel is somebody's: it goes, a little at a time.
runtime::task<void> telling::forget_old() {
    for (;;) {
        auto const before = with_.time.now() - how_.keep_for;
        auto const gone = co_await with_.keeper.forget(before, forgotten_at_once);
        if (gone && *gone > 0) log::info("deliveries_forgotten", {{"count", *gone}});
        if (gone && *gone == static_cast<std::size_t>(forgotten_at_once)) continue;
        auto const again = with_.time.now() + forget_every;
        co_await with_.time.wait_until(again);
    }
}

} // namespace linli::app
