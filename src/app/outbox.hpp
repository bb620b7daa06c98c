#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "app/clock.hpp"
#include "app/messenger.hpp"
#include "app/record.hpp"
#include "app/trace.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// Sends what was committed, in the order of the commits, at least once. Fresh rows come straight
// from memory; whatever this process doesn't hold (a crash, another process's commit, more than
// fits) is read from the record when its lease is over. A row that could not be sent goes back to
// its place and all wait a moment: most likely the broker is away.
class outbox {
public:
    outbox(record& keeper, messenger& to, clock& time, trace& steps = nobody_traces())
        : keeper_(keeper), to_(to), time_(time), steps_(steps) {}

    // Just committed. Past the bound the rows wait in the record.
    void enqueue(std::vector<outbox_row> const& rows);

    // The broker is back: nothing waits any longer.
    void look_now();

    // Looks for rows that are due, and reports those that went. Runs until cancelled.
    runtime::task<void> run();

    std::size_t waiting() const { return offers_.waiting() + receipts_.waiting(); }

private:
    // Two roads, so that an offer waits for no receipt: a city that comes back has thousands of
    // those. In one of them what comes after overtakes nothing.
    struct road {
        std::map<domain::uuid, outbox_row> fresh; // by id: the order in which they were decided
        std::map<domain::uuid, outbox_row> in_flight;
        bool paused = false; // until the next look

        std::size_t waiting() const { return fresh.size() + in_flight.size(); }
    };

    road& road_of(outbox_row const& row);
    void pump();
    void pump(road& on);
    void went(road& on, domain::uuid const& id, bool ok);
    runtime::task<record_result<void>> report_sent();
    runtime::task<void> forward();
    runtime::task<record_result<std::size_t>> read_due();

    record& keeper_;
    messenger& to_;
    clock& time_;
    bell bell_; // ends run()'s wait
    trace& steps_;
    road offers_; // and whatever else people wait for
    road receipts_;
    std::vector<domain::uuid> sent_;
    bool is_to_forward_ = false;                    // what the record would let wait for long
    bool catching_up_ = true;                       // with what an earlier run has left
    std::optional<domain::instant> found_by_start_; // leases of earlier runs end by then
};

} // namespace linli::app
