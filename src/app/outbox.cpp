#include "app/outbox.hpp"

#include <algorithm>

#include "runtime/log.hpp"

namespace linli::app {

namespace log = runtime::log;

namespace {

// On each road: in memory, of which the record holds the rest, and at the broker.
constexpr std::size_t most_waiting = 20'000;
constexpr std::size_t most_in_flight = 1'000;
constexpr int rows_a_read = 500;
constexpr std::uint32_t most_attempts =
    20; // then only the record remembers it, and asks less often
constexpr std::size_t most_unreported = 200; // a crash sends these again: then run() looks early
constexpr domain::seconds lease{10};
constexpr std::chrono::milliseconds look_every{500}; // for other processes' commits

} // namespace

outbox::road& outbox::road_of(outbox_row const& row) {
    return row.destination.starts_with("device:") ? receipts_ : offers_;
}

void outbox::enqueue(std::vector<outbox_row> const& rows) {
    for (auto const& row : rows) {
        auto& on = road_of(row);
        if (on.fresh.size() < most_waiting && !on.in_flight.contains(row.id))
            on.fresh.emplace(row.id, row);
    }
    pump();
}

void outbox::look_now() {
    offers_.paused = receipts_.paused = false;
    is_to_forward_ = true;
    pump();
    bell_.ring();
}

void outbox::pump() {
    pump(offers_);
    pump(receipts_);
}

void outbox::pump(road& on) {
    while (!on.paused && !on.fresh.empty() && on.in_flight.size() < most_in_flight) {
        auto const moved = on.in_flight.insert(on.fresh.extract(on.fresh.begin()));
        auto const& row = moved.position->second;
        steps_.published(row);
        to_.send(row, [this, &on, id = row.id](bool ok) { went(on, id, ok); });
    }
}

void outbox::went(road& on, domain::uuid const& id, bool ok) {
    auto row = on.in_flight.extract(id);
    if (row.empty()) return;
    if (ok) {
        steps_.acknowledged(row.mapped());
        sent_.push_back(id);
        if (sent_.size() % most_unreported == 0) bell_.ring();
    } else if (++row.mapped().attempts < most_attempts) {
        on.fresh.insert(std::move(row));
        on.paused = true;
    }
    pump(on);
}

runtime::task<void> outbox::run() {
    for (;;) {
        offers_.paused = receipts_.paused = false;
        pump();
        auto reported = co_await report_sent();
        if (is_to_forward_) co_await forward();
        auto found = co_await read_due();
        if (found && *found == static_cast<std::size_t>(rows_a_read)) continue;
        if (!reported || !found) log::debug("outbox_waits", {{"why", "database_away"}});
        auto const next = time_.now() + look_every;
        co_await time_.wait_until(next, bell_);
    }
}

runtime::task<record_result<void>> outbox::report_sent() {
    if (sent_.empty()) co_return record_result<void>();
    std::vector<domain::uuid> ids;
    ids.swap(sent_);
    auto done = co_await keeper_.outbox_sent(ids);
    if (!done) sent_.insert(sent_.end(), ids.begin(), ids.end());
    co_return done;
}

// What was tried in vain while the broker was away, and isn't in memory any more.
runtime::task<void> outbox::forward() {
    auto const now = time_.now();
    auto const done = co_await keeper_.outbox_forward(now, now + lease);
    is_to_forward_ = !done;
}

runtime::task<record_result<std::size_t>> outbox::read_due() {
    if (waiting() >= most_waiting / 2) co_return std::size_t{0};
    // The rows of a crashed run are still in its lease: at the start nobody waits for that. With
    // two servers some go twice, which their receivers ignore. What is taken is leased from now on,
    // and past the bound, so that the next page holds others and the next start finds these.
    auto const now = time_.now();
    if (!found_by_start_) found_by_start_ = now + lease;
    auto const due = catching_up_ ? *found_by_start_ : now;
    auto const leased_until = std::max(now + lease, due + domain::duration(1));
    auto rows = co_await keeper_.take_outbox(due, leased_until - due, rows_a_read);
    if (!rows) co_return rows.error();
    if (rows->size() < static_cast<std::size_t>(rows_a_read)) catching_up_ = false;
    enqueue(*rows);
    co_return rows->size();
}

} // namespace linli::app
