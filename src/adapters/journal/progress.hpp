// How far the reader's work is committed, now and over a restart.
#pragma once

#include "adapters/journal/segment.hpp"

#include <filesystem>
#include <set>
#include <span>
#include <vector>

namespace linli::journal {

// Everything before `cursor` is committed, except what `open` lists (ascending).
struct checkpoint {
    position cursor;
    std::uint64_t records_before = 0; // the cursor, counted since the journal began
    std::vector<position> open;
};

// Not synced: losing it, or finding an old one, only means that committed records come again.
// So neither does a failure to write it matter, and an unreadable file is an empty checkpoint.
void write_checkpoint(std::filesystem::path const& path, checkpoint const& now);
[[nodiscard]] checkpoint read_checkpoint(std::filesystem::path const& path);

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
