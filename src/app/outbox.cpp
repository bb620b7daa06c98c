#include "app/outbox.hpp"

#include "runtime/log.hpp"

namespace linli::app {

namespace log = runtime::log;

namespace {

constexpr std::size_t most_waiting = 20'000; // in memory; the record holds the rest
constexpr std::size_t most_in_flight = 1'000;
constexpr int rows_a_read = 500;
constexpr domain::seconds lease{10};
constexpr std::chrono::milliseconds look_every{500}; // for other processes' commits

} // namespace

void outbox::enqueue(std::vector<outbox_row> const& rows) {
    for (auto const& row : rows)
        if (fresh_.size() < most_waiting) fresh_.push_back(row);
    pump();
}

void outbox::look_now() {
    time_.wake();
}

void outbox::pump() {
    while (!fresh_.empty() && in_flight_ < most_in_flight) {
        auto const row = std::move(fresh_.front());
        fresh_.pop_front();
        ++in_flight_;
        to_.send(row, [this, id = row.id](bool ok) { went(id, ok); });
    }
}

void outbox::went(domain::uuid const& id, bool ok) {
    --in_flight_;
    if (ok) sent_.push_back(id); // a row that did not go is read again when its lease is over
    pump();
}

runtime::task<void> outbox::run() {
    for (;;) {
        auto reported = co_await report_sent();
        auto found = co_await read_due();
        if (found && *found == static_cast<std::size_t>(rows_a_read)) continue;
        if (!reported || !found) log::debug("outbox_waits", {{"why", "database_away"}});
        auto const next = time_.now() + look_every;
        co_await time_.wait_until(next);
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

runtime::task<record_result<std::size_t>> outbox::read_due() {
    if (waiting() >= most_waiting / 2) co_return std::size_t{0};
    // The rows of a crashed run are still in its lease: at the start nobody waits for that. With
    // two servers some go twice, which their receivers ignore.
    auto const due = first_look_ ? time_.now() + lease : time_.now();
    auto rows = co_await keeper_.take_outbox(due, lease, rows_a_read);
    if (!rows) co_return rows.error();
    first_look_ = false;
    enqueue(*rows);
    co_return rows->size();
}

} // namespace linli::app
