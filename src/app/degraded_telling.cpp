#include "app/degraded_telling.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

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
constexpr domain::seconds storm_window{10};
constexpr std::size_t rings_in_a_storm = 5; // in the window, by one telephone
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

waiting_emergency what_waits(domain::signal const& s, std::string rough_place) {
    return {.device = s.device,
            .kind = s.kind,
            .received_at = s.received_at,
            .happened_at = s.happened_at,
            .rough_place = std::move(rough_place),
            .raw = s.raw};
}

} // namespace

runtime::task<void> degraded_telling::run() {
    for (;;) {
        co_await look();
        auto const next = with_.time.now() + look_every;
        if (endings_.empty()) co_await with_.time.wait_until(next, bell_);
    }
}

runtime::task<void> degraded_telling::look() {
    if (!has_remembered_) {
        told_ = co_await with_.book.read();
        has_remembered_ = true;
        for (auto const& each : told_) {
            known_told_.emplace(each.event, each.to);
            last_[{each.device, each.kind}] = {each.event, each.received_at};
        }
    }
    auto const since = with_.undecided_since();
    bool const is_away = since && with_.time.now() - *since >= how_.after;
    if (is_away) {
        if (!watching_) co_await begin();
        auto more = co_await read_waiting();
        while (more && endings_.empty()) {
            tell_those_due();
            send_those_due();
            more = co_await read_waiting();
        }
        tell_those_due();
        tell_those_held();
        send_those_due();
    } else if (watching_) {
        end();
    }
    settle();
    co_await keep();
    if (!is_away && !told_.empty() && with_.time.now() >= hand_over_at_) co_await hand_over();
}

// ------------------------------------------------------------------ what waits

runtime::task<void> degraded_telling::begin() {
    watching_ = true;
    with_.from.rewind();
    known_ = co_await with_.copy();
    if (!known_)
        log::error("registry_copy_missing", {{"meanwhile", "emergencies are told with the device "
                                                           "alone, to notify.duty_phone"}});
}

// The ordinary ladder takes over, and knows more.
void degraded_telling::end() {
    watching_ = false;
    known_.reset();
    waiting_.clear();
    lines_.clear();
    std::erase_if(messages_, [](auto const& each) { return !each.second.on_its_way; });
}

// True when there is more.
runtime::task<bool> degraded_telling::read_waiting() {
    for (int n = 0; n < reads_a_look; ++n) {
        auto some = co_await with_.from.next(signals_at_once);
        if (some.empty()) co_return false;
        for (auto& each : some)
            note(std::move(each));
    }
    co_return true;
}

// Only what the record will make a P1 of; a fall after its countdown. Without a copy nobody knows
// whether a device is registered, and its word is taken as it is.
void degraded_telling::note(waiting_signals::item one) {
    auto const& s = one.what;
    if (s.kind == domain::signal_kind::fall_cancelled) return take_back(s);
    emergency e;
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
    auto const day = std::chrono::floor<std::chrono::days>(with_.time.now() + how_.utc_offset);
    auto const& plan = with_.plans.in_force(*what.kind, e.of.resident, day);
    if (plan.level != domain::priority::p1) return;
    domain::duration const countdown = what.confirmed ? domain::seconds(0) : plan.countdown;
    auto const due = s.received_at + std::max(how_.after, countdown);
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
        auto const next = std::move(waiting_.extract(waiting_.begin()).mapped());
        tell(next);
    }
}

bool degraded_telling::was_told(domain::event_id const& event, audience to) const {
    return known_told_.contains({event, to});
}

// A second press of the same minute says nothing new. It counts from the one that was told.
bool degraded_telling::is_repeat(domain::signal const& s) {
    std::pair const what{s.device, s.kind};
    auto const last = last_.find(what);
    if (last != last_.end() && last->second.event != s.event) {
        auto const apart = s.received_at - last->second.received_at;
        if (apart < repeats_within && apart > -repeats_within) return true;
    }
    last_[what] = {s.event, s.received_at};
    return false;
}

void degraded_telling::tell(emergency const& what) {
    if (!with_.from.waits(what.waits) || is_repeat(what.what())) return;
    if (!was_told(what.what().event, audience::alarm_hook)) tell_hook(what);
    if (!was_told(what.what().event, audience::duty_phone)) tell_phone(what);
}

