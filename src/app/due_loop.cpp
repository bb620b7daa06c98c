#include "app/due_loop.hpp"

#include <algorithm>

#include "runtime/log.hpp"

namespace linli::app {

namespace log = runtime::log;

namespace {

constexpr int items_a_batch = 200;

// Another process (a desk, a second server) may write a due time that we don't hear of: look at
// least this often. Also the pause after an outage.
constexpr domain::seconds look_every{1};

// A round asks the database some eighteen questions, however many items it has. With 150 items a
// second, each in a round of its own, a press took 14 transactions and PostgreSQL 8 ms
// (tests/bench/latency, 2026-11-29); what comes due within this is done together. Half of it is
// what an order waits in the middle: with a tenth of a second 100,000 open orders were kept 72 ms
// late, and 99 of 100 at most 125, where 100 is the aim (tests/bench/due, 2026-11-30).
constexpr std::chrono::milliseconds rounds_apart{50};

} // namespace

void due_loop::sleep_no_later_than(std::optional<domain::instant> due) {
    if (!due) return;
    auto const at = std::max(*due, next_round_);
    if (at >= wakes_at_) return;
    wakes_at_ = at;
    bell_.ring();
}

void due_loop::heard(changes const& committed) {
    for (auto const& a : committed.alerts)
        sleep_no_later_than(a.due_at);
    for (auto const& o : committed.orders)
        sleep_no_later_than(o.due_at);
    for (auto const& r : committed.requests)
        sleep_no_later_than(r.due_at);
}

runtime::task<void> due_loop::run() {
    for (;;) {
        auto const begun = time_.now();
        next_round_ = begun + rounds_apart;
        wakes_at_ = begun + look_every;
        auto const more = co_await do_due();
        learn_of_silence(more, begun);
        if (more && *more) continue;
        if (!more) next_round_ = wakes_at_ = time_.now() + look_every;
        // News may have brought it forward, to a time that is still to come.
        while (time_.now() < wakes_at_)
            co_await time_.wait_until(wakes_at_, bell_);
    }
}

// A question that hangs is cut off after a while, and counts from when it was asked.
void due_loop::learn_of_silence(record_result<bool> const& answer, domain::instant asked_at) {
    bool const is_silent = !answer && answer.error() == record_errc::away;
    if (!is_silent)
        silent_since_.reset();
    else if (!silent_since_)
        silent_since_ = asked_at;
}

// True when more was due than one round takes.
runtime::task<record_result<bool>> due_loop::do_due() {
    auto due = co_await keeper_.due(time_.now(), items_a_batch);
    if (!due) co_return due.error();
    std::vector<input> batch;
    for (auto const& id : due->alerts)
        batch.emplace_back(alert_due{id});
    for (auto const& id : due->orders)
        batch.emplace_back(order_due{id});
    for (auto const& id : due->requests)
        batch.emplace_back(request_due{id});
    if (batch.empty()) {
        sleep_no_later_than(due->next);
        co_return false;
    }
    lateness_ = due->oldest ? time_.now() - *due->oldest : domain::duration{0};
    auto const full = batch.size() >= static_cast<std::size_t>(items_a_batch);
    auto done = co_await to_.run(std::move(batch));
    if (!done) co_return done.error();
    sleep_no_later_than(due->next);
    for (auto const& each : *done)
        if (each.set_aside) co_return false; // it would come back at once, for ever
    co_return full;
}

} // namespace linli::app
