#include "app/observer.hpp"

#include <algorithm>
#include <set>

#include "runtime/log.hpp"

namespace linli::app {

namespace log = runtime::log;

namespace {

// Few at a time: a city whose network comes back must not stand between a press and the record.
constexpr std::size_t signals_a_batch = 32;
constexpr int rows_a_look = 200;
constexpr std::chrono::milliseconds retry_after{500};
constexpr domain::seconds look_every{1};
// So long does time wait for telemetry that has come and is not yet judged, if none of it is judged
// meanwhile; and so long if it is.
constexpr domain::seconds most_patience{60};
constexpr domain::minutes longest_patience{10};
// After the broker or the record was away: until what has waited there has begun to come.
constexpr domain::seconds settles_in{30};
// What is shorter takes nobody's motion away: devices keep what they could not tell.
constexpr domain::seconds least_deafness{60};
constexpr int most_races = 20;

bool says_something(domain::telemetry const& t) {
    return !t.vitals.empty() || !t.fixes.empty() || !t.activities.empty();
}

std::vector<domain::device_id> devices_of(std::vector<domain::telemetry> const& batch) {
    std::set<domain::device_id> all;
    for (auto const& each : batch)
        if (says_something(each)) all.insert(each.device);
    return {all.begin(), all.end()};
}

bool tells_of(observed const& known, domain::dwell const& row) {
    auto const of = known.devices.find(row.device);
    return of != known.devices.end() && of->second.about == row.about;
}

domain::care const* who_tells_of(observed const& known, domain::dwell const& row) {
    if (tells_of(known, row)) return &known.devices.at(row.device);
    for (auto const& [device, of] : known.devices)
        if (of.about == row.about) return &of;
    return nullptr;
}

std::vector<domain::device_id> devices_of(std::vector<domain::dwell> const& rows) {
    std::set<domain::device_id> all;
    for (auto const& each : rows)
        all.insert(each.device);
    return {all.begin(), all.end()};
}

// With the rows that belong to nobody's device any more.
std::vector<domain::dwell> all_rows(std::vector<domain::dwell> known,
                                    std::vector<domain::dwell> const& due) {
    for (auto const& each : due) {
        bool const is_there = std::ranges::any_of(known, [&](domain::dwell const& d) {
            return d.about == each.about && d.rule == each.rule;
        });
        if (!is_there) known.push_back(each);
    }
    return known;
}

} // namespace

runtime::task<void> observer::observe(std::vector<domain::telemetry> const& batch) {
    bool told = false;
    for (int lost = 0; lost < most_races;) {
        auto const done = co_await judge(batch);
        judged_at_ = time_.now();
        if (done) co_return;
        if (done.error() == record_errc::conflict) {
            ++lost;
            continue;
        }
        if (done.error() == record_errc::bad_data) break;
        if (!told) log::error("observation_waits", {{"messages", batch.size()}});
        told = true;
        co_await pause(retry_after);
    }
    log::error("observation_given_up",
               {{"messages", batch.size()}, {"first", batch.empty() ? "" : batch[0].event.value}});
}

runtime::task<record_result<void>> observer::judge(std::vector<domain::telemetry> const& batch) {
    auto const devices = devices_of(batch);
    if (devices.empty()) co_return record_result<void>();
    auto const known = co_await keeper_.read(devices);
    if (!known) co_return known.error();
    domain::observation decided(agreed_, utc_offset_, known->rows);
    for (auto const& each : batch)
        if (auto const of = known->devices.find(each.device); of != known->devices.end())
            decided.take(of->second, each);
    auto const done = co_await settle(decided);
    co_return done;
}

runtime::task<record_result<void>> observer::settle(domain::observation const& decided) {
    auto const raised = co_await raise(decided.signals());
    if (!raised) co_return raised.error();
    auto const rows = decided.changed();
    if (rows.empty()) co_return record_result<void>();
    auto const kept = co_await keeper_.keep(rows);
    if (kept) figures_.signals += decided.signals().size();
    co_return kept;
}

runtime::task<record_result<void>> observer::raise(std::vector<domain::signal> const& signals) {
    if (!signals.empty() && !to_.knows_registry()) co_return record_errc::away;
    for (std::size_t from = 0; from < signals.size(); from += signals_a_batch) {
        auto const end = std::min(signals.size(), from + signals_a_batch);
        std::vector<input> batch;
        for (auto at = from; at < end; ++at)
            batch.emplace_back(signals[at]);
        auto const done = co_await to_.run(std::move(batch));
        if (!done) co_return done.error();
    }
    co_return record_result<void>();
}

runtime::task<void> observer::run() {
    for (;;) {
        auto const more = co_await look();
        if (more && *more) continue;
        co_await pause(look_every);
    }
}

// Whoever takes the device off that told last takes nobody's watch away: another that tells of the
// same home or person goes on in its place.
runtime::task<record_result<observed>> observer::known_of(std::vector<domain::dwell> const& rows) {
    auto const devices = devices_of(rows);
    auto known = co_await keeper_.read(devices);
    if (!known) co_return known.error();
    std::vector<domain::subject> orphans;
    for (auto const& each : rows)
        if (!tells_of(*known, each)) orphans.push_back(each.about);
    if (orphans.empty()) co_return known;
    auto const heirs = co_await keeper_.heirs(orphans);
    if (!heirs) co_return heirs.error();
    auto others = co_await keeper_.read(*heirs);
    if (!others) co_return others.error();
    known->devices.merge(others->devices);
    known->rows = all_rows(std::move(known->rows), others->rows);
    co_return known;
}

// The broker may have died long before this server began, or took over: then it was written down,
// by whoever was there. That it is back may have been written down a little before the first look.
runtime::task<record_result<void>> observer::learn_deafness(domain::instant now) {
    if (knows_deafness_) co_return record_result<void>();
    if (!looks_since_) looks_since_ = now;
    auto const then = *looks_since_ - least_deafness;
    auto const known = co_await keeper_.deaf_since(then);
    if (!known) co_return known.error();
    knows_deafness_ = true;
    if (*known && (!deaf_since_ || **known < *deaf_since_)) deaf_since_ = *known;
    co_return record_result<void>();
}

// Of our own deafness nobody is missed: what could not reach us counts as no silence.
runtime::task<record_result<void>> observer::weigh(hearing const& heard, domain::instant now) {
    if (!heard.since && !deaf_since_) deaf_since_ = now;
    if (!heard.since || !deaf_since_) co_return record_result<void>();
    auto const from = *deaf_since_;
    auto const until = *heard.since;
    if (until - from >= least_deafness) {
        auto const kept = co_await keeper_.unheard(from, until);
        if (!kept) co_return kept.error();
        log::info("observation_was_deaf",
                  {{"for_s", std::chrono::round<domain::seconds>(until - from).count()}});
    }
    deaf_since_.reset();
    co_return record_result<void>();
}

runtime::task<record_result<due_dwells>> observer::overdue(hearing const& heard,
                                                           domain::instant now) {
    auto const rules = heard.since ? due_rules::all : due_rules::all_but_silence;
    auto found = co_await keeper_.due(now, rows_a_look, rules);
    if (found && is_away_) reached_at_ = time_.now();
    is_away_ = !found;
    co_return found;
}

// Whether a row that is due by now waits for what has come, or is coming, and isn't judged yet.
bool observer::has_patience(hearing const& heard, domain::instant due_at,
                            domain::instant now) const {
    auto const able_since = std::max(reached_at_, heard.since.value_or(reached_at_));
    if (caught_up_ && now - able_since >= settles_in) return false;
    auto const from = std::max(due_at, able_since);
    return now - std::max(from, judged_at_) < most_patience && now - from < longest_patience;
}

// True when there may be more to do at once.
runtime::task<record_result<bool>> observer::look() {
    auto const now = time_.now();
    auto const heard = hears_();
    if (!heard.receives) {
        deaf_since_.reset();
        looks_since_.reset();
        knows_deafness_ = false;
        figures_.overdue = {};
        co_return false;
    }
    auto const learned = co_await learn_deafness(now);
    if (!learned) co_return learned.error();
    auto const weighed = co_await weigh(heard, now);
    if (!weighed) co_return weighed.error();
    auto const due = co_await overdue(heard, now);
    if (!due) co_return due.error();
    figures_.overdue = due->rows.empty() ? domain::duration(0) : now - *due->rows.front().due_at;
    if (due->rows.empty()) co_return false;
    if (has_patience(heard, *due->rows.front().due_at, now)) co_return false;
    auto const known = co_await known_of(due->rows);
    if (!known) co_return known.error();
    domain::observation decided(agreed_, utc_offset_, all_rows(known->rows, due->rows));
    for (auto const& each : due->rows)
        if (auto const* of = who_tells_of(*known, each))
            decided.look(*of, each.rule, now);
        else
            decided.forget(each.about, each.rule);
    auto const done = co_await settle(decided);
    if (!done && done.error() == record_errc::conflict) co_return true;
    if (!done) co_return done.error();
    co_return due->rows.size() >= static_cast<std::size_t>(rows_a_look);
}

runtime::task<void> observer::pause(domain::duration how_long) {
    auto const end = time_.now() + how_long;
    co_await time_.wait_until(end);
}

} // namespace linli::app
