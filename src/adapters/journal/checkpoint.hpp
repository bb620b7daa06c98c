// What of the journal is committed, as a restart finds it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "adapters/journal/file.hpp"
#include "adapters/journal/segment.hpp"

namespace linli::journal {

// Everything before `cursor` is committed, except what `open` lists (ascending).
struct checkpoint {
    position cursor;
    std::uint64_t records_before = 0; // the cursor, counted since the journal began
    std::vector<position> open;       // at most checkpoint_file::most_listed
};

// Two places in one file, written by turns, so that a torn one leaves the one before it. In place:
// a new file and its rename, some hundred times a second, made the filesystem write it out each
// time, before the signals' own sync. Not synced either: losing it, or finding an old one, only
// means that committed records come again. So neither does a failure to write it matter, and an
// unreadable file is an empty checkpoint. Not thread-safe.
class checkpoint_file {
public:
    static constexpr std::size_t most_listed = 1024;

    explicit checkpoint_file(std::filesystem::path const& path);

    // As the file was found.
    [[nodiscard]] checkpoint const& last() const { return last_; }
    void write(checkpoint const& now);

private:
    file file_;
    checkpoint last_;
    std::uint64_t writes_ = 0; // since the file was made
};

} // namespace linli::journal
