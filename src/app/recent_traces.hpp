#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/clock.hpp"
#include "app/trace.hpp"

namespace linli::app {

// A message that an event has led to: a receipt or an offer.
struct message_trace {
    std::string to;   // "device:w1", "provider:c1"
    std::string what; // "receipt stored", "offer open"
    domain::instant put;
    std::optional<domain::instant> published; // the last time, if it had to be repeated
    std::optional<domain::instant> acknowledged;
    std::uint32_t tries = 0;

    bool operator==(message_trace const&) const = default;
};

// One event, by the house clock: all times can be compared with each other and with the record's.
struct event_trace {
    std::string event;
    std::string door;                                 // empty: none, a person told it
    std::array<std::optional<domain::instant>, 8> at; // by trace_step, up to committed
    std::uint32_t tries = 0;                          // of its batch, to decide and commit
    std::uint32_t batch = 0;                          // inputs that were committed with it
    std::uint32_t repeats = 0; // how often it came again once it was committed
    std::vector<message_trace> messages;
    std::uint32_t messages_left_out = 0;

    std::optional<domain::instant>& when(trace_step what) {
        return at[static_cast<std::size_t>(what)];
    }
    std::optional<domain::instant> const& when(trace_step what) const {
        return at[static_cast<std::size_t>(what)];
    }
    bool operator==(event_trace const&) const = default;
};

// The newest events' steps, in memory: as many as there is room for, the oldest goes first. What
// the doors tell lies in atomics by its place in the journal, so that no thread waits for another;
// all else happens on the loop.
class recent_traces final : public trace {
public:
    // How long a step took since the one before; `synced` from any thread.
    using observer = std::function<void(trace_step what, domain::duration took)>;

    recent_traces(std::size_t most, clock& time, observer took = {});

    void written(journal_place where) override;
    void synced(journal_place where) override;
    void taken(input const& what, journal_place from) override;
    void begun(std::vector<input> const& batch) override;
    void read(std::vector<input> const& batch) override;
    void decided(std::vector<input> const& batch) override;
    void committed(std::vector<input> const& batch, changes const& what) override;
    void published(outbox_row const& what) override;
    void acknowledged(outbox_row const& what) override;

    // What is known of it now.
    std::optional<event_trace> find(std::string_view event) const;

private:
    struct door_note {
        std::atomic<journal_place> place{0};
        std::atomic<std::int64_t> written{0};
        std::atomic<std::int64_t> synced{0};
    };
    struct door_times {
        std::optional<domain::instant> written;
        std::optional<domain::instant> synced;
    };
    struct slot {
        event_trace what;
        journal_place place = 0;
        std::uint64_t batch = 0;       // the last that it was in
        std::vector<domain::uuid> ids; // of its messages
    };
    struct message_at {
        std::size_t slot = 0;
        std::size_t number = 0; // among its event's
    };

    door_note& note_at(journal_place where);
    door_times door_times_of(journal_place where) const;
    slot* find_slot(std::string_view event);
    slot& open(std::string_view event);
    template <class F>
    void each_uncommitted(std::vector<input> const& batch, F const& touch);
    void did(trace_step what, std::vector<input> const& batch);
    void took(trace_step what, std::optional<domain::instant> const& before,
              std::optional<domain::instant> const& then) const;
    void put(outbox_row const& row, changes const& by, domain::instant now);
    void keep(outbox_row const& row, std::string_view event, std::string what, domain::instant now);
    message_trace* find_message(outbox_row const& row);

    clock& time_;
    observer took_;
    std::vector<door_note> notes_; // by place
    std::vector<slot> slots_;      // a ring
    std::size_t next_ = 0;
    std::unordered_map<std::string_view, std::size_t> slot_of_; // keys lie in the slots
    std::map<domain::uuid, message_at> under_way_;              // not acknowledged yet
    std::uint64_t batches_ = 0;
};

} // namespace linli::app