void degraded_telling::tell_hook(emergency const& what) {
    if (!with_.to.carries(channel::webhook)) return;
    add("alarm_hook", {}, {channel::webhook}, {what});
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

void degraded_telling::tell_phone(emergency const& what) {
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
        return;
    }
    auto const now = with_.time.now();
    auto& mine = lines_[desk->phone];
    mine.who = desk->site.empty() ? "duty_phone" : "duty_phone:" + desk->site.value;
    while (!mine.rang.empty() && now - mine.rang.front() >= storm_window)
        mine.rang.pop_front();
    if (mine.held.empty() && mine.rang.size() < rings_in_a_storm) {
        mine.rang.push_back(now);
        add(mine.who, desk->phone, std::move(ways), {what});
        return;
    }
    if (mine.held.empty()) mine.held_since = now;
    mine.held.push_back(what);
}

void degraded_telling::tell_those_held() {
    auto const now = with_.time.now();
    for (auto& [phone, mine] : lines_) {
        if (mine.held.empty() || now - mine.held_since < storm_window) continue;
        mine.rang.push_back(now);
        add(mine.who, phone, ways_to_telephones(), std::exchange(mine.held, {}));
    }
}

// ------------------------------------------------------------------ how

// By the events, the person and the channel: after a restart it is the same.
domain::delivery_id degraded_telling::id_of(message const& m) const {
    std::string text = "degraded " + m.what.who + ' ' + std::string(to_text(m.what.by));
    for (auto const& each : m.about)
        text += '\n' + each.what().event.value;
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
    auto const& place = !first.of.rough_place.empty() ? first.of.rough_place
                        : !first.site.empty()         ? first.site.value
                                                      : first.area.value;
    degraded_said said{place, {}, first.what().event.value, how_.utc_offset};
    for (auto const& each : about)
        said.devices.push_back(each.what().device.value);
    m.text.phone = std::move(phone);
    m.text.text = word_degraded(with_.texts, m.what.about, said);
    m.text.about = m.what.about;
    m.text.waits = what_waits(first.what(), first.of.rough_place);
    return m;
}

void degraded_telling::add(std::string who, std::string const& phone, std::vector<channel> ways,
                           std::vector<emergency> about) {
    auto m = message_for(std::move(who), std::move(ways), phone, std::move(about));
    auto const id = m.what.id;
    messages_.try_emplace(id, std::move(m));
}

bool degraded_telling::waits(message const& m) const {
    return std::any_of(m.about.begin(), m.about.end(),
                       [this](auto const& each) { return with_.from.waits(each.waits); });
}

// The oldest first.
void degraded_telling::send_those_due() {
    auto const now = with_.time.now();
    std::erase_if(messages_, [this](auto const& each) {
        return !each.second.on_its_way && !waits(each.second);
    });
    std::vector<message*> due;
    for (auto& [id, m] : messages_)
        if (!m.on_its_way && m.what.due_at && *m.what.due_at <= now) due.push_back(&m);
    std::stable_sort(due.begin(), due.end(), [](message const* a, message const* b) {
        return a->about.front().waits.at < b->about.front().waits.at;
    });
    for (auto* const each : due)
        send(*each);
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
        if (out.next.state == domain::delivery_state::queued) continue;
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
            !was_told(s.event, audience::duty_phone) && !was_told(s.event, audience::alarm_hook);
        if (is_first) ++told_count_;
        known_told_.emplace(s.event, to);
        unkept_.push_back({s.event, s.device, s.kind, s.received_at, to, done.what.who,
                           done.what.by, done.what.state, with_.time.now()});
    }
}

// The next channel at once; after the last one the first again, as long as it waits on disk.
void degraded_telling::failed(message const& done) {
    if (!watching_) return;
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
    auto const kept = co_await with_.book.add(fresh);
    if (!kept)
        log::error("told_book_refuses",
                   {{"events", fresh.size()}, {"danger", "a restart would tell them again"}});
    told_.insert(told_.end(), fresh.begin(), fresh.end());
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
        if (each.who.starts_with("duty_phone:")) d.about.site = {each.who.substr(11)};
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
    hand_over_at_ = with_.time.now() + hand_over_every;
    auto const all = deliveries();
    auto done = co_await with_.keeper.keep_degraded(all);
    if (!done) co_return;
    std::set<domain::event_id> const known(done->begin(), done->end());
    std::erase_if(told_, [&](auto const& each) { return known.contains(each.event); });
    if (!told_.empty() || !unkept_.empty() || !messages_.empty()) co_return;
    auto const cleared = co_await with_.book.clear();
    if (!cleared) co_return;
    known_told_.clear();
    last_.clear();
}

degraded_telling::figures degraded_telling::so_far() const {
    return {told_count_, not_told_, told_.size(), watching_};
}

} // namespace linli::app
