#include "adapters/files/backup_notes.hpp"

#include <ctime>
#include <fstream>
#include <iomanip>

namespace linli::files {

namespace {

using std::chrono::hours;
using std::chrono::sys_seconds;

// One is made each night and may take hours; so a night was left out.
constexpr hours late_after{36};

// "20261130T031000Z", as linli-backup names them.
std::optional<sys_seconds> time_in(std::filesystem::path const& file) {
    std::ifstream in(file);
    std::tm parts{};
    in >> std::get_time(&parts, "%Y%m%dT%H%M%SZ");
    if (in.fail()) return std::nullopt;
    return sys_seconds(std::chrono::seconds(::timegm(&parts)));
}

bool is_late(backup_notes const& notes, sys_seconds now) {
    return notes.newest && now - *notes.newest > late_after;
}

} // namespace

backup_notes read_backup_notes(std::filesystem::path const& journal) {
    auto const beside = (journal / "..").lexically_normal();
    backup_notes notes{time_in(beside / "newest-backup"), time_in(beside / "failed-backup")};
    if (notes.newest && notes.failed && *notes.failed < *notes.newest) notes.failed = std::nullopt;
    return notes;
}

std::string trouble_with(backup_notes const& notes, sys_seconds now) {
    if (!notes.failed && !is_late(notes, now)) return {};
    return in_words(notes, now) + ": \"journalctl -u linli-backup\" says why, and \"linli-backup "
                                  "now\" makes one";
}

std::string in_words(backup_notes const& notes, sys_seconds now) {
    auto const ago = [now](sys_seconds then) {
        return std::to_string(std::chrono::floor<hours>(now - then).count()) + " hours";
    };
    auto const newest = notes.newest ? "the newest whole one is " + ago(*notes.newest) + " old"
                                     : std::string("there is no whole one");
    if (!notes.failed) return newest;
    return "one failed " + ago(*notes.failed) + " ago, and " + newest;
}

} // namespace linli::files
