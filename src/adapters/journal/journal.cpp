#include "adapters/journal/journal.hpp"

#include <algorithm>
#include <array>
#include <sys/file.h>
#include <system_error>

namespace linli::journal {

namespace {

namespace errc = boost::system::errc;
using boost::system::error_code;
using boost::system::result;

constexpr std::uint64_t commits_per_checkpoint = 1000;
constexpr std::size_t listed_damage = 256;

// Of the reserve, given back to a full disk at a time. Whoever else writes there is quicker than we
// are, and what the one record leaves of it is theirs.
constexpr std::uint64_t given_back_at_once = 64U << 10;

error_code error_from(int number) {
    auto const full = number == ENOSPC || number == EDQUOT || number == EFBIG;
    return {full ? ENOSPC : number, boost::system::generic_category()};
}

[[noreturn]] void cannot_start(std::filesystem::path const& path, int number,
                               std::string const& remedy) {
    throw std::system_error{number, std::generic_category(),
                            "journal " + path.string() + ": " + remedy};
}

options checked(options wanted) {
    if (wanted.folder.empty()) throw std::runtime_error{"journal: give it a folder"};
    if (wanted.max_record_bytes > largest_body_bytes)
        throw std::runtime_error{"journal: max_record_bytes must be at most " +
                                 std::to_string(largest_body_bytes)};
    return wanted;
}

// The folder for its owner only, and for one process only.
file take_folder(std::filesystem::path const& folder) {
    std::error_code error;
    auto const is_new = std::filesystem::create_directories(folder, error);
    if (!error) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    if (error) cannot_start(folder, error.value(), "must be a folder that this user owns");
    if (is_new) sync_folder(std::filesystem::absolute(folder).parent_path());

    auto const path = folder / "lock";
    file lock{path, O_RDWR | O_CREAT};
    if (!lock.is_open()) cannot_start(path, errno, "must be writable for this user");
    if (::flock(lock.descriptor(), LOCK_EX | LOCK_NB) != 0) {
        std::array<char, 16> pid{};
        auto const known = ::pread(lock.descriptor(), pid.data(), pid.size() - 1, 0) > 0;
        throw std::runtime_error{"journal " + folder.string() + " is in use by process " +
                                 (known ? pid.data() : "(unknown)") +
                                 ": stop that one, or give this one another folder"};
    }
    auto const pid = std::to_string(::getpid());
    if (::ftruncate(lock.descriptor(), 0) != 0 ||
        ::pwrite(lock.descriptor(), pid.data(), pid.size(), 0) < 0)
        return lock; // on a full disk the error message above is a little poorer
    return lock;
}

std::optional<segment_header> header_of(std::filesystem::path const& path) {
    file const opened{path, O_RDONLY};
    std::array<char, segment_header_bytes> bytes{};
    auto const n = ::pread(opened.descriptor(), bytes.data(), bytes.size(), 0);
    return decode_segment_header({bytes.data(), n < 0 ? 0 : static_cast<std::size_t>(n)});
}

std::uint64_t held_bytes(record const& what) {
    return sizeof(entry) + what.door.size() + what.source.size() + what.payload.size();
}

} // namespace

// While it lives its owner alone syncs and changes the active segment. He lets go of the lock while
// he waits for the disk, so that everybody else may read, commit and, into an open segment, append.
class journal::disk_turn {
public:
    disk_turn(journal& of, std::unique_lock<std::mutex>& lock) : of_{of}, lock_{lock} {
        of_.syncing_ = true;
    }
    disk_turn(disk_turn const&) = delete;
    disk_turn& operator=(disk_turn const&) = delete;
    ~disk_turn() {
        if (!lock_.owns_lock()) lock_.lock();
        of_.syncing_ = false;
        of_.sync_done_.notify_all();
    }

private:
    journal& of_;
    std::unique_lock<std::mutex>& lock_;
};

journal::journal(options wanted)
    : options_{checked(std::move(wanted))}, lock_file_{take_folder(options_.folder)},
      checkpoint_{options_.folder / "checkpoint"},
      reserve_{options_.folder / "reserve", options_.reserve_bytes}, progress_{checkpoint_.last()} {
    recover();
    start_first_segment();
    std::error_code ignored; // the next start tries again
    for (auto const& path : drop_finished())
        std::filesystem::remove(path, ignored);
}

journal::~journal() {
    checkpoint_.write(progress_.now(reader_at(), read_records_));
}

// ---- appending

result<position> journal::append(record const& what, durability how) {
    auto const at = append_unsynced(what);
    if (!at || how == durability::memory) return at;
    if (auto const synced = sync_through(*at); !synced) return synced.error();
    return at;
}

result<position> journal::append_unsynced(record const& what) {
    auto const bytes = encode(what);
    if (bytes.size() - record_header_bytes > options_.max_record_bytes)
        return errc::make_error_code(errc::message_size);
    std::unique_lock lock{mutex_};
    auto const at = write_using_reserve(lock, bytes);
    if (!at) ++counted_.refused;
    if (!at && counted_.refuses_since_us == 0) counted_.refuses_since_us = what.received_us;
    if (!at) return at;
    counted_.refuses_since_us = 0;
    ++counted_.appended;
    ++written_records_;
    offer_to_window(*at, what);
    auto const reader_waits = std::exchange(reader_is_idle_, false);
    lock.unlock();
    if (options_.on_written) options_.on_written(*at);
    if (!reader_waits) return at;
    std::lock_guard const calling{ready_mutex_};
    if (ready_) ready_();
    return at;
}

result<position> journal::write_using_reserve(std::unique_lock<std::mutex>& lock,
                                              std::string_view bytes) {
    for (;;) {
        auto const at = write_once(lock, bytes);
        if (at || at.error() != errc::no_space_on_device) return at;
        if (!reserve_.release(std::max<std::uint64_t>(given_back_at_once, bytes.size()))) return at;
    }
}

result<position> journal::write_once(std::unique_lock<std::mutex>& lock, std::string_view bytes) {
    if (auto const room = make_room(lock, bytes.size()); !room) return room.error();
    ssize_t n = 0;
    do
        n = options_.calls.write(active_.descriptor(), bytes.data(), bytes.size());
    while (n < 0 && errno == EINTR);
    if (n == static_cast<ssize_t>(bytes.size())) {
        auto const at = end_;
        end_.offset += bytes.size();
        segments_[end_.segment] = end_.offset;
        return at;
    }
    auto const error = error_from(n < 0 ? errno : ENOSPC); // a short write: the disk is full
    if (::ftruncate(active_.descriptor(), static_cast<off_t>(end_.offset)) != 0)
        active_is_ = std::max(active_is_, segment_state::closed);
    return error;
}

// Waits with others for a sync before a segment is left, so that only the active one has bytes
// that are not on disk yet.
result<void> journal::make_room(std::unique_lock<std::mutex>& lock, std::uint64_t bytes) {
    auto const full = [&] {
        return end_.offset > segment_header_bytes && end_.offset + bytes > options_.segment_bytes;
    };
    while (active_is_ != segment_state::open || full()) {
        if (syncing_) {
            sync_done_.wait(lock);
        } else if (active_is_ != segment_state::unsafe && synced_ < end_) {
            sync_active(lock); // if it fails, the next round finds the segment unsafe or a new one
        } else {
            disk_turn const mine{*this, lock};
            auto const was = std::exchange(active_is_, std::max(active_is_, segment_state::closed));
            auto const started = start_segment(lock, {});
            if (!started) active_is_ = was; // a smaller record may still fit
            if (!started) return started;
        }
    }
    return {};
}

// With `records`, on disk as well, in it. For the owner of the disk_turn, with nothing appended
// meanwhile.
result<void> journal::start_segment(std::unique_lock<std::mutex>& lock, std::string_view records) {
    for (;;) {
        auto const number = next_segment_++;
        auto const header = encode(segment_header{segment_version, written_records_});
        lock.unlock();
        auto made = make_segment(number, header, records);
        lock.lock();
        if (made) {
            active_ = std::move(*made);
            active_is_ = segment_state::open;
            end_ = synced_ = {number, header.size() + records.size()};
            segments_[number] = end_.offset;
            return {};
        }
        if (made.error() != errc::no_space_on_device) return made.error();
        if (!reserve_.release(std::max<std::uint64_t>(given_back_at_once, records.size())))
            return made.error();
    }
}

// Without the lock: nobody knows of it yet. Not preallocated: with fallocate(KEEP_SIZE) appending
// and syncing 178 bytes took as long as without (ext4, 5,000/s), because the sync writes the inode
// for the new size in any case.
result<file> journal::make_segment(std::uint64_t number, std::string_view header,
                                   std::string_view records) const {
    auto const path = segment_path(options_.folder, number);
    file fresh{path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND};
    if (!fresh.is_open()) return error_from(errno);
    auto const bytes = std::string{header} += records;
    errno = ENOSPC;
    auto const n = options_.calls.write(fresh.descriptor(), bytes.data(), bytes.size());
    auto error = n == static_cast<ssize_t>(bytes.size()) ? 0 : errno;
    if (error == 0 && !records.empty()) error = sync(fresh);
    if (error == 0) error = sync_folder(options_.folder, options_.calls);
    if (error == 0) return fresh;
    ::unlink(path.c_str());
    return error_from(error);
}

// ---- syncing

result<void> journal::sync_through(position at) {
    std::unique_lock lock{mutex_};
    if (at >= end_) return errc::make_error_code(errc::invalid_argument);
    for (;;) {
        auto const unsafe = unsafe_from_.find(at.segment);
        auto const is_unsafe = unsafe != unsafe_from_.end() && at.offset >= unsafe->second;
        if (!is_unsafe && at < synced_) break;
        auto const is_written_again = syncing_ && at.segment == end_.segment;
        if (is_unsafe && !is_written_again) return errc::make_error_code(errc::io_error);
        if (syncing_)
            sync_done_.wait(lock);
        else
            sync_active(lock);
    }
    lock.unlock();
    if (options_.on_synced) options_.on_synced(at);
    return {};
}

// One thread syncs for all that wait; what is appended meanwhile waits for the next round.
void journal::sync_active(std::unique_lock<std::mutex>& lock) {
    disk_turn const mine{*this, lock};
    auto const covered = end_;
    lock.unlock();
    auto const failed = sync(active_);
    lock.lock();
    if (failed == 0) {
        synced_ = covered;
        return;
    }
    ++counted_.failed_syncs;
    active_is_ = segment_state::unsafe;
    auto const from = synced_; // in the active one: see make_room
    unsafe_from_[from.segment] = from.offset;
    if (write_again_elsewhere(lock, from)) unsafe_from_.erase(from.segment);
}

// 0, or the errno.
int journal::sync(file const& what) const {
    int failed = 0;
    do
        failed = options_.calls.datasync(what.descriptor());
    while (failed != 0 && errno == EINTR);
    return failed == 0 ? 0 : errno;
}

// After a failed sync the page cache usually still has what the disk has not; the checksums say
// whether it does. The first copies stay: their positions may have been given out.
bool journal::write_again_elsewhere(std::unique_lock<std::mutex>& lock, position from) {
    auto const limit = end_.offset;
    lock.unlock();
    std::string tail;
    std::uint64_t records = 0;
    segment_reader reader{segment_path(options_.folder, from.segment), from.offset, options_.calls};
    while (auto const next = reader.next(limit)) {
        if (next->is != condition::whole) return lock.lock(), false;
        tail += encode(next->what);
        ++records;
    }
    lock.lock();
    auto const begun = start_segment(lock, tail);
    if (!begun && begun.error() != errc::no_space_on_device) ++counted_.failed_syncs;
    if (!begun) return false;
    written_records_ += records;
    if (!std::exchange(behind_, true)) cursor_ = {end_.segment, segment_header_bytes};
    return true;
}

// ---- reading

void journal::offer_to_window(position at, record const& what) {
    if (behind_) return;
    auto const bytes = held_bytes(what);
    if (window_.size() < options_.window_records &&
        window_held_bytes_ + bytes <= options_.window_bytes) {
        window_.push_back({at, what});
        window_held_bytes_ += bytes;
    } else {
        behind_ = true;
        cursor_ = at;
    }
}

std::vector<entry> journal::read_next(std::size_t max) {
    std::lock_guard const only_reader{read_mutex_};
    std::unique_lock lock{mutex_};
    std::vector<entry> batch;
    std::uint64_t bytes = 0;
    auto readable = true;
    while (batch.size() < max && bytes < options_.window_bytes && !caught_up() && readable) {
        if (window_.empty())
            readable = read_disk(lock, batch, max, bytes);
        else
            read_window(batch, max, bytes);
    }
    if (caught_up()) read_records_ = written_records_;
    reader_is_idle_ = batch.empty() || caught_up();
    return batch;
}

bool journal::has_unread() const {
    std::lock_guard const lock{mutex_};
    return !caught_up();
}

void journal::read_window(std::vector<entry>& batch, std::size_t max, std::uint64_t& bytes) {
    while (!window_.empty() && batch.size() < max && bytes < options_.window_bytes) {
        auto const size = held_bytes(window_.front().what);
        window_held_bytes_ -= size;
        bytes += size;
        progress_.give_out(window_.front().at);
        batch.push_back(std::move(window_.front()));
        window_.pop_front();
        ++read_records_;
    }
}

// Reads on in the segment at the cursor; false when it can't be opened just now. Without the lock
// meanwhile: what is before its end does not change, and no segment is deleted before the reader
// has left it.
bool journal::read_disk(std::unique_lock<std::mutex>& lock, std::vector<entry>& batch,
                        std::size_t max, std::uint64_t& bytes) {
    auto const from = cursor_;
    auto const limit = segments_.at(from.segment);
    lock.unlock();
    auto read = read_stretch(from, limit, max - batch.size(), options_.window_bytes - bytes);
    lock.lock();
    counted_.torn_bytes_cut += read.torn_bytes;
    counted_.damaged += read.damaged.size();
    for (auto& place : read.damaged) {
        if (damage_.size() == listed_damage) break;
        progress_.give_out(place.at);
        damage_.push_back(std::move(place));
    }
    for (auto& next : read.whole) {
        bytes += held_bytes(next.what);
        progress_.give_out(next.at);
        batch.push_back(std::move(next));
    }
    read_records_ += read.whole.size();
    cursor_.offset = read.end;
    if (read.end < segments_.at(from.segment)) return read.readable; // or it has grown meanwhile
    auto const next = segments_.upper_bound(from.segment);
    if (next == segments_.end())
        behind_ = false;
    else
        cursor_ = {next->first, 0};
    return true;
}

bool journal::is_open(position at) const {
    if (at < reader_at()) return progress_.is_outstanding(at);
    return !progress_.was_committed(at);
}

bool journal::is_waiting(position at) const {
    std::lock_guard const lock{mutex_};
    return is_open(at);
}

// The files are read without the lock: what lies before a segment's end doesn't change, and one
// that is deleted meanwhile has been committed.
std::vector<entry> journal::look_ahead(position& from, std::size_t max) {
    std::unique_lock lock{mutex_};
    from = std::max(from, progress_.oldest_open(reader_at()));
    auto const segments = segments_;
    lock.unlock();
    std::vector<entry> found;
    std::uint64_t bytes = 0;
    auto const is_enough = [&] { return found.size() >= max || bytes >= options_.window_bytes; };
    for (auto at = segments.lower_bound(from.segment); at != segments.end(); ++at) {
        if (at->first > from.segment) from = {at->first, 0};
        segment_reader reader{segment_path(options_.folder, at->first), from.offset,
                              options_.calls};
        while (!is_enough() && reader.is_open()) {
            auto next = reader.next(at->second);
            if (!next) break;
            from.offset = reader.offset();
            position const here{at->first, next->offset};
            if (next->is != condition::whole || !is_waiting(here)) continue;
            bytes += held_bytes(next->what);
            found.push_back({here, std::move(next->what)});
        }
        if (is_enough()) break;
    }
    return found;
}

journal::stretch journal::read_stretch(position from, std::uint64_t limit, std::size_t max_records,
                                       std::uint64_t max_bytes) {
    if (!reader_ || reader_segment_ != from.segment || reader_->offset() != from.offset) {
        reader_.emplace(segment_path(options_.folder, from.segment), from.offset, options_.calls);
        reader_segment_ = from.segment;
    }
    stretch read{{}, {}, 0, from.offset, reader_->is_open()};
    if (!read.readable) {
        auto const gone = errno == ENOENT;
        reader_.reset();
        if (!gone) return read;
        auto const path = segment_path(options_.folder, from.segment).string();
        read.damaged.push_back({from, {}, {}, path + " is missing: somebody has removed it"});
        read.end = limit;
        return read;
    }
    for (std::uint64_t bytes = 0; read.whole.size() < max_records && bytes < max_bytes;) {
        auto next = reader_->next(limit);
        if (!next) break;
        position const at{from.segment, next->offset};
        if (progress_.was_committed(at)) continue;
        if (next->is == condition::torn) read.torn_bytes += next->end - next->offset;
        if (next->is == condition::damaged) {
            read.damaged.push_back(keep_aside(options_.folder, at, next->end, *reader_));
            bytes += read.damaged.back().bytes.size();
        }
        if (next->is != condition::whole) continue;
        bytes += held_bytes(next->what);
        read.whole.push_back({at, std::move(next->what)});
    }
    read.end = reader_->offset();
    return read;
}

void journal::set_ready_callback(std::function<void()> ready) {
    std::lock_guard const no_call_is_under_way{ready_mutex_};
    ready_ = std::move(ready);
}

std::vector<damage> journal::take_damage() {
    std::lock_guard const lock{mutex_};
    return std::exchange(damage_, {});
}

figures journal::snapshot() const {
    std::lock_guard const lock{mutex_};
    auto now = counted_;
    now.waiting = progress_.outstanding();
    if (!caught_up() && written_records_ > read_records_)
        now.waiting += written_records_ - read_records_;
    now.segments = segments_.size();
    for (auto const& [number, bytes] : segments_)
        now.bytes_on_disk += bytes;
    now.reserve_left = reserve_.left();
    return now;
}

// ---- committing

void journal::mark_committed(std::span<position const> done) {
    std::lock_guard const in_order{checkpoint_mutex_};
    std::unique_lock lock{mutex_};
    counted_.committed += progress_.commit(done);
    auto const finished = drop_finished();
    auto const due = !finished.empty() || progress_.outstanding() == 0 ||
                     counted_.committed >= checkpoint_at_ + commits_per_checkpoint;
    if (!due) return;
    checkpoint_at_ = counted_.committed;
    auto const now = progress_.now(reader_at(), read_records_);
    lock.unlock();

    checkpoint_.write(now);
    std::error_code ignored; // what can't be deleted now is deleted by the next start
    for (auto const& path : finished)
        std::filesystem::remove(path, ignored);
    lock.lock(); // somebody may have made room meanwhile, whether or not we did
    reserve_.refill(options_.segment_bytes);
}

// Forgets the segments that are committed to their end, and says which files those were.
std::vector<std::filesystem::path> journal::drop_finished() {
    auto const needed = std::min(progress_.oldest_open(reader_at()), end_);
    std::vector<std::filesystem::path> finished;
    while (!segments_.empty() && segments_.begin()->first < needed.segment) {
        finished.push_back(segment_path(options_.folder, segments_.begin()->first));
        unsafe_from_.erase(segments_.begin()->first);
        segments_.erase(segments_.begin());
    }
    return finished;
}

position journal::reader_at() const {
    if (!window_.empty()) return window_.front().at;
    return behind_ ? cursor_ : end_;
}

// ---- starting

void journal::recover() {
    for (auto const& found : std::filesystem::directory_iterator{options_.folder}) {
        auto const number = segment_number(found.path());
        if (!number) continue;
        auto const header = header_of(found.path());
        if (header && header->version != segment_version)
            throw std::runtime_error{
                found.path().string() + " has format " + std::to_string(header->version) +
                ": start the version of linli that wrote it once more, until it has committed all"};
        segments_[*number] = found.file_size();
    }
    next_segment_ = progress_.last().cursor.segment + 1;
    written_records_ = progress_.last().records_before;
    if (segments_.empty()) return;
    next_segment_ = std::max(next_segment_, segments_.rbegin()->first + 1);
    recover_tail(segments_.rbegin()->first);
    place_reader();
}

// Cuts what the last write of the last run did not complete. Nothing is appended to this segment
// any more: it may hold what was never synced, and new positions must not repeat old ones.
void journal::recover_tail(std::uint64_t number) {
    auto const path = segment_path(options_.folder, number);
    auto& size = segments_[number];
    segment_reader reader{path, 0, options_.calls};
    if (!reader.is_open()) cannot_start(path, errno, "must be readable for this user");
    std::uint64_t records = 0;
    auto keep = false;
    for (auto const limit = size; auto const next = reader.next(limit);) {
        if (next->is == condition::whole) ++records;
        if (next->is != condition::torn) keep = true;
        if (next->is == condition::torn) {
            counted_.torn_bytes_cut += next->end - next->offset;
            size = next->offset;
        }
    }
    auto const header = header_of(path);
    written_records_ = std::max(written_records_, (header ? header->earlier_records : 0) + records);
    if (keep) {
        std::filesystem::resize_file(path, size);
    } else {
        std::filesystem::remove(path);
        segments_.erase(number);
    }
}

void journal::place_reader() {
    if (segments_.empty()) return;
    cursor_ = progress_.begin();
    read_records_ = progress_.records_before_begin();
    if (cursor_ == position{}) { // no checkpoint
        auto const header = header_of(segment_path(options_.folder, segments_.begin()->first));
        read_records_ = header ? header->earlier_records : 0;
    }
    auto at = segments_.lower_bound(cursor_.segment);
    while (at != segments_.end() && at->first == cursor_.segment && at->second <= cursor_.offset)
        ++at;
    behind_ = at != segments_.end();
    if (behind_ && at->first != cursor_.segment) cursor_ = {at->first, 0};
}

void journal::start_first_segment() {
    std::unique_lock lock{mutex_};
    auto const started = start_segment(lock, {});
    if (started) return;
    if (started.error() != errc::no_space_on_device)
        cannot_start(options_.folder, started.error().value(),
                     "must be a folder on a disk where this user can write");
    if (!segments_.empty())
        end_ = synced_ = {segments_.rbegin()->first, segments_.rbegin()->second};
}

} // namespace linli::journal
