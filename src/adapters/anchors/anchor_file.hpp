#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace linli::anchors {

// The anchors outside the database: one text file that only grows. What was cut off in the middle
// (a full disk, a power cut) stays there and is passed by; the anchor stands behind it once more.
inline constexpr auto anchor_file_name = "anchors.txt";

// Reads it from the beginning to where it ends now.
class anchor_reading {
public:
    explicit anchor_reading(std::filesystem::path const& file);

    // The next anchor's whole text.
    std::optional<std::string> next();
    std::uint64_t bytes_read() const { return read_; }
    std::uint64_t bytes() const { return size_; }

private:
    std::ifstream in_;
    std::uint64_t read_ = 0;
    std::uint64_t size_ = 0;
};

// Writes behind its end, and returns when the disk has it. Throws std::system_error.
void append_anchor(std::filesystem::path const& file, std::string const& text);

} // namespace linli::anchors
