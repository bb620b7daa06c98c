#include "app/degraded_telling.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "domain/staff_reference.hpp"
#include "domain/triage.hpp"
#include "runtime/log.hpp"

namespace linli::app {

namespace log = runtime::log;
using domain::audience;
using domain::channel;

namespace {

constexpr std::chrono::milliseconds look_every{500};
constexpr std::size_t signals_at_once = 256;
constexpr int reads_a_look = 16; // then those that are due go out first
constexpr domain::seconds repeats_within{60};
constexpr domain::seconds repeats_wait{1};    // for what comes of the one before
constexpr std::size_t named_in_a_message = 8; // a voice reads them out
constexpr std::ptrdiff_t hooks_in_flight = 100;
constexpr domain::seconds hand_over_every{2};
constexpr domain::seconds again_after{60}; // when every channel has failed

domain::notice notice_of(domain::signal const& s, domain::alert_kind kind) {
    domain::notice n;
    n.event = s.event;
    n.why = domain::notice_reason::degraded;
    n.kind = kind;
    n.level = domain::priority::p1;
    n.at = s.received_at;
    return n;
}

waiting_emergency what_waits(domain::signal const& s, std::string rough_place, bool is_set_aside) {
    return {.device = s.device,
            .kind = s.kind,
            .received_at = s.received_at,
            .happened_at = s.happened_at,
            .rough_place = std::move(rough_place),
            .raw = s.raw,
            .is_set_aside = is_set_aside};
}

// As if its device had just said it. A fall is one as long as its wearer may cancel it.
domain::signal_kind said_of(domain::alert const& a) {
    bool const is_decided = a.state != domain::alert_state::pending;
    if (a.kind == domain::alert_kind::fall && is_decided)
        return domain::signal_kind::fall_confirmed;
    return domain::from_text<domain::signal_kind>(to_text(a.kind))
        .value_or(domain::signal_kind::sos);
}

bool is_for_a_telephone(domain::notice const& about) {
    return about.to == audience::duty_phone;
}

} // namespace

runtime::task<void> degraded_telling::run() {
    co_await remember();
    for (;;) {
        co_await look();
        auto const next = with_.time.now() + look_every;
        if (endings_.empty()) co_await with_.time.wait_until(next, bell_);
    }
}

// By itself: a record that hangs over it keeps nobody from being rung.
runtime::task<void> degraded_telling::keep_record() {
    for (;;) {
        auto const next = with_.time.now() + hand_over_every;
        co_await with_.time.wait_until(next);
        if (!watching_ && !told_.empty()) co_await hand_over();
        bool const is_all_there = told_.empty() && unkept_.empty() && messages_.empty();
        if (!watching_ && is_all_there && !known_told_.empty()) co_await forget();
    }
}

runtime::task<void> degraded_telling::remember() {
    auto all = co_await with_.book.read();
    for (auto const& each : all) {
        known_told_.emplace(each.event, each.kind, each.to);
        last_[{each.device, each.kind, each.to}] = {each.event, each.received_at, true};
    }
    told_ = std::move(all);
}

// Since when, if nobody should wait for so long.
std::optional<domain::instant> degraded_telling::too_long(since_when const& since) const {
    auto const at = since ? since() : std::nullopt;
    if (!at || with_.time.now() - *at < how_.after) return std::nullopt;
    return at;
}

runtime::task<void> degraded_telling::look() {
    auto const waits_since = too_long(with_.undecided_since);
    silent_since_ = too_long(with_.silent_since);
    bool const is_away = waits_since || silent_since_;
    if (is_away && !watching_) co_await begin();
    if (!is_away && watching_) end();
    co_await note_set_aside();
    if (watching_) co_await tell_what_waits();
    tell_those_due();
    tell_those_held();
    send_those_due();
    if (!watching_) known_.reset();
    settle();
    co_await keep();
}

runtime::task<void> degraded_telling::tell_what_waits() {
    note_unclaimed();
    auto more = co_await read_waiting();
    while (more && endings_.empty()) {
        tell_those_due();
        send_those_due();
        more = co_await read_waiting();
    }
}

// ------------------------------------------------------------------ what waits

runtime::task<void> degraded_telling::begin() {
    watching_ = true;
    noted_.clear();
    with_.from.rewind();
    co_await learn_copy();
}

// The ordinary ladder takes over, and knows more.
void degraded_telling::end() {
    watching_ = false;
    std::erase_if(waiting_, [this](auto const& each) { return !stands(each.second); });
    drop_those_held();
}

runtime::task<void> degraded_telling::learn_copy() {
    known_ = co_await with_.copy();
    if (!known_)
        log::error("registry_copy_missing", {{"meanwhile", "emergencies are told with the device "
                                                           "alone, to notify.duty_phone"}});
}

bool degraded_telling::stands(emergency const& what) const {
    switch (what.from) {
    case source::journal:
        return watching_ && with_.from.waits(what.waits);
    case source::ladder:
        return silent_since_ && with_.unclaimed->has(what.alert);
    case source::set_aside:
        return true;
    }
    return false;
}

bool degraded_telling::stands(message const& m) const {
    return std::any_of(m.about.begin(), m.about.end(),
                       [this](auto const& each) { return stands(each); });
}

// True when there is more.
runtime::task<bool> degraded_telling::read_waiting() {
    for (int n = 0; n < reads_a_look; ++n) {
        auto some = co_await with_.from.next(signals_at_once);
        if (some.empty()) co_return false;
        for (auto& each : some)
            note(std::move(each), source::journal);
    }
    co_return true;
}

// Also while the record answers: it is in no record, and its device has no receipt.
runtime::task<void> degraded_telling::note_set_aside() {
    auto all = with_.set_aside ? with_.set_aside() : std::vector<domain::signal>();
    if (all.empty()) co_return;
    if (!known_) co_await learn_copy();
    for (auto& each : all)
        note({std::move(each), {}}, source::set_aside);
}

// Each once, as long as the record is silent; one that is counted down when that is over.
void degraded_telling::note_unclaimed() {
    if (!silent_since_) noted_.clear();
    if (!silent_since_ || !with_.unclaimed) return;
    auto const now = with_.time.now();
    for (auto const& a : with_.unclaimed->at(*silent_since_)) {
        if (!noted_.insert(a.last_event).second) continue;
        bool const counts = a.state == domain::alert_state::pending;
        waiting_.emplace(counts ? a.ladder_at.value_or(now) : now, on_its_ladder(a));
    }
}

degraded_telling::emergency degraded_telling::on_its_ladder(domain::alert const& a) const {
    emergency e;
    e.from = source::ladder;
    e.alert = a.id;
    e.kind = a.kind;
    e.area = a.area.empty() ? how_.city : a.area;
    auto& s = e.waits.what;
    s.event = a.last_event;
    s.device = domain::device_of(a.last_event);
    s.kind = said_of(a);
    s.received_at = a.raised_at;
    if (known_) {
        if (auto const found = known_->devices.find(s.device)) e.of = *found;
        e.site = site_serving(*known_, e.area);
    }
    e.of.resident = a.resident;
    e.of.home = a.home;
    return e;
}

// Only what the record will make a P1 of; a fall after its countdown. Without a copy nobody knows
// whether a device is registered, and its word is taken as it is.
void degraded_telling::note(waiting_signals::item one, source from) {
    auto const& s = one.what;
    if (s.kind == domain::signal_kind::fall_cancelled) return take_back(s);
    emergency e;
    e.from = from;
    e.area = how_.city;
    bool registered = !known_;
    if (known_) {
        auto const found = known_->devices.find(s.device);
        registered = found.has_value();
        if (found) e.of = *found;
        if (e.of.synthetic) return; // its own process rings, if the house is deaf
        if (!e.of.area.empty()) e.area = e.of.area;
        e.site = site_serving(*known_, e.area);
    }
    auto const what = domain::triage(s.kind, registered);
    if (what.what != domain::meaning::alert) return;
    auto const now = with_.time.now();
    auto const day = std::chrono::floor<std::chrono::days>(now + how_.utc_offset);
    auto const& plan = with_.plans.in_force(*what.kind, e.of.resident, day);
    if (plan.level != domain::priority::p1) return;
    domain::duration const countdown = what.confirmed ? domain::seconds(0) : plan.countdown;
    // A machine that comes up without its time, and without the database's, may be behind: what was
    // received later than now was received before we began, and has waited long enough.
    bool const is_of_before = s.received_at > now;
    auto const due = from == source::set_aside || is_of_before
                         ? now
                         : s.received_at + std::max(how_.after, countdown);
    e.kind = *what.kind;
    e.waits = std::move(one);
    waiting_.emplace(due, std::move(e));
}

// Of its own device, and numbered before it, as in the record.
void degraded_telling::take_back(domain::signal const& cancel) {
    auto const by = domain::device_event_of(cancel.event);
    std::erase_if(waiting_, [&](auto const& each) {
        auto const& s = each.second.what();
        if (s.device != cancel.device || s.kind != domain::signal_kind::fall) return false;
        auto const of = domain::device_event_of(s.event);
        return by && of ? *of < *by : s.received_at <= cancel.received_at;
    });
}

// ------------------------------------------------------------------ who is told

void degraded_telling::tell_those_due() {
    auto const now = with_.time.now();
    while (!waiting_.empty() && waiting_.begin()->first <= now) {
        auto next = std::move(waiting_.extract(waiting_.begin()).mapped());
        tell(std::move(next));
    }
}

bool degraded_telling::was_told(domain::signal const& s, audience to) const {
    return known_told_.contains({s.event, s.kind, to});
}

bool degraded_telling::is_being_told(domain::signal const& s, audience to) const {
    auto const is_it = [&](emergency const& each) {
        return each.what().event == s.event && each.what().kind == s.kind;
    };
    bool const is_held = to == audience::duty_phone &&
                         std::any_of(lines_.begin(), lines_.end(), [&](auto const& each) {
                             return each.second.storm.holds_any(is_it);
                         });
    return is_held || std::any_of(messages_.begin(), messages_.end(), [&](auto const& each) {
               auto const& m = each.second;
               return m.what.about.to == to && std::any_of(m.about.begin(), m.about.end(), is_it);
           });
}

// Whom it can't be told yet is looked at again.
void degraded_telling::tell(emergency what) {
    if (!stands(what)) return;
    bool is_done = true;
    for (auto const to : {audience::alarm_hook, audience::duty_phone}) {
        if (what.seen_to.contains(to)) continue;
        if (sees_to(what, to))
            what.seen_to.insert(to);
        else
            is_done = false;
    }
    if (!is_done) waiting_.emplace(with_.time.now() + repeats_wait, std::move(what));
}

// A second press of the same minute says nothing new to whoever has heard of the first. It counts
// from that one. False: the first is on its way, and may go into the record before it is told.
bool degraded_telling::sees_to(emergency const& what, audience to) {
    auto const& s = what.what();
    if (was_told(s, to)) return true;
    if (what.from != source::ladder) {
        auto& last = last_[{s.device, s.kind, to}];
        auto const apart = std::chrono::abs(s.received_at - last.received_at);
        bool const is_first = last.event.value.empty();
        bool const is_it = last.event == s.event; // sent again it counts from its first time
        if (!is_first && !is_it && apart < repeats_within) return last.is_told;
        if (!is_it) last = {s.event, s.received_at, false};
    }
    if (is_being_told(s, to)) return true;
    bool const can_be_told = to == audience::alarm_hook ? tell_hook(what) : tell_phone(what);
    if (!can_be_told) was_in_vain(what, to);
    return true;
}

bool degraded_telling::tell_hook(emergency const& what) {
    if (!with_.to.carries(channel::webhook)) return false;
    add("alarm_hook", {}, {channel::webhook}, {what});
    return true;
}

std::optional<duty_desk> degraded_telling::desk_for(emergency const& what) const {
    auto const minute = domain::minute_of_day(with_.time.now(), how_.utc_offset);
    auto const found = known_ ? duty_desk_for(*known_, what.area, minute) : std::nullopt;
    if (found) return found;
    if (how_.duty_phone.empty()) return std::nullopt;
    return duty_desk{{}, how_.duty_phone};
}

std::vector<channel> degraded_telling::ways_to_telephones() const {
    std::vector<channel> ways;
    for (auto const by : {channel::voice, channel::sms})
        if (with_.to.carries(by)) ways.push_back(by);
    return ways;
}

bool degraded_telling::tell_phone(emergency const& what) {
    auto ways = ways_to_telephones();
    auto const desk = desk_for(what);
    if (!desk || ways.empty()) {
        ++not_told_;
        log::error("degraded_nobody_to_tell",
                   {{"event", what.what().event},
                    {"device", what.what().device},
                    {"kind", to_text(what.kind)},
                    {"remedy", ways.empty() ? "set [notify.voice] or [notify.sms]"
                                            : "set notify.duty_phone"}});
        return false;
    }
    auto const now = with_.time.now();
    auto& mine = lines_[desk->phone];
    mine.who = domain::staff_reference(audience::duty_phone, desk->site);
    if (mine.storm.rings_alone(now))
        add(mine.who, desk->phone, std::move(ways), {what});
    else
        mine.storm.hold(what, now);
    return true;
}

// Those of them that nobody must be told of any more.
void degraded_telling::drop_those_held() {
    for (auto& [phone, mine] : lines_)
        mine.storm.drop_if([this](emergency const& each) {
            bool const goes = !stands(each);
            if (goes) was_in_vain(each, audience::duty_phone);
            return goes;
        });
}

void degraded_telling::tell_those_held() {
    auto const now = with_.time.now();
    drop_those_held();
    for (auto& [phone, mine] : lines_) {
        auto some = mine.storm.take_due(now, named_in_a_message);
        if (!some.empty()) add(mine.who, phone, ways_to_telephones(), std::move(some));
    }
    std::erase_if(lines_, [&](auto const& each) { return each.second.storm.is_quiet(now); });
}

// ------------------------------------------------------------------ how

std::string const& degraded_telling::emergency::place() const {
    if (!of.rough_place.empty()) return of.rough_place;
    return site.empty() ? area.value : site.value;
}

// By the events, as what they are told, the person and the channel: after a restart it is the same.
domain::delivery_id degraded_telling::id_of(message const& m) const {
    std::string text = "degraded " + m.what.who + ' ' + std::string(to_text(m.what.by));
    for (auto const& each : m.about)
        text += '\n' + each.what().event.value + ' ' + std::string(to_text(each.what().kind));
    return {with_.digest(text)};
}

degraded_telling::message degraded_telling::message_for(std::string who, std::vector<channel> ways,
                                                        std::string phone,
                                                        std::vector<emergency> about) {
    auto const& first = about.front();
    message m;
    m.about = about;
    m.ways = std::move(ways);
    m.what.about = notice_of(first.what(), first.kind);
    m.what.about.alert = first.alert;
    m.what.about.to = who == "alarm_hook" ? audience::alarm_hook : audience::duty_phone;
    m.what.about.resident = first.of.resident;
    m.what.about.home = first.of.home;
    m.what.about.area = first.area;
    m.what.about.site = first.site;
    m.what.who = std::move(who);
    m.what.by = m.ways.front();
    m.what.others.assign(m.ways.begin() + 1, m.ways.end());
    m.what.since = with_.time.now();
    m.what.due_at = m.what.since;
    m.what.id = id_of(m);
    bool const is_set_aside = first.from == source::set_aside;
    degraded_said said{{}, first.what().event.value, how_.utc_offset, is_set_aside};
    for (auto const& each : about)
        said.all.push_back({each.what().device.value, each.place()});
    m.text.phone = std::move(phone);
    m.text.text = word_degraded(with_.texts, m.what.about, said);
    m.text.about = m.what.about;
    m.text.waits = what_waits(first.what(), first.of.rough_place, is_set_aside);
    return m;
}

void degraded_telling::add(std::string who, std::string const& phone, std::vector<channel> ways,
                           std::vector<emergency> about) {
    auto m = message_for(std::move(who), std::move(ways), phone, std::move(about));
    auto const id = m.what.id;
    messages_.try_emplace(id, std::move(m));
}

// Telephones before hooks, and of each the oldest first.
std::vector<degraded_telling::message*> degraded_telling::messages_due() {
    auto const now = with_.time.now();
    std::vector<message*> due;
    for (auto& [id, m] : messages_)
        if (!m.on_its_way && m.what.due_at && *m.what.due_at <= now) due.push_back(&m);
    std::stable_sort(due.begin(), due.end(), [](message const* a, message const* b) {
        bool const first_rings = is_for_a_telephone(a->what.about);
        if (first_rings != is_for_a_telephone(b->what.about)) return first_rings;
        return a->about.front().waits.at < b->about.front().waits.at;
    });
    return due;
}

// A machine is told of each, and no more at once than it can bear.
void degraded_telling::send_those_due() {
    std::erase_if(messages_, [this](auto const& each) {
        bool const goes = !each.second.on_its_way && !stands(each.second);
        if (goes) was_in_vain(each.second);
        return goes;
    });
    auto hooks = std::count_if(messages_.begin(), messages_.end(), [](auto const& each) {
        return each.second.on_its_way && !is_for_a_telephone(each.second.what.about);
    });
    for (auto* const each : messages_due()) {
        bool const is_hook = !is_for_a_telephone(each->what.about);
        if (is_hook && hooks >= hooks_in_flight) return;
        hooks += is_hook ? 1 : 0;
        send(*each);
    }
}

void degraded_telling::send(message& m) {
    m.on_its_way = true;
    m.what.attempts += 1;
    auto text = m.text;
    text.by = m.what.by;
    text.key = to_string(m.what.id);
    text.at = with_.time.now();
    with_.to.carry(std::move(text),
                   [this, id = m.what.id](carried what) { came(id, std::move(what)); });
}

void degraded_telling::came(domain::delivery_id const& id, carried what) {
    endings_.emplace_back(id, std::move(what));
    bell_.ring();
}

void degraded_telling::settle() {
    for (auto& [id, what] : std::exchange(endings_, {})) {
        auto const at = messages_.find(id);
        if (at == messages_.end()) continue;
        auto out = decide(at->second.what, what.how, what.reason, with_.time.now());
        at->second.what = out.next;
        at->second.on_its_way = false;
        bool const is_queued = out.next.state == domain::delivery_state::queued;
        if (is_queued) continue;
        auto const done = std::move(messages_.extract(at).mapped());
        if (out.next.state == domain::delivery_state::failed)
            failed(done);
        else
            went(done);
    }
}

void degraded_telling::went(message const& done) {
    for (auto const& each : done.about) {
        auto const& s = each.what();
        auto const to = done.what.about.to;
        log::warning("told_degraded", {{"event", s.event},
                                       {"device", s.device},
                                       {"kind", to_text(each.kind)},
                                       {"who", done.what.who},
                                       {"by", to_text(done.what.by)}});
        bool const is_first =
            !was_told(s, audience::duty_phone) && !was_told(s, audience::alarm_hook);
        if (is_first) ++told_count_;
        note_told(s, to);
        if (domain::is_of_visit(s.event)) continue; // the record will know no signal by that name
        unkept_.push_back({s.event, s.device, s.kind, s.received_at, to, done.what.who,
                           done.what.by, done.what.state, with_.time.now()});
    }
}

void degraded_telling::note_told(domain::signal const& s, audience to) {
    known_told_.emplace(s.event, s.kind, to);
    auto& last = last_[{s.device, s.kind, to}];
    bool const another_is_about_to_be = !last.event.value.empty() && last.event != s.event;
    if (!another_is_about_to_be) last = {s.event, s.received_at, true};
}

// Nobody heard of it, and the record knows it: whoever has repeated it may be told.
void degraded_telling::was_in_vain(emergency const& what, audience to) {
    auto const& s = what.what();
    auto const at = last_.find({s.device, s.kind, to});
    if (at != last_.end() && at->second.event == s.event) last_.erase(at);
}

void degraded_telling::was_in_vain(message const& m) {
    for (auto const& each : m.about)
        was_in_vain(each, m.what.about.to);
}

// The next channel at once; after the last one the first again, as long as somebody must be told.
void degraded_telling::failed(message const& done) {
    if (!stands(done)) return was_in_vain(done);
    bool const has_another = !done.what.others.empty();
    auto next = done;
    next.what.by = has_another ? done.what.others.front() : done.ways.front();
    next.what.others = has_another ? done.what.others : done.ways;
    next.what.others.erase(next.what.others.begin());
    next.what.state = domain::delivery_state::queued;
    next.what.attempts = 0;
    next.what.due_at = with_.time.now() + (has_another ? domain::seconds(0) : again_after);
    next.what.id = id_of(next);
    if (!has_another) {
        not_told_ += done.about.size();
        log::error(
            "degraded_not_told",
            {{"event", done.what.about.event}, {"who", done.what.who}, {"why", done.what.reason}});
    }
    auto const id = next.what.id;
    messages_.try_emplace(id, std::move(next));
}

// ------------------------------------------------------------------ what is remembered

runtime::task<void> degraded_telling::keep() {
    if (unkept_.empty()) co_return;
    auto const fresh = std::exchange(unkept_, {});
    told_.insert(told_.end(), fresh.begin(), fresh.end()); // first: the book is not cleared then
    auto const kept = co_await with_.book.add(fresh);
    if (!kept)
        log::error("told_book_refuses",
                   {{"events", fresh.size()}, {"danger", "a restart would tell them again"}});
}

std::vector<domain::delivery> degraded_telling::deliveries() const {
    std::vector<domain::delivery> all;
    for (auto const& each : told_) {
        domain::delivery d;
        auto const of = "degraded " + each.event.value;
        d.notice = with_.digest(of);
        d.id = {with_.digest(of + '\n' + each.who + ' ' + std::string(to_text(each.by)))};
        d.about.event = each.event;
        d.about.why = domain::notice_reason::degraded;
        d.about.to = each.to;
        d.about.at = each.received_at;
        d.about.site = domain::site_of_staff(each.who);
        d.who = each.who;
        d.by = each.by;
        d.state = each.state;
        d.since = each.at;
        all.push_back(std::move(d));
    }
    return all;
}

// What the record doesn't have yet stays until it does.
runtime::task<void> degraded_telling::hand_over() {
    auto const all = deliveries();
    auto done = co_await with_.keeper.keep_degraded(all);
    if (!done) co_return;
    std::set<domain::event_id> const known(done->begin(), done->end());
    auto const end = told_.begin() + static_cast<std::ptrdiff_t>(all.size()); // behind it is newer
    auto const is_known = [&](told_degraded const& each) { return known.contains(each.event); };
    told_.erase(std::remove_if(told_.begin(), end, is_known), end);
}

// All stand on their alerts, and nothing is on its way. Whoever is told meanwhile is told anew.
runtime::task<void> degraded_telling::forget() {
    known_told_.clear();
    last_.clear();
    auto const cleared = co_await with_.book.clear();
    if (!cleared)
        log::warning("told_book_not_cleared", {{"danger", "it is read again at the next start"}});
}

degraded_telling::figures degraded_telling::so_far() const {
    return {told_count_, not_told_, told_.size(), watching_};
}

} // namespace linli::app
