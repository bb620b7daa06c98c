#include "app/supervision.hpp"

#include <algorithm>
#include <utility>

#include "app/turn.hpp"
#include "runtime/log.hpp"

namespace linli::app {

namespace log = runtime::log;

namespace {

constexpr domain::seconds look_every{1};
constexpr domain::seconds refresh_every{5};
constexpr domain::seconds write_every{60};
// What is written of a beat may be so old: a start gives everybody his whole time anew anyway.
constexpr domain::minutes beats_are_written_after{15};
constexpr domain::minutes mended_overlap{2}; // commits come later than their times
constexpr std::size_t most_written_at_once = 5000;
constexpr std::size_t most_early = 100'000;
constexpr int deepest_tree = 16;
constexpr auto broker_door = "mqtt";

bool is_of_broker(std::string const& door) {
    return door.empty() || door == broker_door;
}

bool is_worth_writing(domain::device_health const& now, domain::device_health const& written) {
    if (now.at_broker != written.at_broker || now.pressed_at != written.pressed_at) return true;
    if (!now.heard_at) return false;
    return !written.heard_at || *now.heard_at - *written.heard_at >= beats_are_written_after;
}

std::vector<domain::area_id> upwards_from(domain::area_id area, health_picture const& from) {
    std::vector<domain::area_id> all{area};
    for (int depth = 0; depth < deepest_tree; ++depth) {
        auto const above = from.parents.find(all.back());
        if (above == from.parents.end()) break;
        all.push_back(above->second);
    }
    return all;
}

domain::signal signal_of(domain::outage const& o, domain::instant now) {
    domain::signal s;
    s.device = {o.area.value};
    s.event = {o.area.value + ":x:" + to_string(o.id)};
    s.kind = domain::signal_kind::outage;
    s.door = outage_door;
    s.received_at = now;
    s.text = o.kind == domain::outage_kind::broker
                 ? "the broker is away: no device that speaks by it can be heard"
                 : "many devices of " + o.area.value + " went silent together";
    s.text += "; \"linli outages\" shows whom to call first";
    return s;
}

} // namespace

// ------------------------------------------------------------------ what it hears

void supervision::committed(changes const& what) {
    for (auto const& [s, about, alert, request] : what.signals)
        take(s.device, s.door, {s.received_at, domain::heard_from(s.kind), s.battery_percent});
}

void supervision::measured(std::vector<domain::telemetry> const& what) {
    for (auto const& t : what) {
        domain::device_word word{t.received_at, domain::heard_as::beat, std::nullopt};
        if (is_of_broker(t.door)) word.what = domain::heard_as::telemetry;
        if (!t.battery.empty()) word.battery_percent = t.battery.back().percent;
        take(t.device, t.door, word);
    }
}

void supervision::beats(std::string_view device) {
    std::lock_guard const lock(beats_mutex_);
    beats_[std::string(device)] = with_.clock.now();
}

void supervision::take_beats() {
    std::unordered_map<std::string, domain::instant> heard;
    {
        std::lock_guard const lock(beats_mutex_);
        heard.swap(beats_);
    }
    for (auto const& [device, at] : heard)
        take({device}, "watch_tcp", {at, domain::heard_as::beat, std::nullopt});
}

void supervision::broker_is(bool here) {
    auto const now = with_.clock.now();
    if (here == broker_since_.has_value()) return;
    broker_since_ = here ? std::optional(now) : std::nullopt;
    broker_lost_ = here ? std::nullopt : std::optional(now);
    for (place p = 0; here && p < all_.size(); ++p)
        look_at(p, now); // nobody was looked at for his silence meanwhile
}

void supervision::take(domain::device_id const& device, std::string const& door,
                       domain::device_word const& word) {
    if (registry_ < 0) { // the broker hands out what it kept for us before anybody is known here
        if (early_.size() < most_early) early_.push_back({device, door, word});
        return;
    }
    auto const found = at_.find(device);
    if (found == at_.end()) return;
    auto& e = all_[found->second];
    bool const is_first = !e.what.health.heard_at; // from now on it can be silent
    e.what.health = hear(e.what.health, word);
    if (!door.empty()) e.what.door = door;
    touch(found->second);
    auto const& open = e.what.health.open;
    bool const may_end_one = std::ranges::any_of(open, [](auto const& o) { return o.has_value(); });
    bool const plain = word.what == domain::heard_as::beat || word.what == domain::heard_as::signal;
    if (is_first || may_end_one || !plain || !e.queued || gone_.contains(found->second))
        look_at(found->second, with_.clock.now());
}

void supervision::touch(place p) {
    if (std::exchange(all_[p].is_dirty, true)) return;
    dirty_.push_back(p);
}

void supervision::look_at(place p, domain::instant when) {
    auto& e = all_[p];
    if (e.queued && *e.queued <= when) return;
    if (e.queued) due_.erase({*e.queued, p});
    e.queued = when;
    due_.emplace(when, p);
}

// ------------------------------------------------------------------ its rounds

runtime::task<void> supervision::run() {
    for (;;) {
        if (with_.listens())
            co_await look();
        else
            forget();
        ++looks_;
        auto const next = with_.clock.now() + look_every;
        while (with_.clock.now() < next)
            co_await with_.clock.wait_until(next); // others are woken, too
    }
}

void supervision::forget() {
    if (!began_) return;
    early_.clear();
    began_.reset();
    broker_lost_.reset();
    registry_ = -1;
    all_.clear();
    at_.clear();
    due_ = {};
    gone_.clear();
    begun_.clear();
    outages_.clear();
    dirty_.clear();
    pending_ = {};
}

runtime::task<void> supervision::look() {
    auto const now = with_.clock.now();
    if (!began_) {
        began_ = now;
        if (!broker_since_) broker_lost_ = now;
    }
    bool const known = co_await refresh(now);
    if (!known) co_return;
    take_beats();
    judge_due(now);
    bool const areas_told = co_await weigh_outages(now);
    bool const broker_told = co_await weigh_broker(now);
    if (!areas_told || !broker_told) co_return; // the database is away
    end_outages(now);
    co_await keep(now);
}

// False: nothing is known yet, or the last round's changes are not written yet.
runtime::task<bool> supervision::refresh(domain::instant now) {
    if (registry_ >= 0 && now < next_refresh_) co_return true;
    auto const version = co_await with_.keeper.registry_version();
    if (!version) co_return registry_ >= 0;
    if (*version != registry_ && begun_.empty()) {
        if (!pending_.is_empty()) co_await keep(now); // the picture must have it
        if (!pending_.is_empty()) co_return false;
        auto picture = co_await with_.keeper.load();
        if (!picture) co_return registry_ >= 0;
        take_picture(std::move(*picture), now);
        registry_ = *version;
        for (auto const& each : std::exchange(early_, {}))
            take(each.device, each.door, each.word);
    }
    co_await hear_of_mended(now);
    next_refresh_ = now + refresh_every;
    co_return true;
}

// What was heard since the last writing is newer than the record; who is new is known from now on.
void supervision::take_picture(health_picture picture, domain::instant now) {
    auto const before = std::exchange(all_, {});
    auto const at_before = std::exchange(at_, {});
    due_ = {};
    dirty_.clear();
    gone_.clear();
    devices_in_.clear();
    for (auto& each : picture.devices) {
        auto e = entry_of(std::move(each), picture, now);
        if (auto const old = at_before.find(e.what.id); old != at_before.end()) {
            e.what.health = before[old->second].what.health;
            e.what.door = before[old->second].what.door;
        }
        auto const p = all_.size();
        for (auto const& area : e.upwards)
            ++devices_in_[area];
        at_.emplace(e.what.id, p);
        all_.push_back(std::move(e));
        touch(p);
        look_at(p, now);
    }
    outages_.clear();
    for (auto const& o : picture.outages)
        outages_[o.id] = {o, o.since, 0, false};
    for (auto& e : all_)
        if (auto const o = e.what.outage ? outages_.find(*e.what.outage) : outages_.end();
            o != outages_.end())
            ++o->second.still_gone;
}

supervision::entry supervision::entry_of(supervised_device device, health_picture const& from,
                                         domain::instant now) {
    entry e;
    e.is_known = device.health.known_since != domain::instant();
    e.written = device.health;
    e.held_to = with_.limits_of(device.kind);
    e.upwards = upwards_from(device.area, from);
    e.what = std::move(device);
    if (!e.is_known) e.what.health.known_since = now;
    return e;
}

runtime::task<void> supervision::hear_of_mended(domain::instant now) {
    auto const since = std::max(mended_until_, *began_) - mended_overlap;
    auto const mended = co_await with_.keeper.mended_since(since);
    if (!mended) co_return;
    mended_until_ = now;
    for (auto const& each : *mended) {
        auto const found = at_.find(each.device);
        if (found == at_.end()) continue;
        auto& e = all_[found->second];
        auto const what = static_cast<std::size_t>(each.what);
        if (e.what.health.done[what] >= each.at) continue;
        e.what.health.done[what] = each.at;
        e.what.health.open[what].reset();
        if (each.what == domain::trouble::offline) {
            if (auto const o = e.what.outage ? outages_.find(*e.what.outage) : outages_.end();
                o != outages_.end())
                --o->second.still_gone;
            e.what.outage.reset();
        }
        look_at(found->second, now);
    }
}

// ------------------------------------------------------------------ judging

// Who has a connection of its own doesn't need the broker.
domain::listening_since supervision::listening_to(entry const& e) const {
    if (!is_of_broker(e.what.door)) return began_;
    if (!broker_since_) return std::nullopt;
    return std::max(*began_, *broker_since_);
}

void supervision::judge_due(domain::instant now) {
    while (!due_.empty() && due_.begin()->first <= now) {
        auto const p = due_.begin()->second;
        due_.erase(due_.begin());
        all_[p].queued.reset();
        judge(p, now);
    }
}

void supervision::judge(place p, domain::instant now) {
    auto& e = all_[p];
    auto const since = listening_to(e);
    auto verdict = domain::judge(e.what.health, e.held_to, since, now);
    e.what.health = verdict.next;
    auto const gone = gone_since(e.what.health, e.held_to, since, now);
    if (gone)
        gone_[p] = *gone;
    else if (since)
        gone_.erase(p);
    for (auto const& change : verdict.changes)
        note(p, change);
    if (verdict.look_again) look_at(p, *verdict.look_again);
}

// Whether one that goes offline belongs to an outage is asked when all of the round are known.
void supervision::note(place p, domain::health_change const& change) {
    auto& e = all_[p];
    log::info(change.ended ? "device_well" : "device_trouble",
              {{"device", e.what.id}, {"what", to_text(change.what)}});
    touch(p);
    // What began while the database was away never began for it.
    if (change.ended)
        std::erase_if(pending_.troubles, [&](trouble_change const& each) {
            return !each.what.ended && each.what.what == change.what && each.device == e.what.id;
        });
    if (change.what != domain::trouble::offline) {
        pending_.troubles.push_back({e.what.id, change, std::nullopt});
        return;
    }
    if (!change.ended) {
        begun_.emplace_back(p, change.since);
        return;
    }
    std::erase_if(begun_, [p](auto const& each) { return each.first == p; });
    pending_.troubles.push_back({e.what.id, change, std::nullopt});
    if (auto const o = e.what.outage ? outages_.find(*e.what.outage) : outages_.end();
        o != outages_.end())
        --o->second.still_gone;
    e.what.outage.reset();
}

// ------------------------------------------------------------------ outages

// False: an outage could not be raised. Its devices wait for the next round.
runtime::task<bool> supervision::weigh_outages(domain::instant now) {
    std::map<domain::area_id, bool> no_outage; // asked in this round
    while (!begun_.empty()) {
        auto const [p, since] = begun_.back();
        auto const& e = all_[p];
        auto running = running_for(p, since);
        if (!running && !no_outage[e.what.area]) {
            auto const out = area_that_is_out(e.upwards, tallies_about(since), with_.outages);
            if (out) {
                domain::outage o{with_.ids.make<domain::outage_id>(now),
                                 domain::outage_kind::area,
                                 *out,
                                 since,
                                 std::nullopt,
                                 0};
                bool const told = co_await begin_outage(o);
                if (!told) co_return false;
                running = running_for(p, since);
            }
            no_outage[e.what.area] = !out;
        }
        begun_.pop_back();
        pending_.troubles.push_back(
            {e.what.id, {domain::trouble::offline, since, std::nullopt}, running});
        if (running) attach(p, *running, since);
    }
    co_return true;
}

std::optional<domain::outage_id> supervision::running_for(place p, domain::instant since) {
    auto const& upwards = all_[p].upwards;
    for (auto const& [id, o] : outages_) {
        if (o.what.kind != domain::outage_kind::area) continue;
        if (std::ranges::find(upwards, o.what.area) == upwards.end()) continue;
        bool const in_time =
            since >= o.what.since - with_.outages.window && since <= o.last + with_.outages.window;
        if (in_time) return id;
    }
    return std::nullopt;
}

std::map<domain::area_id, domain::area_tally>
supervision::tallies_about(domain::instant since) const {
    std::map<domain::area_id, domain::area_tally> all;
    for (auto const& [p, went] : gone_) {
        auto const& e = all_[p];
        bool const in_window = std::chrono::abs(went - since) <= with_.outages.window;
        if (!in_window || e.what.outage || is_open(e.what.health, domain::trouble::dormant))
            continue;
        for (auto const& area : e.upwards) {
            auto& tally = all[area];
            tally.devices = devices_in_.at(area);
            ++tally.gone;
        }
    }
    return all;
}

// Raised before it is written: an outage that is raised twice, after a crash in between, joins the
// open alert; one that is written and never raised would be known to nobody.
runtime::task<bool> supervision::begin_outage(domain::outage what) {
    auto said = signal_of(what, with_.clock.now());
    bool const told = co_await with_.raise(std::move(said));
    if (!told) co_return false;
    log::error("outage_began", {{"kind", to_text(what.kind)}, {"area", what.area}});
    auto const id = what.id;
    auto const since = what.since;
    bool const of_area = what.kind == domain::outage_kind::area;
    outages_[id] = {std::move(what), since, 0, true};
    if (of_area) gather(id);
    co_return true;
}

// Those that went earlier and are listed one by one.
void supervision::gather(domain::outage_id const& id) {
    for (auto const& [p, went] : gone_) {
        auto const& e = all_[p];
        auto const is_begun = [p = p](auto const& each) { return each.first == p; };
        bool const listed = is_open(e.what.health, domain::trouble::offline) &&
                            std::ranges::none_of(begun_, is_begun);
        if (!listed || e.what.outage || running_for(p, went) != id) continue;
        pending_.moved.emplace_back(e.what.id, id);
        attach(p, id, went);
    }
}

void supervision::attach(place p, domain::outage_id const& id, domain::instant since) {
    auto& o = outages_.at(id);
    all_[p].what.outage = id;
    o.what.since = std::min(o.what.since, since);
    o.last = std::max(o.last, since);
    ++o.what.devices;
    ++o.still_gone;
    o.is_changed = true;
}

runtime::task<bool> supervision::weigh_broker(domain::instant now) {
    auto const running = std::ranges::find_if(outages_, [](auto const& each) {
        return each.second.what.kind == domain::outage_kind::broker;
    });
    bool const is_running = running != outages_.end();
    bool const is_away = broker_lost_ && now - *broker_lost_ >= with_.outages.broker_grace;
    if (is_running && broker_since_) {
        running->second.what.ended = now;
        running->second.is_changed = true;
    }
    if (is_running || !is_away) co_return true;
    auto const silent =
        std::ranges::count_if(all_, [](entry const& e) { return is_of_broker(e.what.door); });
    domain::outage o{with_.ids.make<domain::outage_id>(now),
                     domain::outage_kind::broker,
                     with_.city,
                     *broker_lost_,
                     std::nullopt,
                     static_cast<int>(silent)};
    bool const told = co_await begin_outage(o);
    co_return told;
}

void supervision::end_outages(domain::instant now) {
    for (auto& [id, o] : outages_) {
        bool const of_area = o.what.kind == domain::outage_kind::area;
        if (!of_area || !is_over(o.what, o.still_gone)) continue;
        o.what.ended = now;
        o.is_changed = true;
        for (auto& e : all_) {
            if (e.what.outage != id) continue;
            e.what.outage.reset();
            pending_.moved.emplace_back(e.what.id, std::nullopt);
        }
    }
    for (auto& [id, o] : outages_)
        if (std::exchange(o.is_changed, false)) pending_.outages.push_back(o.what);
    std::erase_if(outages_, [](auto const& each) { return each.second.what.ended.has_value(); });
}

// ------------------------------------------------------------------ writing

// Away: all of it stays, and goes with the next round's.
runtime::task<void> supervision::keep(domain::instant now) {
    bool const is_time = now >= next_write_;
    if (pending_.is_empty() && !is_time) co_return;
    add_devices(pending_, now);
    if (pending_.is_empty()) {
        next_write_ = now + write_every;
        co_return;
    }
    auto const done = co_await with_.keeper.keep(pending_);
    if (!done) {
        for (auto const& d : pending_.devices)
            if (auto const found = at_.find(d.id); found != at_.end()) touch(found->second);
        pending_.devices.clear();
        co_return;
    }
    for (auto const& d : pending_.devices) {
        auto const found = at_.find(d.id);
        if (found == at_.end()) continue;
        all_[found->second].written = d.health;
        all_[found->second].is_known = true;
    }
    pending_ = {};
    next_write_ = dirty_.empty() ? now + write_every : now;
}

// Of a beat only now and then, so that ten thousand watches don't cost a row each.
void supervision::add_devices(health_changes& to, domain::instant now) {
    to.at = now;
    std::vector<place> later;
    for (auto const p : std::exchange(dirty_, {})) {
        auto& e = all_[p];
        if (to.devices.size() >= most_written_at_once) {
            later.push_back(p);
            continue;
        }
        e.is_dirty = false;
        if (!e.is_known || is_worth_writing(e.what.health, e.written)) to.devices.push_back(e.what);
    }
    dirty_ = std::move(later);
}

supervision::figures supervision::so_far() const {
    figures now{looks_, all_.size(), 0, outages_.size()};
    now.offline = static_cast<std::size_t>(std::ranges::count_if(
        all_, [](entry const& e) { return is_open(e.what.health, domain::trouble::offline); }));
    return now;
}

} // namespace linli::app
