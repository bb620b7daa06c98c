#include "app/supervision.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "app/turn.hpp"
#include "domain/dwell.hpp"
#include "runtime/log.hpp"

namespace linli::app {

namespace log = runtime::log;

namespace {

constexpr domain::seconds look_every{1};
constexpr domain::seconds refresh_every{5};
constexpr domain::seconds write_every{60};
// Words are heard when they are kept: for so long may they wait for the database without a word.
constexpr domain::seconds most_absence{60};
// What comes so long after a last will did not wait behind it.
constexpr domain::seconds clearly_later{60};
constexpr domain::minutes mended_overlap{2}; // commits come later than their times
constexpr std::size_t most_written_at_once = 5000;
constexpr std::size_t most_weighed_at_once = 50'000; // whether they are worth it
constexpr std::size_t most_early = 100'000;
// Some milliseconds of the loop at most.
constexpr std::size_t devices_at_once = 2000;
constexpr int outages_at_once = 16;                // each may ask for all that are gone
constexpr std::string_view denied_door = "broker"; // as broker_watch names it
constexpr std::size_t most_news = 2000; // devices of single edits; more are read as an import

runtime::task<void> let_others_run() {
    auto executor = co_await boost::asio::this_coro::executor;
    co_await boost::asio::post(executor, runtime::use_task);
}

// By which the device itself came; empty: only the broker tells what it has denied it.
std::string door_of(domain::signal const& s) {
    return s.door == denied_door ? std::string() : s.door;
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

// What the house makes of a device's silence is no word of it.
void supervision::committed(changes const& what) {
    for (auto const& [s, about, alert, request] : what.signals)
        if (!domain::is_observed(s.event))
            take(s.device, door_of(s),
                 {s.received_at, domain::heard_from(s.kind), s.battery_percent});
}

void supervision::measured(std::vector<domain::telemetry> const& what,
                           domain::listening_since flows_since) {
    for (auto const& t : what) {
        domain::device_word word{t.received_at, domain::heard_as::beat, std::nullopt};
        bool const may_have_waited = !flows_since || !outlives_its_will(t, *flows_since);
        if (supervised_devices::is_of_broker(t.door) && may_have_waited)
            word.what = domain::heard_as::telemetry;
        if (!t.battery.empty()) word.battery_percent = t.battery.back().percent;
        take(t.device, t.door, word);
        weigh_clock(t);
    }
}

// A device that says no birth is there again with what it measures.
bool supervision::outlives_its_will(domain::telemetry const& told,
                                    domain::instant flows_since) const {
    auto const p = all_.find(told.device);
    if (!p) return false;
    auto const health = all_.health(*p);
    auto const later_than = std::max(flows_since, health.broker_said_at) + clearly_later;
    return health.at_broker == domain::broker_word::offline && told.received_at >= later_than;
}

// Who began with no memory of it leaves an entry that stands.
void supervision::weigh_clock(domain::telemetry const& told) {
    auto const p = all_.find(told.device);
    auto const behind = p ? domain::behind(told) : std::nullopt;
    if (!behind) return;
    auto health = all_.health(*p);
    bool const stood = is_open(health, domain::trouble::clock);
    auto const known = lags_.find(*p);
    if (known == lags_.end() && !stood && *behind <= domain::still_true_for) return;
    auto const before = known == lags_.end() ? domain::clock_lag() : known->second;
    auto const now = hear(before, told.received_at, *behind);
    if (now.since)
        lags_[*p] = now;
    else
        lags_.erase(*p);
    bool const begins = now.is_steady && !stood;
    bool const ends = !now.since && stood;
    if (!begins && !ends) return;
    auto& entry = health.open[static_cast<std::size_t>(domain::trouble::clock)];
    if (begins) entry = now.since;
    domain::health_change change{domain::trouble::clock, *entry, std::nullopt};
    if (ends) change.ended = told.received_at;
    if (ends) entry.reset();
    all_.keep(*p, health);
    note(*p, change);
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
    all_are_due_ |= here; // nobody was looked at for his silence meanwhile
}

void supervision::take(domain::device_id const& device, std::string const& door,
                       domain::device_word const& word) {
    auto const found = all_.find(device);
    if (!found) { // the broker hands out what it kept for us before everybody is known here
        if (!edit_ && early_.size() < most_early) early_.push_back({device, door, word});
        return;
    }
    auto const p = *found;
    auto const before = all_.health(p);
    auto const now = hear(before, word);
    all_.keep(p, now);
    if (!door.empty()) all_.heard_by(p, door);
    touch(p);
    bool const is_first = !before.heard_at; // from now on it can be silent
    bool const may_end_one =
        std::ranges::any_of(now.open, [](auto const& o) { return o.has_value(); });
    bool const plain = word.what == domain::heard_as::beat || word.what == domain::heard_as::signal;
    if (is_first || may_end_one || !plain || !due_.when(p) || gone_.contains(p))
        look_at(p, with_.clock.now());
}

void supervision::touch(place p) {
    if (all_.becomes_dirty(p)) dirty_.push_back(p);
}

void supervision::look_at(place p, domain::instant when) {
    auto const queued = due_.when(p);
    if (!queued || *queued > when) due_.put(p, when);
}

runtime::task<void> supervision::look_at_all(domain::instant now) {
    if (!std::exchange(all_are_due_, false)) co_return;
    for (place p = 0; p < all_.end(); ++p) {
        if (all_.is_there(p)) look_at(p, now);
        if (p % devices_at_once == 0) co_await let_others_run();
    }
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
        co_await with_.clock.wait_until(next);
    }
}

// What is heard while another server receives must not fill the place of what a takeover brings.
void supervision::forget() {
    early_.clear();
    if (!began_) return;
    began_.reset();
    broker_lost_.reset();
    database_lost_.reset();
    database_is_away_ = false;
    edit_.reset();
    all_.clear();
    due_.clear();
    lags_.clear();
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
    co_await look_at_all(now);
    co_await judge_due(now);
    bool const areas_told = co_await weigh_outages(now);
    bool const broker_told = co_await weigh_broker(now);
    if (!areas_told || !broker_told) co_return; // the database is away
    end_outages(now);
    co_await keep(now);
}

// False: not everybody is known yet.
runtime::task<bool> supervision::refresh(domain::instant now) {
    if (edit_ && now < next_refresh_) co_return true;
    if (!edit_) {
        bool const read = co_await read_all(now);
        if (!read) co_return false;
    } else {
        auto news = co_await with_.keeper.news_since(*edit_);
        database_is(news.has_value(), now);
        if (!news) co_return true;
        auto const taken = co_await take_news(std::move(*news), now);
        if (!taken) co_return true; // asked again
    }
    co_await hear_of_mended(now);
    next_refresh_ = now + refresh_every;
    co_return true;
}

// Page by page, while the registry may change: then its edits say so afterwards. Who is here
// already keeps what was heard of him, which is newer than the record.
runtime::task<bool> supervision::read_all(domain::instant now) {
    auto frame = co_await with_.keeper.frame();
    if (!frame) co_return false;
    auto const edit = frame->edit;
    take_frame(std::move(*frame));
    all_.begin_round();
    domain::device_id last;
    for (bool is_end = false; !is_end;) {
        auto some = co_await with_.keeper.devices_after(last, devices_at_once);
        if (!some) co_return false;
        is_end = some->size() < devices_at_once;
        if (!is_end) last = some->back().id;
        for (auto& each : *some)
            take_device(std::move(each), now);
    }
    co_await drop_unmet();
    edit_ = edit;
    take_early();
    log::info("supervision_read", {{"devices", all_.size()}});
    co_return true;
}

runtime::task<bool> supervision::take_news(registry_news news, domain::instant now) {
    if (news.is_import || news.devices.size() > most_news) {
        auto const read = co_await read_all(now);
        co_return read;
    }
    if (news.areas) {
        auto frame = co_await with_.keeper.frame();
        if (!frame) co_return false;
        all_.set_parents(std::move(frame->parents));
    }
    if (!news.devices.empty()) {
        auto some = co_await with_.keeper.devices_among(news.devices);
        if (!some) co_return false;
        std::set<domain::device_id> here;
        for (auto& each : *some) {
            here.insert(each.id);
            take_device(std::move(each), now);
        }
        for (auto const& id : news.devices)
            if (auto const p = all_.find(id); p && !here.contains(id)) drop(*p);
    }
    edit_ = news.edit;
    co_return true;
}

void supervision::take_frame(health_frame frame) {
    all_.set_parents(std::move(frame.parents));
    if (edit_) return; // what is known here of outages is newer
    outages_.clear();
    for (auto const& o : frame.outages)
        outages_[o.id] = {o, o.since, 0, false};
    for (place p = 0; p < all_.end(); ++p) // of a reading that came to no end
        if (auto const o = outages_.find(all_.outage(p).value_or(domain::outage_id()));
            o != outages_.end())
            ++o->second.still_gone;
}

void supervision::take_device(supervised_device device, domain::instant now) {
    if (auto const known = all_.find(device.id)) {
        all_.is_met(*known);
        if (all_.moves(*known, device.kind, device.area)) look_at(*known, now);
        return;
    }
    bool const is_new = device.health.known_since == domain::instant();
    auto const p = all_.add(device);
    if (is_new) {
        device.health.known_since = now;
        all_.keep(p, device.health);
        touch(p);
    }
    look_at(p, now);
    if (auto const o = device.outage ? outages_.find(*device.outage) : outages_.end();
        o != outages_.end())
        ++o->second.still_gone;
}

runtime::task<void> supervision::drop_unmet() {
    for (place p = 0; p < all_.end(); ++p) {
        if (all_.is_there(p) && !all_.was_met(p)) drop(p);
        if (p % devices_at_once == 0) co_await let_others_run();
    }
}

void supervision::drop(place p) {
    comes_out_of_outage(p);
    due_.remove(p);
    lags_.erase(p);
    gone_.erase(p);
    std::erase_if(begun_, [p](auto const& each) { return each.first == p; });
    all_.remove(p);
}

void supervision::take_early() {
    for (auto const& each : std::exchange(early_, {}))
        take(each.device, each.door, each.word);
}

runtime::task<void> supervision::hear_of_mended(domain::instant now) {
    auto const since = std::max(mended_until_, *began_) - mended_overlap;
    auto const mended = co_await with_.keeper.mended_since(since);
    if (!mended) co_return;
    mended_until_ = now;
    for (auto const& each : *mended) {
        auto const p = all_.find(each.device);
        if (!p) continue;
        auto health = all_.health(*p);
        auto const what = static_cast<std::size_t>(each.what);
        if (health.done[what] >= each.at) continue;
        health.done[what] = each.at;
        health.open[what].reset();
        all_.keep(*p, health);
        if (each.what == domain::trouble::offline) comes_out_of_outage(*p);
        if (each.what == domain::trouble::clock) lags_.erase(*p); // counted anew
        look_at(*p, now);
    }
}

// ------------------------------------------------------------------ judging

void supervision::database_is(bool here, domain::instant now) {
    if (!here && !database_lost_) database_lost_ = now;
    if (!here) {
        database_is_away_ = now - *database_lost_ >= most_absence;
        return;
    }
    database_lost_.reset();
    if (!std::exchange(database_is_away_, false)) return;
    database_since_ = now;
    all_are_due_ = true; // nobody was looked at for his silence meanwhile
}

// Who has a connection of its own doesn't need the broker.
domain::listening_since supervision::listening_to(place p) const {
    if (database_is_away_) return std::nullopt;
    auto const since = std::max(*began_, database_since_);
    if (!all_.is_of_broker(p)) return since;
    if (!broker_since_) return std::nullopt;
    return std::max(since, *broker_since_);
}

runtime::task<void> supervision::judge_due(domain::instant now) {
    std::size_t judged = 0;
    while (auto const p = due_.take_due(now)) {
        judge(*p, now);
        if (++judged % devices_at_once == 0) co_await let_others_run();
    }
}

void supervision::judge(place p, domain::instant now) {
    auto const since = listening_to(p);
    auto const& held_to = all_.held_to(p);
    auto const verdict = domain::judge(all_.health(p), held_to, since, now);
    all_.keep(p, verdict.next);
    auto const gone = gone_since(verdict.next, held_to, since, now);
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
    auto const& device = all_.id(p);
    log::info(change.ended ? "device_well" : "device_trouble",
              {{"device", device}, {"what", to_text(change.what)}});
    touch(p);
    // What began while the database was away never began for it.
    if (change.ended)
        std::erase_if(pending_.troubles, [&](trouble_change const& each) {
            return !each.what.ended && each.what.what == change.what && each.device == device;
        });
    if (change.what != domain::trouble::offline) {
        pending_.troubles.push_back({device, change, std::nullopt});
        return;
    }
    if (!change.ended) {
        begun_.emplace_back(p, change.since);
        return;
    }
    std::erase_if(begun_, [p](auto const& each) { return each.first == p; });
    pending_.troubles.push_back({device, change, std::nullopt});
    comes_out_of_outage(p);
}

// ------------------------------------------------------------------ outages

// False: an outage could not be raised. Its devices wait for the next round.
runtime::task<bool> supervision::weigh_outages(domain::instant now) {
    std::map<domain::area_id, bool> no_outage; // asked in this round
    for (int weighed = 1; !begun_.empty(); ++weighed) {
        if (weighed % outages_at_once == 0) {
            co_await let_others_run();
            continue; // they may have ended what stood here
        }
        auto const [p, since] = begun_.back();
        auto const area = all_.area(p);
        auto running = running_for(p, since);
        if (!running && !no_outage[area]) {
            auto const out = area_that_is_out(all_.upwards(p), tallies_about(since), with_.outages);
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
            no_outage[area] = !out;
        }
        begun_.pop_back();
        pending_.troubles.push_back(
            {all_.id(p), {domain::trouble::offline, since, std::nullopt}, running});
        if (running) attach(p, *running, since);
    }
    co_return true;
}

std::optional<domain::outage_id> supervision::running_for(place p, domain::instant since) {
    auto const& upwards = all_.upwards(p);
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
        bool const in_window = std::chrono::abs(went - since) <= with_.outages.window;
        if (!in_window || all_.outage(p) || is_open(all_.health(p), domain::trouble::dormant))
            continue;
        for (auto const& area : all_.upwards(p)) {
            auto& tally = all[area];
            tally.devices = all_.devices_in(area);
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
    std::set<place> begun;
    for (auto const& [p, since] : begun_)
        begun.insert(p);
    for (auto const& [p, went] : gone_) {
        bool const listed = is_open(all_.health(p), domain::trouble::offline) && !begun.contains(p);
        if (!listed || all_.outage(p) || running_for(p, went) != id) continue;
        pending_.moved.emplace_back(all_.id(p), id);
        attach(p, id, went);
    }
}

void supervision::attach(place p, domain::outage_id const& id, domain::instant since) {
    auto& o = outages_.at(id);
    all_.belongs_to(p, id);
    o.what.since = std::min(o.what.since, since);
    o.last = std::max(o.last, since);
    ++o.what.devices;
    ++o.still_gone;
    o.is_changed = true;
}

void supervision::comes_out_of_outage(place p) {
    auto const outage = all_.outage(p);
    if (!outage) return;
    if (auto const o = outages_.find(*outage); o != outages_.end()) --o->second.still_gone;
    all_.belongs_to(p, std::nullopt);
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
    domain::outage o{with_.ids.make<domain::outage_id>(now),
                     domain::outage_kind::broker,
                     with_.city,
                     *broker_lost_,
                     std::nullopt,
                     static_cast<int>(all_.by_broker())};
    bool const told = co_await begin_outage(o);
    co_return told;
}

void supervision::end_outages(domain::instant now) {
    for (auto& [id, o] : outages_) {
        bool const of_area = o.what.kind == domain::outage_kind::area;
        if (!of_area || !is_over(o.what, o.still_gone)) continue;
        o.what.ended = now;
        o.is_changed = true;
        for (auto const p : all_.in_outage(id)) {
            all_.belongs_to(p, std::nullopt);
            pending_.moved.emplace_back(all_.id(p), std::nullopt);
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
    if (pending_.is_empty()) { // or none of the first that were weighed
        next_write_ = dirty_.empty() ? now + write_every : now;
        co_return;
    }
    auto const done = co_await with_.keeper.keep(pending_);
    if (!done) {
        for (auto const& d : pending_.devices)
            if (auto const p = all_.find(d.id)) touch(*p);
        pending_.devices.clear();
        co_return;
    }
    for (auto const& d : pending_.devices)
        if (auto const p = all_.find(d.id)) all_.is_written(*p, d.health);
    pending_ = {};
    next_write_ = dirty_.empty() ? now + write_every : now;
}

// Whoever has waited longest comes first; the others' turn comes with the next round.
void supervision::add_devices(health_changes& to, domain::instant now) {
    to.at = now;
    for (std::size_t weighed = 0; weighed < most_weighed_at_once && !dirty_.empty() &&
                                  to.devices.size() < most_written_at_once;
         ++weighed) {
        auto const p = dirty_.front();
        dirty_.pop_front();
        // Who has gone meanwhile, or taken the place, is no longer meant.
        if (all_.becomes_clean(p) && all_.is_worth_writing(p)) to.devices.push_back(all_.whole(p));
    }
}

supervision::figures supervision::so_far() const {
    return {looks_, all_.size(), all_.offline(), outages_.size()};
}

} // namespace linli::app
