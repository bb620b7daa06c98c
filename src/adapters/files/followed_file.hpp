#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace linli::files {

// A file that another program writes line after line: what is new since the last look. One that was
// emptied or replaced is read from its start. Blocks as long as the disk does.
class followed_file {
public:
    explicit followed_file(std::filesystem::path file) : file_(std::move(file)) {}

    // Whole lines, at most a MiB of them at once; of what was there before the first look, the last
    // MiB. A line that is longer than that is passed over. Throws std::runtime_error.
    std::vector<std::string> news();

private:
    std::string more();

    std::filesystem::path file_;
    bool looked_ = false;
    unsigned long long inode_ = 0;
    unsigned long long read_to_ = 0;
    std::string begun_; // a line without its end yet
};

} // namespace linli::files
