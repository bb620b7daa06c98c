#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "app/clock.hpp"
#include "app/observer.hpp"
#include "app/telemetry_record.hpp"
#include "domain/telemetry.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// Telemetry that has been written down and waits to be kept, oldest first. A journal is behind it.
class telemetry_inbox {
public:
    using token = std::uint64_t; // names a waiting item until it is done

    struct item {
        token name = 0;
        domain::telemetry what;
    };

    virtual ~telemetry_inbox() = default;

    // Empty when there is nothing. A task, because reading a day's bulk takes its time, and the
    // signals' loop may not wait for it.
    virtual runtime::task<std::vector<item>> next(std::size_t most) = 0;
    // Returns when there may be something, or when it has been cancelled.
    virtual runtime::task<void> wait() = 0;
    // The bytes of an item that is not done yet, as they came.
    virtual std::string bytes_of(token name) const = 0;
    // Kept: never to be seen again, not even after a restart.
    virtual runtime::task<void> done(std::vector<token> const& names) = 0;
};

// Takes waiting telemetry to its record, batch by batch, in its own time. While the database is
// away it holds its batch and tries again.
class telemetry_intake {
public:
    struct figures {
        std::uint64_t kept = 0;     // messages, since the start
        std::uint64_t repeated = 0; // known already: not kept again
        std::uint64_t refused = 0;  // by the database, with their values: only the bytes are kept
        bool is_stuck = false;      // the database is away and a batch waits
    };

    // `judge`: looks at what has been kept; nobody does if there is none. `may_forget`: whether it
    // is known how late it is; always, without it.
    telemetry_intake(telemetry_inbox& from, telemetry_record& to, clock& time,
                     std::chrono::days keep_for, observer* judge = nullptr,
                     std::function<bool()> may_forget = {})
        : from_(from), to_(to), time_(time), keep_for_(keep_for), judge_(judge),
          may_forget_(std::move(may_forget)) {}

    // Both run until cancelled.
    runtime::task<void> run();
    runtime::task<void> turn_pages();

    // Told of what is new or repeated, once it is kept; must not throw.
    using hearer = std::function<void(std::vector<domain::telemetry> const&)>;
    void tell(hearer whom) { kept_ = std::move(whom); }

    figures const& so_far() const { return figures_; }

private:
    struct batch {
        std::vector<domain::telemetry> what;
        std::vector<telemetry_inbox::token> names; // of the item behind each
    };

    runtime::task<void> keep(batch all);
    runtime::task<void> observe(std::vector<domain::telemetry> const& what);
    void caught_up(bool has);
    runtime::task<bool> keep_whole(std::vector<domain::telemetry> const& what);
    runtime::task<record_result<std::size_t>>
    keep_or_wait(std::vector<domain::telemetry> const& what);
    static batch second_half_of(batch& all);
    runtime::task<void> pause(domain::duration how_long);

    telemetry_inbox& from_;
    telemetry_record& to_;
    clock& time_;
    std::chrono::days keep_for_;
    observer* judge_;
    std::function<bool()> may_forget_;
    figures figures_;
    hearer kept_;
};

} // namespace linli::app
