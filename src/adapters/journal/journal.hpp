// The write-ahead journal of raw incoming messages. It is the queue between the doors and the
// writer: memory holds a bounded window of it, the rest is read back from disk, so that signals
// are accepted and wait while the database is away.
#pragma once

#include "adapters/journal/damage.hpp"
#include "adapters/journal/progress.hpp"
#include "adapters/journal/reserve.hpp"
#include "adapters/journal/segment.hpp"

#include <boost/system/result.hpp>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace linli::journal {

enum class durability {
    memory, // written: survives the end of this process, not a power cut
    disk,   // and synced: survives both
};

struct options {
    std::filesystem::path folder;
    std::uint64_t segment_bytes = 16U << 20;
    std::uint64_t reserve_bytes = 64U << 20;
    std::size_t window_records = 4096;
    std::size_t window_bytes = 16U << 20; // also bounds what one read_next gives
    std::size_t max_record_bytes = 1U << 20;
    system_calls calls = {};
    // For whoever takes the time; called by the thread that has done it, without a lock. Must not
    // throw or wait. A position is told to be on disk as often as somebody asks for it.
    std::function<void(position)> on_written = {};
    std::function<void(position)> on_synced = {};
};

struct entry {
    position at;
    record what;
};

struct figures {
    std::uint64_t appended = 0;  // since the start
    std::uint64_t committed = 0; // since the start
    std::uint64_t waiting = 0;   // accepted and not committed; exact once all has been read
    std::uint64_t bytes_on_disk = 0;
    std::uint64_t segments = 0;
    std::uint64_t damaged = 0; // places, since the start
    std::uint64_t torn_bytes_cut = 0;
    std::uint64_t failed_syncs = 0; // a disk that does this once is to be replaced
    std::uint64_t reserve_left = 0;
    std::uint64_t refused = 0;         // records that the disk did not take, since the start
    std::int64_t refuses_since_us = 0; // when the first came of those since the last that it took;
                                       // 0: it takes them
};

// One folder, one process, any number of appending threads, one reader. After a restart all that
// was not committed comes again, oldest first: receivers must bear duplicates.
class journal {
public:
    // Throws std::system_error or std::runtime_error, with a remedy, when it cannot start. A full
    // disk is no such reason: what waits can still be read, and committing it makes room.
    explicit journal(options wanted);
    ~journal();
    journal(journal const&) = delete;
    journal& operator=(journal const&) = delete;

    // append_unsynced, and for durability::disk also sync_through.
    [[nodiscard]] boost::system::result<position> append(record const& what, durability how);

    // One write(2). errc::no_space_on_device when even the reserve is used up (also for quota and
    // file size limit), errc::message_size when the record is too big for the options; after an
    // error nothing of the record is readable. May wait for one sync when a segment is full.
    [[nodiscard]] boost::system::result<position> append_unsynced(record const& what);

    // Returns when the record at `at` is on disk; callers share the syncs. It says nothing about
    // another record, not even an earlier one whose own sync failed: ask for each that is to be
    // acknowledged, which costs nothing when it is there already. When a sync fails, what it
    // should have covered is written again to a new segment and synced there; only when that fails
    // too, this fails. Then the record is not promised, but may still be read: the sender's
    // repetition is the duplicate.
    [[nodiscard]] boost::system::result<void> sync_through(position at);

    // The next records, oldest first, at most `max`; a record may come before it is synced. Never
    // waits for one. Go on until it is empty, then wait for the callback; if has_unread() then, a
    // segment could not be opened just now, and nobody calls when it can.
    [[nodiscard]] std::vector<entry> read_next(std::size_t max);
    [[nodiscard]] bool has_unread() const;

    // Called by an appending thread after the first append since read_next came back empty or had
    // caught up. Must not throw, wait, or set the callback. The previous one is out of use when
    // this returns.
    void set_ready_callback(std::function<void()> ready);

    // In any order. Positions that neither read_next nor take_damage has given out are ignored.
    // A place of damage too is committed here, once it has been raised; until then its segment
    // stays.
    void mark_committed(std::span<position const> done);

