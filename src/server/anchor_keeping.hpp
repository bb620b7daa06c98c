#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

#include "adapters/anchors/anchor_key.hpp"
#include "adapters/anchors/anchor_text.hpp"
#include "adapters/postgres/anchor_record.hpp"
#include "runtime/config.hpp"

namespace linli::server {

// The database's anchors and those outside don't agree: somebody must look.
class anchors_differ : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Makes anchors in the database, and keeps this machine's copy of them outside of it. Each server
// has such a copy, whoever of them has made the anchors. Blocks: for a thread. Throws what the
// database, the disk and the key file throw.
class anchor_keeping {
public:
    explicit anchor_keeping(runtime::config const& config);

    std::filesystem::path const& file() const { return file_; }
    // The newest in the copy.
    std::optional<anchors::signed_anchor> const& last() const { return last_; }

    // What the database has more, behind the end of the file; after its signature was looked at.
    // Throws anchors_differ.
    void copy_out();
    // One more, or some when there is much, and out with them. `written_to`: the latest time that
    // the house has handed out, which may be behind that of who asks. Later lines are the next
    // one's.
    void make(domain::instant now, domain::instant written_to);
    // After a restore the database ends at an older anchor than the copy. Gives it back those that
    // it lost, and says in a new one that what they had is lost. Answers to which anchor it went
    // back; nothing: it lacks none.
    std::optional<std::uint64_t> admit_restore(domain::instant now, domain::instant written_to);

private:
    void look_at_file();
    void keep(postgres::stored_anchor const& each);
    void write(postgres::anchor_writing& to, std::optional<domain::instant> since,
               std::optional<std::uint64_t> restored_to, domain::instant now,
               domain::instant written_to);

    std::string const url_;
    std::filesystem::path const file_;
    anchors::signing_keys const keys_;
    std::uint64_t read_to_ = 0; // in the file: where the newest anchor ends
    std::optional<anchors::signed_anchor> last_;
};

} // namespace linli::server
