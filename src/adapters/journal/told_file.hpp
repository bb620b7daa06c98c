#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace linli::journal {

// A small file of lines beside the journal, in its folder: who has been told while the database was
// away. Appended to and synced, emptied when the record has it. One thread at a time.
class told_file {
public:
    explicit told_file(std::filesystem::path folder);

    // The whole ones; a last line without its end was never promised.
    std::vector<std::string> lines() const;
    // On the disk when they return true. False: errno says why. No line holds an end of line.
    bool append(std::span<std::string const> lines);
    bool clear();

private:
    std::filesystem::path path_;
};

} // namespace linli::journal