    // What read_next has met since the last call, at most 256 places; of more, only the copies
    // aside and figures::damaged tell.
    [[nodiscard]] std::vector<damage> take_damage();

    // What is accepted and not committed, from `from` on (a default one: the oldest), oldest first;
    // moves `from` behind it. Takes nothing from the reader and never waits for it; any thread.
    // Damage is passed over: read_next meets it.
    [[nodiscard]] std::vector<entry> look_ahead(position& from, std::size_t max);
    [[nodiscard]] bool is_waiting(position at) const;

    [[nodiscard]] figures snapshot() const;

private:
    enum class segment_state {
        open,
        closed, // something unreadable at its end could not be cut: nothing may follow it
        unsafe, // a sync failed: the kernel may have dropped what it couldn't write, and a later
                // sync of the same file would succeed all the same
    };

    struct stretch { // of one segment, as read
        std::vector<entry> whole;
        std::vector<damage> damaged;
        std::uint64_t torn_bytes = 0;
        std::uint64_t end = 0;
        bool readable = true;
    };

    class disk_turn;

    void recover();
    void recover_tail(std::uint64_t number);
    void place_reader();
    void start_first_segment();
    boost::system::result<position> write_using_reserve(std::unique_lock<std::mutex>& lock,
                                                        std::string_view bytes);
    boost::system::result<position> write_once(std::unique_lock<std::mutex>& lock,
                                               std::string_view bytes);
    boost::system::result<void> make_room(std::unique_lock<std::mutex>& lock, std::uint64_t bytes);
    boost::system::result<void> start_segment(std::unique_lock<std::mutex>& lock,
                                              std::string_view records);
    [[nodiscard]] boost::system::result<file>
    make_segment(std::uint64_t number, std::string_view header, std::string_view records) const;
    void sync_active(std::unique_lock<std::mutex>& lock);
    [[nodiscard]] int sync(file const& what) const;
    bool write_again_elsewhere(std::unique_lock<std::mutex>& lock, position from);
    void offer_to_window(position at, record const& what);
    void read_window(std::vector<entry>& batch, std::size_t max, std::uint64_t& bytes);
    bool read_disk(std::unique_lock<std::mutex>& lock, std::vector<entry>& batch, std::size_t max,
                   std::uint64_t& bytes);
    stretch read_stretch(position from, std::uint64_t limit, std::size_t max_records,
                         std::uint64_t max_bytes);
    [[nodiscard]] bool caught_up() const { return window_.empty() && !behind_; }
    [[nodiscard]] position reader_at() const;
    [[nodiscard]] bool is_open(position at) const;
    [[nodiscard]] std::vector<std::filesystem::path> drop_finished();

    options const options_;
    file lock_file_;

    std::mutex checkpoint_mutex_; // taken before mutex_, so that none overwrites a newer one
    checkpoint_file checkpoint_;

    mutable std::mutex mutex_; // for all down to the next mutex
    reserve reserve_;
    std::map<std::uint64_t, std::uint64_t> segments_; // number → bytes
    std::uint64_t next_segment_ = 1;
    std::uint64_t written_records_ = 0; // since the journal began
    figures counted_;

    file active_;
    segment_state active_is_ = segment_state::unsafe;    // until there is one
    position end_;                                       // of what is written
    position synced_;                                    // all before it is on disk …
    std::map<std::uint64_t, std::uint64_t> unsafe_from_; // … except in these, from the offset on
    bool syncing_ = false;                               // somebody has a disk_turn
    std::condition_variable sync_done_;

    progress progress_;
    std::uint64_t checkpoint_at_ = 0; // commits
    std::deque<entry> window_;        // unread records, and when behind_ is false, all of them
    std::size_t window_held_bytes_ = 0;
    bool behind_ = false; // there is more on disk, from cursor_ on
    position cursor_;
    std::uint64_t read_records_ = 0; // since the journal began
    std::vector<damage> damage_;
    bool reader_is_idle_ = true;

    std::mutex read_mutex_; // for the one reader: taken before mutex_
    std::optional<segment_reader> reader_;
    std::uint64_t reader_segment_ = 0;

    std::mutex ready_mutex_;
    std::function<void()> ready_;
};

} // namespace linli::journal
