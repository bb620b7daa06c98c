#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "app/clock.hpp"
#include "app/dispatch.hpp"
#include "app/observation_record.hpp"
#include "domain/thresholds.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// Whether what is measured can reach this server.
struct hearing {
    bool receives = true; // else another server does, and looks
    // Nothing: the broker is away, or telemetry waits there for room.
    std::optional<domain::instant> since = domain::instant();
};

// Judges telemetry that has been kept, and the time that passes after it: what crosses a limit or a
// fence, or lasts too long, goes the signals' way into the record.
//
// First the signals, then the rows: who dies between the two decides the same again, with the same
// events, and the record knows them already. So each becomes a signal once, whoever else looks.
class observer {
public:
    struct figures {
        std::uint64_t signals = 0;   // since the start
        domain::duration overdue{0}; // the longest of what was due at the last look
    };

    observer(
        observation_record& keeper, dispatch& to, clock& time, domain::thresholds agreed,
        domain::minutes utc_offset, std::function<hearing()> hears = [] { return hearing(); })
        : keeper_(keeper), to_(to), time_(time), agreed_(std::move(agreed)),
          utc_offset_(utc_offset), hears_(std::move(hears)) {}

    // Until it is judged, however long the database is away.
    runtime::task<void> observe(std::vector<domain::telemetry> const& batch);
    // What was measured but not yet judged may still end a time that runs: it comes first.
    void caught_up(bool has) { caught_up_ = has; }

    // The time that passes. Runs until cancelled.
    runtime::task<void> run();

    figures const& so_far() const { return figures_; }

private:
    runtime::task<record_result<void>> judge(std::vector<domain::telemetry> const& batch);
    runtime::task<record_result<bool>> look();
    runtime::task<record_result<void>> learn_deafness(domain::instant now);
    runtime::task<record_result<void>> weigh(hearing const& heard, domain::instant now);
    runtime::task<record_result<due_dwells>> overdue(hearing const& heard, domain::instant now);
    bool has_patience(hearing const& heard, domain::instant due_at, domain::instant now) const;
    runtime::task<record_result<observed>> known_of(std::vector<domain::dwell> const& rows);
    runtime::task<record_result<void>> settle(domain::observation const& decided);
    runtime::task<record_result<void>> raise(std::vector<domain::signal> const& signals);
    runtime::task<void> pause(domain::duration how_long);

    observation_record& keeper_;
    dispatch& to_;
    clock& time_;
    domain::thresholds const agreed_;
    domain::minutes const utc_offset_;
    std::function<hearing()> const hears_;
    bool caught_up_ = false;
    domain::instant judged_at_;                 // the newest batch
    bool is_away_ = false;                      // the record
    domain::instant reached_at_;                // since it was away last
    std::optional<domain::instant> deaf_since_; // the broker is away
    std::optional<domain::instant> looks_since_;
    bool knows_deafness_ = false; // of before it has looked
    figures figures_;
};

} // namespace linli::app
