#include "server/clock_watch.hpp"

#include <chrono>
#include <cstdlib>
#include <utility>

#include "runtime/log.hpp"
#include "server/house_clock.hpp"

namespace linli::server {

namespace log = runtime::log;

namespace {

constexpr domain::seconds keep_time_every{1};
constexpr domain::seconds most_between_clocks{2};

constexpr auto remedy = "set the database's machine and ours by one time server";

auto in_seconds(domain::duration d) {
    return std::chrono::round<domain::seconds>(d).count();
}

// What the database's reading is beyond all that our clock said while it was asked.
domain::duration beyond(domain::instant before, domain::instant wall, domain::instant after) {
    if (wall > after) return wall - after;
    return wall < before ? wall - before : domain::duration{0};
}

} // namespace

runtime::task<bool> clock_watch::adopt() {
    auto const times = co_await record_.clock_times();
    if (!times) co_return false;
    auto* own = dynamic_cast<house_clock*>(&clock_);
    if (!own) co_return true;
    bool const first = !own->is_adopted();
    auto const wrong = own->adopt(times->wall, times->latest);
    ahead_ = times->wall - clock_.now();
    if (!first) co_return true;
    if (std::chrono::abs(wrong) > most_between_clocks)
        log::warning("clock_differs",
                     {{"database_ahead_s", in_seconds(wrong)}, {"remedy", remedy}});
    auto const back = times->latest - times->wall;
    if (back > most_between_clocks)
        note_jump(-back, "the database's clock is behind what the house has already written");
    co_return true;
}

runtime::task<void> clock_watch::run() {
    for (;;) {
        auto const before = clock_.now();
        auto const wall = co_await record_.keep_latest_time(before);
        if (wall) compare(before, *wall, clock_.now()); // away: the next turn stores a later one
        co_await raise();
        auto const next = before + keep_time_every;
        co_await clock_.wait_until(next);
    }
}

// A slow drift is no jump: what was seen last is what counts.
void clock_watch::compare(domain::instant before, domain::instant wall, domain::instant after) {
    if (!ahead_) return; // not our clock
    auto const ahead = beyond(before, wall, after);
    auto const jumped = ahead - std::exchange(*ahead_, ahead);
    if (std::chrono::abs(jumped) > most_between_clocks)
        note_jump(jumped, "the database's clock jumped");
}

void clock_watch::note_jump(domain::duration by, std::string what) {
    log::error("clock_jumped", {{"by_s", in_seconds(by)}, {"what", what}, {"remedy", remedy}});
    auto const now = clock_.now();
    domain::signal jump;
    jump.device = {"clock"};
    jump.event = {"clock:x:" + std::to_string(now.time_since_epoch().count())};
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
