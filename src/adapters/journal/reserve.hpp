// Disk space set aside for the day the disk is full.
#pragma once

#include "adapters/journal/file.hpp"

#include <cstdint>
#include <filesystem>

namespace linli::journal {

// A file of real blocks that is made smaller when others have used up the disk, so that calls for
// help can still be stored. A full disk is no reason not to start: then it holds what it can.
// Not thread-safe.
class reserve {
public:
    reserve(std::filesystem::path const& path, std::uint64_t bytes);

    // Gives `bytes` of it (or the rest) back to the disk. False when there is nothing left.
    [[nodiscard]] bool release(std::uint64_t bytes);

    // Grows back to its full size when the disk has that and `margin` to spare.
    void refill(std::uint64_t margin);

    [[nodiscard]] std::uint64_t left() const { return left_; }

private:
    bool resize(std::uint64_t bytes);

    std::filesystem::path path_;
    std::uint64_t full_bytes_;
    std::uint64_t left_ = 0;
    file file_;
};

} // namespace linli::journal
