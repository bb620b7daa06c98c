#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "app/clock.hpp"
#include "app/dispatch.hpp"
#include "app/input.hpp"
#include "app/recent_events.hpp"
#include "app/trace.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// What has been written down and waits to be decided, oldest first. The journal is behind it.
class inbox {
public:
    using token = std::uint64_t; // names a waiting item until it is done

    struct item {
        token name = 0;
        std::vector<input> what; // empty: nothing to decide, only to be marked as done
        journal_place place = 0; // for the trace
    };

    virtual ~inbox() = default;

    // Never waits; empty when there is nothing.
    virtual std::vector<item> next(std::size_t most) = 0;
    // Returns when there may be something, or when it has been cancelled. Several may wait.
    virtual runtime::task<void> wait() = 0;
    // Committed: never to be seen again, not even after a restart.
    virtual void done(std::vector<token> const& names) = 0;
};

// Takes waiting items to the record, batch by batch, two batches at a time: while one waits for the
// database, the next is read and decided. Calls for help come before what only tells something, and
// have a lane to themselves: a city whose devices all come back says more than the record takes in
// seconds. What one device (or provider) says stays in its order: nothing of it is taken while
// something of it is under way, or waits longer. While the database is away a batch is held and
// tried again; the journal goes on taking signals meanwhile.
class intake {
public:
    intake(inbox& from, dispatch& to, clock& time, trace& steps = nobody_traces())
        : from_(from), to_(to), time_(time), steps_(steps) {}

    // Runs until cancelled.
    runtime::task<void> run();

    bool is_stuck() const { return stuck_; } // the database is away and a batch waits
    // Since when the batch waits that waits longest; nothing when none is under way.
    std::optional<domain::instant> undecided_since() const;
    // Since when the item waits that waits longest, in a batch or for its turn: batches come and
    // go, and what stands behind those of its sender may wait for longer than any of them.
    std::optional<domain::instant> waiting_since() const;

    // Items that the record refuses for what they are. They are not marked as done: they stay in
    // the journal until somebody has mended the cause and restarted.
    std::size_t set_aside() const { return set_aside_; }
    // The signals among them, each once: nobody else will ever hear of it.
    std::vector<domain::signal> take_set_aside() { return std::exchange(signals_aside_, {}); }

private:
    struct waiting {
        inbox::item item;
        std::string sender; // empty: of nobody who could be overtaken
        bool is_call = false;
        domain::instant since;
    };
    struct claimed {
        std::vector<inbox::item> items;
        std::vector<std::string> senders; // of these, busy until release()
        bool are_calls = false;
        domain::instant since; // the first of them waits
    };
    enum class serves : std::uint8_t { everybody, calls };

    runtime::task<void> lane(serves whom);
    claimed claim(serves whom, std::set<std::string> const& had);
    void read_ahead();
    bool is_call(inbox::item const& item) const;
    claimed claim_of(std::set<std::string> const* senders);
    runtime::task<void> wait();
    runtime::task<void> take(claimed mine);
    runtime::task<std::vector<verdict>> decide(std::vector<input> const& batch);
    void remember(std::vector<input> const& batch, std::vector<verdict> const& verdicts);
    void release(std::vector<std::string> const& senders);
    std::vector<inbox::token> but_for_set_aside(std::vector<inbox::item> const& items,
                                                std::vector<inbox::token> const& names,
                                                std::vector<verdict> const& verdicts);

    inbox& from_;
    dispatch& to_;
    clock& time_;
    trace& steps_;
    std::deque<waiting> waiting_; // read, and taken by no lane yet
    std::set<std::string> busy_;  // senders
    recent_events decided_;
    int lanes_with_others_ = 0; // at work on what is no call
    std::optional<boost::asio::steady_timer> released_;
    std::multiset<domain::instant> undecided_; // the begin of each batch that is under way
    std::multiset<domain::instant> in_hand_;   // since when the first of each of them waits
    bool stuck_ = false;
    std::size_t set_aside_ = 0;
    std::vector<domain::signal> signals_aside_; // until somebody takes them
};

} // namespace linli::app
