#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

namespace linli::files {

// What "linli-backup" (deploy/backup) tells of this house's backups, in two small files beside the
// journal's folder.
struct backup_notes {
    std::optional<std::chrono::sys_seconds> newest; // when the newest whole one began
    std::optional<std::chrono::sys_seconds> failed; // of a later try, which did not come to its end
};

// What isn't there, or can't be read as a time, is nothing.
backup_notes read_backup_notes(std::filesystem::path const& journal);

// What somebody must do something about; empty: nothing. Where no backup was ever made it is empty
// too: whoever doesn't make them so, makes them otherwise.
std::string trouble_with(backup_notes const& notes, std::chrono::sys_seconds now);

// "the newest whole one is 7 hours old"
std::string in_words(backup_notes const& notes, std::chrono::sys_seconds now);

} // namespace linli::files
