#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "app/clock.hpp"
#include "app/messenger.hpp"
#include "app/record.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// Sends what was committed, in the order of the commits, at least once. Fresh rows come straight
// from memory; whatever was not sent in time (a crash, a broker away, another process's commit)
// is read from the record again.
class outbox {
public:
    outbox(record& keeper, messenger& to, clock& time) : keeper_(keeper), to_(to), time_(time) {}

    // Just committed. Past the bound the rows wait in the record.
    void enqueue(std::vector<outbox_row> const& rows);

    // The broker is back: nothing waits for its lease any longer.
    void look_now();

    // Looks for rows that are due, and reports those that went. Runs until cancelled.
    runtime::task<void> run();

    std::size_t waiting() const { return fresh_.size() + in_flight_; }

private:
    void pump();
    void went(domain::uuid const& id, bool ok);
    runtime::task<record_result<void>> report_sent();
    runtime::task<record_result<std::size_t>> read_due();

    record& keeper_;
    messenger& to_;
    clock& time_;
    std::deque<outbox_row> fresh_;
    std::vector<domain::uuid> sent_;
    std::size_t in_flight_ = 0;
    bool first_look_ = true;
};

} // namespace linli::app
