#include "server/clock_watch.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "app/house_time.hpp"
#include "runtime/log.hpp"
#include "server/house_clock.hpp"

namespace linli::server {

namespace log = runtime::log;

namespace {

constexpr domain::seconds keep_time_every{1};
constexpr domain::seconds most_between_clocks{2};

// A house that has gone on with its machine's time goes on with it, but not so far.
constexpr domain::minutes most_told_ahead{1};

// What was let go of never comes back.
constexpr domain::hours looked_into_within{24};

constexpr auto remedy = "set the database's machine and ours by one time server";

auto in_seconds(domain::duration d) {
    return std::chrono::round<domain::seconds>(d).count();
}

// What the database's reading is beyond all that our clock said while it was asked.
domain::duration beyond(domain::instant before, domain::instant wall, domain::instant after) {
    if (wall > after) return wall - after;
    return wall < before ? wall - before : domain::duration{0};
}

void tell_difference(domain::duration database_ahead) {
    if (std::chrono::abs(database_ahead) > most_between_clocks)
        log::warning("clock_differs",
                     {{"database_ahead_s", in_seconds(database_ahead)}, {"remedy", remedy}});
}

} // namespace

void begin_with_database(app::clock& clock, std::string const& database_url) {
    auto* own = dynamic_cast<house_clock*>(&clock);
    if (!own) return;
    try {
        auto const times = postgres::read_house_times(database_url);
        tell_difference(own->adopt(times.wall, times.latest));
    } catch (std::exception const& away) {
        log::warning("clock_begins_with_machine", {{"why", away}});
    }
}

runtime::task<bool> clock_watch::adopt() {
    auto const times = co_await record_.clock_times();
    if (!times) co_return false;
    if (auto* own = dynamic_cast<house_clock*>(&clock_)) take(*own, *times);
    if (!was_ahead_) was_ahead_ = times->was_ahead;
    has_adopted_ = true;
    co_return true;
}

void clock_watch::take(house_clock& own, postgres::house_times const& times) {
    auto const told_ahead = clock_.now() - std::max(times.wall, times.latest);
    if (!has_adopted_ && told_ahead > most_told_ahead)
        throw std::runtime_error("its machine's clock is " +
                                 std::to_string(in_seconds(told_ahead)) +
                                 " s ahead of the database's: started again, it begins with that");
    auto const wrong = own.adopt(times.wall, times.latest);
    ahead_ = times.wall - clock_.now();
    if (has_adopted_) return;
    tell_difference(wrong);
    auto const back = times.latest - times.wall;
    if (back > most_between_clocks)
        note_jump(-back, "the database's clock is behind what the house has already written");
    if (!times.kept || times.wall - *times.kept <= app::house_time::far_ahead) return;
    was_ahead_ = clock_.now();
    note_jump(times.wall - *times.kept,
              "the house was off for long, or the database's clock is wrong (for 24 h nothing that "
              "is kept is let go of): it is ahead of what the house stored last",
              postgres::ahead_event);
}

bool clock_watch::may_let_go() {
    if (!has_adopted_) return false;
    return !was_ahead_ || std::chrono::abs(clock_.now() - *was_ahead_) >= looked_into_within;
}

runtime::task<void> clock_watch::run() {
    for (;;) {
        auto const before = clock_.now();
        co_await raise();
        // What is stored hides a start far ahead from the next one, which is to know of it.
        if (to_raise_.empty()) co_await keep_time();
        auto const next = before + keep_time_every;
        co_await clock_.wait_until(next);
    }
}

runtime::task<void> clock_watch::keep_time() {
    auto const before = clock_.now();
    auto const wall = co_await record_.keep_latest_time(before);
    if (wall) compare(before, *wall, clock_.now()); // away: the next turn stores a later one
}

// A slow drift is no jump: what was seen last is what counts.
void clock_watch::compare(domain::instant before, domain::instant wall, domain::instant after) {
    if (!ahead_) return; // not our clock
    auto const ahead = beyond(before, wall, after);
    auto const jumped = ahead - std::exchange(*ahead_, ahead);
    if (std::chrono::abs(jumped) > most_between_clocks)
        note_jump(jumped, "the database's clock jumped");
}

void clock_watch::note_jump(domain::duration by, std::string what, std::string const& event) {
    log::error("clock_jumped", {{"by_s", in_seconds(by)}, {"what", what}, {"remedy", remedy}});
    auto const now = clock_.now();
    domain::signal jump;
    jump.device = {"clock"};
    jump.event = {event + std::to_string(now.time_since_epoch().count())};
    jump.kind = domain::signal_kind::clock_jump;
    jump.door = "clock";
    jump.received_at = now;
    jump.text = what + " by " + std::to_string(in_seconds(by)) + " s: " + remedy;
    to_raise_.emplace_back(std::move(jump));
}

runtime::task<void> clock_watch::raise() {
    if (to_raise_.empty()) co_return;
    auto batch = to_raise_;
    auto const done = co_await to_.run(std::move(batch));
    if (done) to_raise_.clear(); // away: tried again, and known by its event id
}

} // namespace linli::server
