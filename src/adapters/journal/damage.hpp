// What a segment could not give back, kept so that a person can look at it.
#pragma once

#include "adapters/journal/segment.hpp"

#include <filesystem>
#include <string>

namespace linli::journal {

// To be raised as an alert by the caller. It counts as waiting, and comes again after a restart,
// until its position is marked committed like that of a record.
struct damage {
    position at;
    std::string bytes;                // the first 64 KiB of it
    std::filesystem::path kept_aside; // all of it; empty when it could not be written
    std::string text;
};

// Copies what `reader` found to `folder`/damaged/, named by its position.
[[nodiscard]] damage keep_aside(std::filesystem::path const& folder, position at, std::uint64_t end,
                                segment_reader& reader);

} // namespace linli::journal
