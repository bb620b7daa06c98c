// How far the reader's work is committed, now and over a restart.
#pragma once

#include <set>
#include <span>

#include "adapters/journal/checkpoint.hpp"

namespace linli::journal {

// What has been given out and not committed: this run's, and until it has been read again what
// the last run left. Not thread-safe.
class progress {
public:
    explicit progress(checkpoint last) : last_{std::move(last)} {}

    [[nodiscard]] position begin() const; // where reading goes on after the last run
    [[nodiscard]] std::uint64_t records_before_begin() const;
    [[nodiscard]] checkpoint const& last() const { return last_; }
    [[nodiscard]] bool was_committed(position at) const;

    void give_out(position at) { outstanding_.insert(at); }
    [[nodiscard]] bool is_outstanding(position at) const { return outstanding_.contains(at); }
    std::uint64_t commit(std::span<position const> done);
    [[nodiscard]] std::size_t outstanding() const { return outstanding_.size(); }

    // What must be kept, and what would be read again, with the reader at `cursor`.
    [[nodiscard]] position oldest_open(position cursor) const;
    [[nodiscard]] checkpoint now(position cursor, std::uint64_t records_before) const;

private:
    checkpoint last_;
    std::set<position> outstanding_;
};

} // namespace linli::journal
