#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "app/clock.hpp"
#include "app/dispatch.hpp"
#include "app/input.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// What has been written down and waits to be decided, oldest first. The journal is behind it.
class inbox {
public:
    using token = std::uint64_t; // names a waiting item until it is done

    struct item {
        token name = 0;
        std::vector<input> what; // empty: nothing to decide, only to be marked as done
    };

    virtual ~inbox() = default;

    // Never waits; empty when there is nothing.
    virtual std::vector<item> next(std::size_t most) = 0;
    // Returns when there may be something, or when it has been cancelled.
    virtual runtime::task<void> wait() = 0;
    // Committed: never to be seen again, not even after a restart.
    virtual void done(std::vector<token> const& names) = 0;
};

// Takes waiting items to the record, batch by batch. While the database is away it holds its batch
// and tries again; the journal goes on taking signals meanwhile.
class intake {
public:
    intake(inbox& from, dispatch& to, clock& time) : from_(from), to_(to), time_(time) {}

    // Runs until cancelled.
    runtime::task<void> run();

    bool is_stuck() const { return stuck_; } // the database is away and a batch waits

private:
    runtime::task<void> take(std::vector<input> batch);

    inbox& from_;
    dispatch& to_;
    clock& time_;
    bool stuck_ = false;
};

} // namespace linli::app
