#include "adapters/journal/journal.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <sched.h>
#include <set>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>

namespace {

namespace errc = boost::system::errc;
namespace fs = std::filesystem;
using linli::journal::checkpoint_file;
using linli::journal::damage;
using linli::journal::durability;
using linli::journal::entry;
using linli::journal::journal;
using linli::journal::options;
using linli::journal::position;
using linli::journal::record;
using linli::journal::record_header_bytes;
using linli::journal::segment_header_bytes;
using linli::journal::segment_path;
using linli::journal::system_calls;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct temp_folder {
    temp_folder() {
        auto const memory = fs::path{"/dev/shm"}; // where it is there: a fsync costs nothing
        auto const base = ::access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path();
        auto name = (base / "linli-journal-XXXXXX").string();
        path = ::mkdtemp(name.data());
    }
    ~temp_folder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    temp_folder(temp_folder const&) = delete;
    temp_folder& operator=(temp_folder const&) = delete;

    [[nodiscard]] options plain() const {
        options wanted;
        wanted.folder = path / "signals";
        wanted.reserve_bytes = 0;
        return wanted;
    }
    [[nodiscard]] fs::path segment(std::uint64_t number) const {
        return segment_path(plain().folder, number);
    }
    [[nodiscard]] std::vector<std::string> segment_names() const {
        std::vector<std::string> names;
        for (auto const& found : fs::directory_iterator{plain().folder})
            if (found.path().extension() == ".journal") names.push_back(found.path().filename());
        std::sort(names.begin(), names.end());
        return names;
    }

    fs::path path;
};

record saying(std::string payload) {
    return {"mqtt", "linli/v1/d/w1/signal", 1'700'000'000'000'000, std::move(payload)};
}

std::uint64_t bytes_of(record const& what) {
    return linli::journal::encode(what).size();
}

position append(journal& to, std::string payload, durability how = durability::memory) {
    return to.append(saying(std::move(payload)), how).value();
}

void append_numbers(journal& to, int from, int to_excluded) {
    for (auto n = from; n < to_excluded; ++n)
        append(to, std::to_string(n));
}

std::vector<std::string> numbers(int from, int to_excluded) {
    std::vector<std::string> all;
    for (auto n = from; n < to_excluded; ++n)
        all.push_back(std::to_string(n));
    return all;
}

std::vector<entry> read_entries(journal& from, std::size_t at_once = 7) {
    std::vector<entry> all;
    for (auto batch = from.read_next(at_once); !batch.empty(); batch = from.read_next(at_once))
        all.insert(all.end(), batch.begin(), batch.end());
    return all;
}

std::vector<std::string> payloads(std::vector<entry> const& entries) {
    std::vector<std::string> all;
    for (auto const& each : entries)
        all.push_back(each.what.payload);
    return all;
}

std::vector<std::string> read_all(journal& from, std::size_t at_once = 7) {
    return payloads(read_entries(from, at_once));
}

std::vector<position> positions(std::vector<entry> const& entries) {
    std::vector<position> all;
    for (auto const& each : entries)
        all.push_back(each.at);
    return all;
}

void commit(journal& in, position at) {
    in.mark_committed(std::array{at});
}

std::string content(fs::path const& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

void put_content(fs::path const& path, std::string const& bytes) {
    std::ofstream{path, std::ios::binary | std::ios::trunc} << bytes;
}

// ---- order, window, disk

TEST(journal, records_come_back_whole_and_in_the_order_of_appending) {
    temp_folder const temp;
    journal signals{temp.plain()};
    record const odd{"", "", -1, std::string("\0\xff\r\n", 4)};
    record const big{"tcp", "10.0.0.7:4711", 1, std::string(1'000'000, 'x')};
    ASSERT_TRUE(signals.append(odd, durability::disk));
    ASSERT_TRUE(signals.append(big, durability::memory));
    auto const read = read_entries(signals);
    ASSERT_EQ(read.size(), 2U);
    EXPECT_EQ(read[0].what, odd);
    EXPECT_EQ(read[1].what, big);
}

TEST(journal, nothing_to_read_is_an_empty_answer) {
    temp_folder const temp;
    journal signals{temp.plain()};
    EXPECT_THAT(signals.read_next(10), IsEmpty());
}

TEST(journal, what_the_window_cannot_hold_is_read_from_disk) {
    temp_folder const temp;
    auto wanted = temp.plain();
    wanted.window_records = 4;
    wanted.segment_bytes = 500;
    journal signals{wanted};
    append_numbers(signals, 0, 100);
    EXPECT_GT(signals.snapshot().segments, 5U);
    EXPECT_EQ(signals.snapshot().waiting, 100U);
    EXPECT_EQ(read_all(signals), numbers(0, 100));
    append_numbers(signals, 100, 103);
    EXPECT_EQ(read_all(signals), numbers(100, 103));
}

TEST(journal, order_holds_however_appending_and_reading_alternate) {
    for (std::size_t window = 0; window < 6; ++window)
        for (std::size_t at_once = 1; at_once < 6; ++at_once) {
            temp_folder const temp;
            auto wanted = temp.plain();
            wanted.window_records = window;
            wanted.segment_bytes = 300;
            journal signals{wanted};
            std::vector<std::string> seen;
            for (auto n = 0; n < 60; n += 3) {
                append_numbers(signals, n, n + 3);
                for (auto& each : payloads(signals.read_next(at_once)))
                    seen.push_back(std::move(each));
            }
            for (auto& each : read_all(signals))
                seen.push_back(std::move(each));
            EXPECT_EQ(seen, numbers(0, 60)) << "window " << window << ", at once " << at_once;
        }
}

TEST(journal, big_records_do_not_pile_up_in_memory) {
    temp_folder const temp;
    auto wanted = temp.plain();
    wanted.window_bytes = 100'000;
    auto reads = 0;
    wanted.calls.read = [&](int descriptor, void* to, std::size_t bytes, off_t at) {
        ++reads;
        return ::pread(descriptor, to, bytes, at);
    };
    journal signals{wanted};
    for (auto n = 0; n < 10; ++n)
        append(signals, std::string(60'000, static_cast<char>('0' + n)));
    EXPECT_EQ(signals.read_next(1).size(), 1U);
    EXPECT_EQ(reads, 0);
    EXPECT_EQ(signals.read_next(9).size(), 2U);
    EXPECT_GT(reads, 0) << "the window held only the first";
    EXPECT_EQ(read_all(signals, 10).size(), 7U);
}

TEST(journal, a_record_that_is_too_big_is_refused_and_leaves_nothing) {
    temp_folder const temp;
    auto wanted = temp.plain();
    wanted.max_record_bytes = 1000;
    journal signals{wanted};
    EXPECT_EQ(signals.append(saying(std::string(1001, 'x')), durability::disk).error(),
              errc::message_size);
    append(signals, "small");
    EXPECT_THAT(read_all(signals), ElementsAre("small"));
}

TEST(journal, the_reader_is_called_when_there_is_something_after_nothing) {
    temp_folder const temp;
    journal signals{temp.plain()};
    auto calls = 0;
    signals.set_ready_callback([&] { ++calls; });
    append_numbers(signals, 0, 3);
    EXPECT_EQ(calls, 1) << "the reader knows already";
    EXPECT_EQ(signals.read_next(2).size(), 2U);
    append(signals, "3");
    EXPECT_EQ(calls, 1) << "the reader has not caught up";
    EXPECT_EQ(read_all(signals).size(), 2U);
    append(signals, "4");
    EXPECT_EQ(calls, 2);
    EXPECT_EQ(signals.read_next(10).size(), 1U);
    append(signals, "5");
    EXPECT_EQ(calls, 3) << "the reader need not ask once more to hear that there is nothing";
    signals.set_ready_callback({});
    read_all(signals);
    append(signals, "6");
    EXPECT_EQ(calls, 3);
}

// ---- committing, and what a restart gives again

TEST(journal, a_restart_gives_only_what_is_not_committed) {
    temp_folder const temp;
    {
        journal signals{temp.plain()};
        append_numbers(signals, 0, 10);
        auto const read = signals.read_next(8);
        for (auto const n : {5U, 0U, 7U, 1U, 2U}) // out of order
            commit(signals, read[n].at);
    }
    for (auto again = 0; again < 3; ++again) { // also when nothing is read in between
        journal const unread{temp.plain()};
        EXPECT_EQ(unread.snapshot().waiting, 5U);
    }
    {
        journal signals{temp.plain()};
        auto const read = signals.read_next(2);
        EXPECT_THAT(payloads(read), ElementsAre("3", "4"));
        commit(signals, read[1].at);
    }
    journal signals{temp.plain()};
    append(signals, "10");
    EXPECT_EQ(signals.snapshot().waiting, 5U);
    EXPECT_THAT(read_all(signals), ElementsAre("3", "6", "8", "9", "10"));
    EXPECT_EQ(signals.snapshot().waiting, 5U);
}

TEST(journal, without_its_checkpoint_everything_comes_again) {
    for (auto const damaged : {false, true}) {
        temp_folder const temp;
        {
            journal signals{temp.plain()};
            append_numbers(signals, 0, 5);
            signals.mark_committed(positions(signals.read_next(3)));
        }
        auto const path = temp.plain().folder / "checkpoint";
        auto bytes = content(path);
        for (auto const place : {0U, 20U * 1024U})
            if (auto const at = place + 20; at < bytes.size())
                bytes[at] = static_cast<char>(bytes[at] ^ 1);
        if (damaged) put_content(path, bytes);
        if (!damaged) fs::remove(path);
        journal signals{temp.plain()};
        EXPECT_EQ(signals.snapshot().waiting, 5U);
        EXPECT_EQ(read_all(signals), numbers(0, 5));
    }
}

TEST(journal, a_checkpoint_that_was_torn_leaves_the_one_before_it) {
    temp_folder const temp;
    auto const path = temp.plain().folder / "checkpoint";
    fs::create_directories(path.parent_path());
    {
        checkpoint_file kept{path};
        kept.write({{1, 100}, 3, {}});
        kept.write({{1, 200}, 5, {{1, 120}}});
    }
    EXPECT_EQ(checkpoint_file{path}.last().cursor, (position{1, 200}));
    EXPECT_THAT(checkpoint_file{path}.last().open, ElementsAre(position{1, 120}));
    auto bytes = content(path);
    bytes[20] = static_cast<char>(bytes[20] ^ 1); // the second lies in the first place
    put_content(path, bytes);
    checkpoint_file kept{path};
    EXPECT_EQ(kept.last().cursor, (position{1, 100}));
    kept.write({{1, 300}, 8, {}});
    EXPECT_EQ(checkpoint_file{path}.last().cursor, (position{1, 300}));
}

TEST(journal, nothing_is_lost_when_more_is_open_than_a_checkpoint_lists) {
    temp_folder const temp;
    {
        journal signals{temp.plain()};
        append_numbers(signals, 0, 3000);
        auto const read = read_entries(signals);
        for (auto const n : {10U, 2500U})
            commit(signals, read[n].at);
    }
    journal signals{temp.plain()};
    auto const again = read_all(signals);
    std::set<std::string> const seen{again.begin(), again.end()};
    EXPECT_EQ(seen.size(), again.size());
    EXPECT_GE(seen.size(), 2998U);
    EXPECT_FALSE(seen.contains("10"));
}

TEST(journal, a_segment_is_deleted_when_all_of_it_is_committed_and_it_is_not_the_active_one) {
    temp_folder const temp;
    auto wanted = temp.plain();
    wanted.segment_bytes = segment_header_bytes + 2 * bytes_of(saying("0"));
    journal signals{wanted};
    append_numbers(signals, 0, 6); // two each in three segments
    auto const read = read_entries(signals);
    commit(signals, read[1].at);
    commit(signals, read[2].at);
    commit(signals, read[3].at);
    EXPECT_EQ(temp.segment_names().size(), 3U) << "0 is open, and the oldest goes first";
    commit(signals, read[0].at);
    EXPECT_THAT(temp.segment_names(), ElementsAre("0000000003.journal"));
    commit(signals, read[4].at);
    commit(signals, read[5].at);
    EXPECT_THAT(temp.segment_names(), ElementsAre("0000000003.journal"));
    EXPECT_EQ(signals.snapshot().committed, 6U);
    EXPECT_EQ(signals.snapshot().waiting, 0U);
    append(signals, "6");
    EXPECT_THAT(read_all(signals), ElementsAre("6"));
}

TEST(journal, a_segment_that_nobody_has_read_stays) {
    temp_folder const temp;
    auto wanted = temp.plain();
    wanted.segment_bytes = 1;
    journal signals{wanted};
    auto const at = append(signals, "0");
    append(signals, "1");
    commit(signals, at);
    EXPECT_EQ(temp.segment_names().size(), 2U);
    EXPECT_THAT(read_all(signals), ElementsAre("0", "1"));
}

TEST(journal, a_position_is_never_used_again) {
    temp_folder const temp;
    std::set<position> seen;
    for (auto start = 0; start < 20; ++start) {
        journal signals{temp.plain()};
        EXPECT_TRUE(seen.insert(append(signals, "x")).second);
        if (start % 3 != 0) signals.mark_committed(positions(read_entries(signals)));
    }
    EXPECT_LE(temp.segment_names().size(), 2U);
}

TEST(journal, a_checkpoint_without_its_segments_hides_nothing_new) {
    temp_folder const temp;
    {
        journal signals{temp.plain()};
        append_numbers(signals, 0, 5);
        signals.mark_committed(positions(read_entries(signals)));
    }
    fs::remove(temp.segment(1));
    {
        journal signals{temp.plain()};
        append(signals, "new");
    }
    journal signals{temp.plain()};
    EXPECT_THAT(read_all(signals), ElementsAre("new"));
}

TEST(journal, figures_say_what_there_is) {
    temp_folder const temp;
    auto wanted = temp.plain();
    wanted.reserve_bytes = 100'000;
    journal signals{wanted};
    append_numbers(signals, 0, 5);
    signals.mark_committed(positions(signals.read_next(2)));
    auto const now = signals.snapshot();
    EXPECT_EQ(now.appended, 5U);
    EXPECT_EQ(now.committed, 2U);
    EXPECT_EQ(now.waiting, 3U);
    EXPECT_EQ(now.segments, 1U);
    EXPECT_EQ(now.bytes_on_disk, fs::file_size(temp.segment(1)));
    EXPECT_EQ(now.reserve_left, 100'000U);
    EXPECT_EQ(now.damaged + now.torn_bytes_cut + now.failed_syncs, 0U);
}

// ---- torn tails and flipped bits

TEST(journal, a_torn_tail_is_cut_and_what_was_before_it_stays) {
    auto const last = bytes_of(saying("2"));
    for (std::uint64_t left = 0; left < last; ++left) {
        temp_folder const temp;
        {
            journal signals{temp.plain()};
            append_numbers(signals, 0, 3);
        }
        auto const whole = fs::file_size(temp.segment(1)) - last;
        fs::resize_file(temp.segment(1), whole + left);
        journal signals{temp.plain()};
        EXPECT_EQ(fs::file_size(temp.segment(1)), whole);
        EXPECT_EQ(signals.snapshot().torn_bytes_cut, left);
        append(signals, "new");
        EXPECT_THAT(read_all(signals), ElementsAre("0", "1", "new")) << left << " bytes left";
        EXPECT_THAT(signals.take_damage(), IsEmpty());
    }
}

TEST(journal, a_segment_of_which_not_even_the_header_was_written_is_no_damage) {
    for (std::uint64_t left = 0; left <= segment_header_bytes; ++left) {
        temp_folder const temp;
        { journal const signals{temp.plain()}; }
        fs::resize_file(temp.segment(1), left);
        journal signals{temp.plain()};
        append(signals, "new");
        EXPECT_THAT(read_all(signals), ElementsAre("new"));
        EXPECT_THAT(signals.take_damage(), IsEmpty());
        EXPECT_THAT(temp.segment_names(), ElementsAre("0000000002.journal"));
    }
}

TEST(journal, zeros_that_a_power_cut_left_at_the_end_are_cut) {
    temp_folder const temp;
    {
        journal signals{temp.plain()};
        append_numbers(signals, 0, 3);
    }
    auto const whole = fs::file_size(temp.segment(1));
    fs::resize_file(temp.segment(1), whole + 5000);
    journal signals{temp.plain()};
    EXPECT_EQ(fs::file_size(temp.segment(1)), whole);
    EXPECT_EQ(read_all(signals), numbers(0, 3));
    EXPECT_THAT(signals.take_damage(), IsEmpty());
}

TEST(journal, a_flipped_bit_costs_one_record_at_most_and_is_reported) {
    temp_folder const temp;
    {
        journal signals{temp.plain()};
        append_numbers(signals, 0, 3);
    }
    auto const good = content(temp.segment(1));
    auto const start = segment_header_bytes + bytes_of(saying("0"));
    auto const end = start + bytes_of(saying("1"));
    for (auto bit = start * 8; bit < end * 8; ++bit) {
        fs::remove_all(temp.plain().folder);
        fs::create_directory(temp.plain().folder);
        auto bad = good;
        bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
        put_content(temp.segment(1), bad);

        journal signals{temp.plain()};
        EXPECT_THAT(read_all(signals), ElementsAre("0", "2")) << "byte " << bit / 8;
        auto const found = signals.take_damage();
        ASSERT_EQ(found.size(), 1U) << "byte " << bit / 8;
        EXPECT_EQ(found[0].at, (position{1, start}));
        EXPECT_EQ(found[0].bytes, bad.substr(start, end - start));
        EXPECT_EQ(content(found[0].kept_aside), found[0].bytes);
        EXPECT_EQ(found[0].kept_aside.filename(), "0000000001-" + std::to_string(start));
        EXPECT_EQ(signals.snapshot().damaged, 1U);
    }
}

TEST(journal, a_flipped_bit_in_the_header_of_a_segment_costs_no_record) {
    temp_folder const temp;
    {
        journal signals{temp.plain()};
        append_numbers(signals, 0, 3);
    }
    auto const good = content(temp.segment(1));
    for (std::uint64_t byte = 0; byte < segment_header_bytes; ++byte) {
        fs::remove_all(temp.plain().folder);
        fs::create_directory(temp.plain().folder);
        auto bad = good;
        bad[byte] = static_cast<char>(bad[byte] ^ 0x10);
        put_content(temp.segment(1), bad);
        journal signals{temp.plain()};
        EXPECT_EQ(read_all(signals), numbers(0, 3));
        EXPECT_EQ(signals.take_damage().size(), 1U);
    }
}

TEST(journal, a_damaged_last_record_is_reported_and_not_taken_for_a_torn_one) {
    auto const last = bytes_of(saying("2"));
    for (std::uint64_t byte = 0; byte < last; ++byte) {
        temp_folder const temp;
        {
            journal signals{temp.plain()};
            append_numbers(signals, 0, 3);
        }
        auto bad = content(temp.segment(1));
        auto& flipped = bad[bad.size() - last + byte];
        flipped = static_cast<char>(flipped ^ 1);
        put_content(temp.segment(1), bad);
        journal signals{temp.plain()};
        EXPECT_EQ(read_all(signals), numbers(0, 2));
        EXPECT_EQ(signals.take_damage().size(), 1U) << "byte " << byte;
        EXPECT_EQ(signals.snapshot().torn_bytes_cut, 0U);
    }
}

TEST(journal, a_record_inside_a_damaged_payload_is_not_taken_for_one) {
    temp_folder const temp;
    auto const forged = linli::journal::encode({"desk", "operator", 1, "send everybody home"});
    {
        journal signals{temp.plain()};
        append(signals, "before" + forged);
        append(signals, "after");
    }
    auto bad = content(temp.segment(1));
    bad[bad.find("before")] = 'B';
    put_content(temp.segment(1), bad);
    journal signals{temp.plain()};
    EXPECT_THAT(read_all(signals), ElementsAre("after"));
    EXPECT_EQ(signals.take_damage().size(), 1U);
}

TEST(journal, junk_of_any_length_between_two_records_costs_neither) {
    for (std::size_t junk = 1; junk < 40; ++junk) {
        temp_folder const temp;
        {
            journal signals{temp.plain()};
            append_numbers(signals, 0, 2);
        }
        auto bad = content(temp.segment(1));
        bad.insert(segment_header_bytes + bytes_of(saying("0")), std::string(junk, '\x5a'));
        put_content(temp.segment(1), bad);
        journal signals{temp.plain()};
        EXPECT_THAT(read_all(signals), ElementsAre("0", "1")) << junk;
        EXPECT_EQ(signals.take_damage().size(), 1U);
    }
}

TEST(journal, damage_comes_again_until_it_is_committed) {
    temp_folder const temp;
    auto wanted = temp.plain();
    {
        journal signals{wanted};
        append_numbers(signals, 0, 3);
    }
    auto bad = content(temp.segment(1));
    bad[segment_header_bytes + record_header_bytes] ^= 1;
    put_content(temp.segment(1), bad);
    {
        journal signals{wanted};
        signals.mark_committed(positions(read_entries(signals)));
        EXPECT_EQ(signals.take_damage().size(), 1U);
        EXPECT_THAT(signals.take_damage(), IsEmpty());
        EXPECT_EQ(signals.snapshot().waiting, 1U);
    }
    {
        journal signals{wanted};
        EXPECT_THAT(read_all(signals), IsEmpty());
        auto const found = signals.take_damage();
        ASSERT_EQ(found.size(), 1U);
        commit(signals, found[0].at);
        EXPECT_FALSE(fs::exists(temp.segment(1)));
        EXPECT_TRUE(fs::exists(found[0].kept_aside));
    }
    journal signals{wanted};
    EXPECT_THAT(read_all(signals), IsEmpty());
    EXPECT_THAT(signals.take_damage(), IsEmpty());
}

TEST(journal, an_unreadable_sector_does_not_hold_up_what_lies_behind_it) {
    temp_folder const temp;
    auto wanted = temp.plain();
    wanted.window_records = 0;
    wanted.calls.read = [](int descriptor, void* to, std::size_t bytes, off_t at) -> ssize_t {
        constexpr off_t bad = 8192, good = 12288;
        if (at >= bad && at < good) return errno = EIO, -1;
        if (at < bad) bytes = std::min(bytes, static_cast<std::size_t>(bad - at));
        return ::pread(descriptor, to, bytes, at);
    };
    journal signals{wanted};
    for (auto n = 0; n < 40; ++n)
        append(signals, std::to_string(n) + std::string(1000, 'x'));
    auto const read = read_all(signals);
    EXPECT_GE(read.size(), 34U);
    EXPECT_THAT(read.front(), HasSubstr("0x"));
    EXPECT_THAT(read.back(), HasSubstr("39x"));
    EXPECT_FALSE(signals.take_damage().empty());
}

TEST(journal, a_segment_that_somebody_removed_is_reported_and_the_next_is_read) {
    temp_folder const temp;
    auto wanted = temp.plain();
    wanted.window_records = 0;
    wanted.segment_bytes = 1;
    journal signals{wanted};
    append_numbers(signals, 0, 3);
    fs::remove(temp.segment(2));
    EXPECT_THAT(read_all(signals), ElementsAre("0", "2"));
    auto const found = signals.take_damage();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_THAT(found[0].text, HasSubstr("missing"));
}

// ---- a full disk

// A disk for one folder: a write beyond its bytes gets as far as it can, or nowhere.
struct small_disk {
    fs::path folder;
    std::uint64_t bytes;
    int error_when_full = 0; // 0: a short write first

    [[nodiscard]] std::uint64_t used() const {
        std::uint64_t all = 0;
        for (auto const& found : fs::directory_iterator{folder})
            if (found.is_regular_file() && found.path().filename() != "lock" &&
                found.path().filename() != "checkpoint")
                all += found.file_size();
        return all;
    }
    [[nodiscard]] system_calls calls() {
        system_calls mine;
        mine.write = [this](int descriptor, void const* from, std::size_t count) -> ssize_t {
            auto const left = bytes - std::min(bytes, used());
            if (left < count && error_when_full != 0) return errno = error_when_full, -1;
            if (left == 0) return errno = ENOSPC, -1;
            return ::write(descriptor, from, std::min<std::size_t>(count, left));
        };
        return mine;
    }
};

TEST(journal, a_full_disk_is_an_error_that_leaves_nothing_behind) {
    for (auto const error : {0, ENOSPC, EDQUOT, EFBIG}) {
        temp_folder const temp;
        auto wanted = temp.plain();
        small_disk disk{wanted.folder, 500, error};
        wanted.calls = disk.calls();
        journal signals{wanted};
        auto stored = 0;
        while (signals.append(saying(std::to_string(stored)), durability::disk))
            ++stored;
        EXPECT_GT(stored, 3);
        auto const refused = signals.append(saying("refused"), durability::disk);
        EXPECT_EQ(refused.error(), errc::no_space_on_device);
        EXPECT_EQ(signals.snapshot().refused, 2U);
        EXPECT_EQ(signals.snapshot().refuses_since_us, saying("").received_us);
        disk.bytes = 10'000;
        append(signals, "after");
        EXPECT_EQ(signals.snapshot().refused, 2U);
        EXPECT_EQ(signals.snapshot().refuses_since_us, 0) << "it takes them again";
        auto expected = numbers(0, stored);
        expected.emplace_back("after");
        EXPECT_EQ(read_all(signals), expected);
    }
}

TEST(journal, a_full_disk_leaves_nothing_behind_over_a_restart_either) {
    temp_folder const temp;
    auto wanted = temp.plain();
    auto stored = 0;
    {
        small_disk disk{wanted.folder, 500};
        wanted.calls = disk.calls();
        journal signals{wanted};
        while (signals.append(saying(std::to_string(stored)), durability::disk))
            ++stored;
    }
    journal signals{temp.plain()};
    EXPECT_EQ(signals.snapshot().torn_bytes_cut, 0U);
    EXPECT_EQ(read_all(signals), numbers(0, stored));
}

TEST(journal, the_reserve_takes_calls_for_help_when_the_disk_is_full_and_fills_up_again) {
    temp_folder const temp;
    auto wanted = temp.plain();
    wanted.segment_bytes = 1000;
    wanted.reserve_bytes = 5000;
    small_disk disk{wanted.folder, 6000};
    wanted.calls = disk.calls();
    journal signals{wanted};
    auto stored = 0;
    while (signals.append(saying(std::to_string(stored)), durability::disk))
        ++stored;
    EXPECT_EQ(signals.snapshot().reserve_left, 0U);
    EXPECT_GT(static_cast<std::uint64_t>(stored) * bytes_of(saying("00")), 4500U);
    auto const read = read_entries(signals);
    EXPECT_EQ(payloads(read), numbers(0, stored));
    signals.mark_committed(positions(read));
    EXPECT_EQ(signals.snapshot().reserve_left, 5000U);
}

TEST(journal, a_neighbour_who_takes_every_byte_that_is_freed_leaves_the_reserve_to_the_presses) {
    temp_folder const temp;
    auto wanted = temp.plain();
    wanted.segment_bytes = 1'000'000;
    wanted.reserve_bytes = 5'000'000;
    small_disk disk{wanted.folder, wanted.reserve_bytes + 500};
    wanted.calls = disk.calls();
    wanted.calls.write = [&, write = wanted.calls.write](auto... with) {
        auto const n = write(with...);
        disk.bytes = std::min(disk.bytes, disk.used());
        return n;
    };
    journal signals{wanted};
    auto stored = 0;
    while (signals.append(saying(std::to_string(stored)), durability::disk))
        ++stored;
    EXPECT_EQ(signals.snapshot().reserve_left, 0U);
    EXPECT_GE(stored, 70);
    EXPECT_EQ(read_all(signals), numbers(0, stored));
}

TEST(journal, the_reserve_fills_up_as_soon_as_the_disk_has_room_though_no_segment_goes) {
    temp_folder const temp;
    auto wanted = temp.plain();
    wanted.segment_bytes = 1000;
    wanted.reserve_bytes = 5000;
    small_disk disk{wanted.folder, 5000 + 150};
    wanted.calls = disk.calls();
    journal signals{wanted};
    append_numbers(signals, 0, 4);
    EXPECT_LT(signals.snapshot().reserve_left, 5000U);
    disk.bytes = 20'000;
    signals.mark_committed(positions(signals.read_next(4)));
    EXPECT_EQ(signals.snapshot().segments, 1U);
    EXPECT_EQ(signals.snapshot().reserve_left, 5000U);
}

TEST(journal, a_failed_write_that_cannot_be_cut_is_followed_by_a_new_segment) {
    temp_folder const temp;
    auto wanted = temp.plain();
    auto torn = false;
    wanted.calls.datasync = [](int) { return 0; };
    wanted.calls.write = [&](int descriptor, void const* from, std::size_t count) -> ssize_t {
        if (!std::exchange(torn, false)) return ::write(descriptor, from, count);
        auto const part = ::write(descriptor, from, count / 2);
        // As nothing can be cut on a disk that has become read-only.
        ::close(descriptor);
        ::dup2(::open("/dev/null", O_RDONLY | O_CLOEXEC), descriptor);
        return part;
    };
    {
        journal signals{wanted};
        append(signals, "0");
        torn = true;
        EXPECT_FALSE(signals.append(saying("1"), durability::memory));
        append(signals, "2");
        EXPECT_THAT(read_all(signals), ElementsAre("0", "2"));
    }
    journal signals{temp.plain()};
    auto const again = read_all(signals);
    EXPECT_EQ((std::set<std::string>{again.begin(), again.end()}),
              (std::set<std::string>{"0", "2"}));
    EXPECT_THAT(signals.take_damage(), IsEmpty());
}

TEST(journal, it_starts_on_a_full_disk_so_that_what_waits_can_be_committed) {
    temp_folder const temp;
    {
        journal signals{temp.plain()};
        append_numbers(signals, 0, 3);
    }
    auto wanted = temp.plain();
    small_disk disk{wanted.folder, 0};
    wanted.calls = disk.calls();
    journal signals{wanted};
    EXPECT_EQ(signals.append(saying("x"), durability::disk).error(), errc::no_space_on_device);
    EXPECT_EQ(read_all(signals), numbers(0, 3));
    disk.bytes = 10'000;
    append(signals, "3", durability::disk);
    EXPECT_THAT(read_all(signals), ElementsAre("3"));
}

// Runs `body` in a process of its own; its failures are this one's.
void in_child(std::function<void()> const& body) {
    auto const child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        body();
        ::_exit(testing::Test::IsSkipped() ? 77 : testing::Test::HasFailure() ? 1 : 0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77) GTEST_SKIP();
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

void fill_and_empty_again(options const& wanted) {
    journal signals{wanted};
    EXPECT_EQ(signals.snapshot().reserve_left, wanted.reserve_bytes);
    auto stored = 0;
    auto const payload = std::string(900, 'x');
    while (signals.append(saying(payload), durability::disk))
        ++stored;
    EXPECT_EQ(signals.append(saying(payload), durability::disk).error(), errc::no_space_on_device);
    EXPECT_EQ(signals.snapshot().reserve_left, 0U);
    EXPECT_GT(stored, 700);
    auto const read = read_entries(signals);
    EXPECT_EQ(read.size(), static_cast<std::size_t>(stored));
    signals.mark_committed(positions(read));
    EXPECT_EQ(signals.snapshot().reserve_left, wanted.reserve_bytes);
    EXPECT_TRUE(signals.append(saying(payload), durability::disk));
}

void leave_the_last_space_to_others(fs::path const& folder) {
    constexpr std::uint64_t wanted = 256U << 10, margin = 64U << 10;
    linli::journal::reserve set_aside{folder / "set-aside", wanted};
    EXPECT_EQ(set_aside.left(), wanted);
    EXPECT_TRUE(set_aside.release(wanted));
    EXPECT_FALSE(set_aside.release(1));
    put_content(folder / "foreign", std::string(fs::space(folder).available - wanted, 'x'));
    set_aside.refill(margin);
    EXPECT_EQ(set_aside.left(), 0U);
    fs::remove(folder / "foreign");
    set_aside.refill(margin);
    EXPECT_EQ(set_aside.left(), wanted);
}

TEST(journal, a_really_full_disk_is_survived) {
    temp_folder const temp;
    in_child([&] {
        if (::unshare(CLONE_NEWNS) != 0 ||
            ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            ::mount("tmpfs", temp.path.c_str(), "tmpfs", 0, "size=1m") != 0)
            GTEST_SKIP() << "only who may mount can try this";
        auto wanted = temp.plain();
        wanted.segment_bytes = 64U << 10;
        wanted.reserve_bytes = 256U << 10;
        fill_and_empty_again(wanted);
        leave_the_last_space_to_others(temp.path);
    });
}

TEST(journal, a_file_size_limit_is_survived) {
    temp_folder const temp;
    in_child([&] {
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit const limit{5000, 5000};
        ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
        journal signals{temp.plain()};
        auto stored = 0;
        while (signals.append(saying(std::to_string(stored)), durability::disk))
            ++stored;
        EXPECT_EQ(signals.append(saying("x"), durability::disk).error(), errc::no_space_on_device);
        EXPECT_EQ(read_all(signals), numbers(0, stored));
    });
}

// ---- syncing

// Knows how much of every file a power cut would leave.
struct watched_disk {
    std::mutex mutex;
    std::map<ino_t, std::uint64_t> synced;
    std::atomic<int> syncs = 0;
    std::atomic<int> to_fail = 0;

    [[nodiscard]] system_calls calls() {
        system_calls mine;
        mine.datasync = [this](int descriptor) {
            ++syncs;
            struct stat before {};
            ::fstat(descriptor, &before);
            if (to_fail > 0) return --to_fail, errno = EIO, -1;
            std::lock_guard const lock{mutex};
            auto& size = synced[before.st_ino];
            size = std::max(size, static_cast<std::uint64_t>(before.st_size));
            return 0;
        };
        return mine;
    }
    std::uint64_t synced_bytes(fs::path const& path) {
        struct stat now {};
        if (::stat(path.c_str(), &now) != 0) return 0;
        std::lock_guard const lock{mutex};
        return synced[now.st_ino];
    }
    void cut_power(fs::path const& folder) {
        for (auto const& found : fs::directory_iterator{folder})
            if (found.path().extension() == ".journal")
                fs::resize_file(found.path(), synced_bytes(found.path()));
    }
};

TEST(journal, an_append_to_disk_returns_after_the_sync_and_one_to_memory_before) {
    temp_folder const temp;
    watched_disk disk;
    auto wanted = temp.plain();
    wanted.calls = disk.calls();
    journal signals{wanted};
    append(signals, "0", durability::memory);
    EXPECT_EQ(disk.syncs, 0);
    append(signals, "1", durability::disk);
    EXPECT_EQ(disk.syncs, 1);
    EXPECT_EQ(disk.synced_bytes(temp.segment(1)), fs::file_size(temp.segment(1)));
}

TEST(journal, what_was_appended_can_be_synced_later) {
    temp_folder const temp;
    watched_disk disk;
    auto wanted = temp.plain();
    wanted.calls = disk.calls();
    wanted.segment_bytes = 1;
    journal signals{wanted};
    auto const first = signals.append_unsynced(saying("0")).value();
    auto const second = signals.append_unsynced(saying("1")).value();
    EXPECT_EQ(disk.syncs, 1) << "a segment that is left is synced";
    EXPECT_TRUE(signals.sync_through(first));
    EXPECT_EQ(disk.syncs, 1);
    EXPECT_TRUE(signals.sync_through(second));
    EXPECT_EQ(disk.syncs, 2);
    EXPECT_FALSE(signals.sync_through({second.segment, second.offset + 1000}));
}

TEST(journal, callers_that_wait_share_a_sync) {
    temp_folder const temp;
    std::atomic<int> written = -1; // without the header of the segment
    std::atomic<int> syncs = 0;
    auto wanted = temp.plain();
    wanted.calls.write = [&](int descriptor, void const* from, std::size_t count) {
        auto const n = ::write(descriptor, from, count);
        ++written;
        written.notify_all();
        return n;
    };
    wanted.calls.datasync = [&](int) {
        if (++syncs == 1) // holds until everybody has written
            for (auto now = written.load(); now < 8; now = written.load())
                written.wait(now);
        return 0;
    };
    journal signals{wanted};
    std::vector<std::thread> callers;
    for (auto n = 0; n < 8; ++n)
        callers.emplace_back([&] { append(signals, "x", durability::disk); });
    for (auto& each : callers)
        each.join();
    EXPECT_EQ(syncs, 2);
}

TEST(journal, after_a_failed_sync_the_record_is_written_to_a_new_segment_and_synced_there) {
    temp_folder const temp;
    watched_disk disk;
    auto wanted = temp.plain();
    wanted.calls = disk.calls();
    {
        journal signals{wanted};
        append(signals, "0", durability::disk);
        append(signals, "1", durability::memory);
        disk.to_fail = 1;
        append(signals, "2", durability::disk);
        append(signals, "3", durability::disk);
        EXPECT_EQ(signals.snapshot().failed_syncs, 1U);
        auto const seen = read_all(signals);
        EXPECT_EQ((std::set<std::string>{seen.begin(), seen.end()}),
                  (std::set<std::string>{"0", "1", "2", "3"}));
    }
    disk.cut_power(temp.plain().folder); // read and not committed: must come again
    journal signals{temp.plain()};
    EXPECT_THAT(read_all(signals), ElementsAre("0", "1", "2", "3"));
}

TEST(journal, a_sync_that_fails_while_a_segment_is_left_loses_nothing) {
    temp_folder const temp;
    watched_disk disk;
    auto wanted = temp.plain();
    wanted.calls = disk.calls();
    wanted.segment_bytes = segment_header_bytes + 2 * bytes_of(saying("0"));
    {
        journal signals{wanted};
        auto const early = signals.append_unsynced(saying("0")).value();
        append(signals, "1");
        disk.to_fail = 1;
        append(signals, "2", durability::disk);
        EXPECT_TRUE(signals.sync_through(early));
    }
    disk.cut_power(temp.plain().folder);
    fs::remove(temp.plain().folder / "checkpoint");
    journal signals{temp.plain()};
    EXPECT_EQ(read_all(signals), numbers(0, 3));
}

TEST(journal, while_no_sync_succeeds_nothing_is_promised_and_afterwards_it_goes_on) {
    temp_folder const temp;
    watched_disk disk;
    auto wanted = temp.plain();
    wanted.calls = disk.calls();
    position refused{};
    {
        journal signals{wanted};
        append(signals, "0", durability::disk);
        disk.to_fail = 1'000'000;
        refused = signals.append_unsynced(saying("refused")).value();
        for (auto n = 0; n < 3; ++n) {
            EXPECT_EQ(signals.sync_through(refused).error(), errc::io_error);
            EXPECT_FALSE(signals.append(saying("refused"), durability::disk));
        }
        disk.to_fail = 0;
        append(signals, "1", durability::disk);
        EXPECT_EQ(signals.sync_through(refused).error(), errc::io_error)
            << "a later sync says nothing about it";
    }
    disk.cut_power(temp.plain().folder);
    fs::remove(temp.plain().folder / "checkpoint");
    journal signals{temp.plain()};
    auto const read = read_all(signals);
    EXPECT_EQ(read.front(), "0");
    EXPECT_EQ(read.back(), "1");
}

// What the server's loop asks, while the disk keeps somebody waiting who appends.
class a_disk_that_takes_its_time : public testing::Test {
protected:
    // The disk answers when the loop has gone on, or the test has failed.
    int answers_late() {
        is_asked_.set_value();
        auto const heard = loop_goes_on_.get_future().wait_for(std::chrono::seconds{20});
        held_the_loop_ = heard != std::future_status::ready;
        return 0;
    }
    void the_loop_goes_on(journal& with) {
        is_asked_.get_future().wait();
        EXPECT_EQ(with.snapshot().appended, 1U);
        auto const read = with.read_next(10);
        EXPECT_THAT(payloads(read), ElementsAre("0"));
        EXPECT_TRUE(with.is_waiting(read.at(0).at));
        with.mark_committed(positions(read));
        EXPECT_FALSE(with.is_waiting(read.at(0).at));
        loop_goes_on_.set_value();
    }

    temp_folder const temp_;
    options wanted_ = temp_.plain();
    std::promise<void> is_asked_, loop_goes_on_;
    bool held_the_loop_ = false;
};

TEST_F(a_disk_that_takes_its_time, when_a_sync_failed_holds_up_nobody_but_who_waits_for_it) {
    auto syncs = 0;
    wanted_.calls.datasync = [&](int) {
        if (++syncs == 1) return errno = EIO, -1;
        return syncs == 2 ? answers_late() : 0;
    };
    journal signals{wanted_};
    std::thread door{[&] { append(signals, "0", durability::disk); }};
    the_loop_goes_on(signals);
    door.join();
    EXPECT_FALSE(held_the_loop_);
    EXPECT_EQ(signals.snapshot().failed_syncs, 1U);
    EXPECT_THAT(read_all(signals), ElementsAre("0")) << "the copy, whose position is another";
    EXPECT_TRUE(fs::exists(temp_.segment(2)));
}

TEST_F(a_disk_that_takes_its_time, for_a_new_segment_holds_up_nobody_but_who_appends) {
    auto syncs = 0;
    wanted_.calls.sync = [&](int) { return ++syncs == 2 ? answers_late() : 0; };
    wanted_.segment_bytes = 1;
    journal signals{wanted_};
    append(signals, "0");
    std::thread door{[&] { append(signals, "1", durability::disk); }};
    the_loop_goes_on(signals);
    door.join();
    EXPECT_FALSE(held_the_loop_);
    EXPECT_THAT(read_all(signals), ElementsAre("1"));
}

TEST(journal, nobody_is_told_that_a_record_is_lost_while_it_is_written_again) {
    temp_folder const temp;
    auto wanted = temp.plain();
    std::atomic<int> written = -1; // without the header of the segment
    std::atomic<int> syncs = 0;
    wanted.calls.write = [&](auto... with) {
        auto const n = ::write(with...);
        ++written;
        written.notify_all();
        return n;
    };
    wanted.calls.datasync = [&](int) {
        if (++syncs > 1) return 0;
        for (auto now = written.load(); now < 4; now = written.load())
            written.wait(now); // all have written, and most of them wait already
        return errno = EIO, -1;
    };
    journal signals{wanted};
    std::vector<std::thread> doors;
    for (auto n = 0; n < 4; ++n)
        doors.emplace_back([&] { EXPECT_TRUE(signals.append(saying("x"), durability::disk)); });
    for (auto& each : doors)
        each.join();
}

TEST(journal, four_threads_append_at_once_and_every_record_is_kept_in_its_threads_order) {
    constexpr auto threads = 4, each = 500;
    temp_folder const temp;
    watched_disk disk;
    auto wanted = temp.plain();
    wanted.calls = disk.calls();
    wanted.segment_bytes = 4000;
    wanted.window_records = 50;
    std::vector<entry> read;
    {
        journal signals{wanted};
        std::atomic<int> unsynced = 0;
        auto const append_all = [&](int thread) {
            auto const door = std::to_string(thread);
            for (auto n = 0; n < each; ++n) {
                auto const what = record{door, "", n, ""};
                auto const how = n % 5 == 0 ? durability::disk : durability::memory;
                auto const at = signals.append(what, how).value();
                if (how != durability::disk) continue;
                auto const path = temp.segment(at.segment);
                auto const safe = disk.synced_bytes(path) >= at.offset + bytes_of(what);
                if (!safe && fs::exists(path)) ++unsynced; // or read and committed meanwhile
            }
        };
        std::vector<std::thread> appending;
        for (auto thread = 0; thread < threads; ++thread)
            appending.emplace_back(append_all, thread);
        while (read.size() < std::size_t{threads} * each) {
            auto batch = signals.read_next(100);
            if (batch.empty()) std::this_thread::yield();
            signals.mark_committed(positions(batch));
            std::move(batch.begin(), batch.end(), std::back_inserter(read));
        }
        for (auto& thread : appending)
            thread.join();
        EXPECT_EQ(unsynced, 0);
        EXPECT_EQ(signals.snapshot().waiting, 0U);
        EXPECT_EQ(signals.snapshot().segments, 1U);
    }
    EXPECT_TRUE(std::is_sorted(read.begin(), read.end(),
                               [](auto const& a, auto const& b) { return a.at < b.at; }));
    std::map<std::string, std::int64_t> next;
    for (auto const& one : read)
        EXPECT_EQ(one.what.received_us, next[one.what.door]++);
}

// ---- the end of the process

[[noreturn]] void append_until_killed(options const& wanted, int pipe, int round) {
    journal signals{wanted};
    for (std::uint32_t n = 0;; ++n) {
        auto const how = n % 4 == 0 ? durability::disk : durability::memory;
        auto const payload = std::to_string(round) + "/" + std::to_string(n);
        auto const stored = signals.append(saying(payload + std::string(n % 300, 'x')), how);
        if (!stored || ::write(pipe, &n, sizeof n) != sizeof n) ::_exit(1);
    }
}

// Kills after `wanted_acks`, wherever the child then is; says how much it had been told by then.
std::uint32_t kill_after(pid_t child, int pipe, std::uint32_t wanted_acks) {
    std::uint32_t acked = 0;
    std::uint32_t n = 0;
    while (::read(pipe, &n, sizeof n) == sizeof n)
        if (++acked == wanted_acks) ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    return acked;
}

TEST(journal, whatever_was_acknowledged_before_a_kill_is_read_after_it) {
    temp_folder const temp;
    auto wanted = temp.plain();
    wanted.segment_bytes = 8000;
    wanted.window_records = 10;
    for (auto round = 0; round < 60; ++round) {
        std::array<int, 2> ends{};
        ASSERT_EQ(::pipe(ends.data()), 0);
        auto const child = ::fork();
        if (child == 0) append_until_killed(wanted, ends[1], round);
        ::close(ends[1]);
        auto const acked = kill_after(child, ends[0], static_cast<std::uint32_t>(round) * 5 + 1);
        ::close(ends[0]);

        journal signals{wanted};
        auto const read = read_entries(signals);
        ASSERT_THAT(signals.take_damage(), IsEmpty());
        std::set<std::string> seen;
        for (auto const& each : read)
            seen.insert(each.what.payload.substr(0, each.what.payload.find('x')));
        for (std::uint32_t n = 0; n < acked; ++n)
            ASSERT_TRUE(seen.contains(std::to_string(round) + "/" + std::to_string(n)));
        if (round % 3 == 2) signals.mark_committed(positions(read));
        ASSERT_TRUE(round % 3 == 0 || seen.contains(std::to_string(round - 1) + "/0"))
            << "what was not committed comes again";
    }
}

// ---- what it needs to start

TEST(journal, a_second_one_on_the_same_folder_is_told_whom_to_stop) {
    temp_folder const temp;
    journal const first{temp.plain()};
    try {
        journal const second{temp.plain()};
        FAIL() << "two on one folder";
    } catch (std::runtime_error const& error) {
        EXPECT_THAT(error.what(), HasSubstr("process " + std::to_string(::getpid()) + ": stop"));
        EXPECT_THAT(error.what(), HasSubstr(temp.plain().folder.string()));
    }
}

TEST(journal, a_folder_of_a_newer_version_is_refused) {
    temp_folder const temp;
    fs::create_directory(temp.plain().folder);
    put_content(temp.segment(1), linli::journal::encode(linli::journal::segment_header{2, 0}));
    EXPECT_THROW(journal{temp.plain()}, std::runtime_error);
}

TEST(journal, a_folder_that_cannot_be_made_is_refused_with_a_remedy) {
    temp_folder const temp;
    put_content(temp.plain().folder, "a file");
    EXPECT_THROW(journal{temp.plain()}, std::system_error);
}

TEST(journal, what_it_keeps_is_for_its_owner_only) {
    temp_folder const temp;
    fs::create_directory(temp.plain().folder);
    fs::permissions(temp.plain().folder, fs::perms::all);
    auto wanted = temp.plain();
    wanted.reserve_bytes = 1000;
    { journal const signals{wanted}; }
    EXPECT_EQ(fs::status(wanted.folder).permissions(), fs::perms::owner_all);
    auto files = 0;
    for (auto const& found : fs::directory_iterator{wanted.folder}) {
        EXPECT_EQ(found.status().permissions(), fs::perms::owner_read | fs::perms::owner_write);
        ++files;
    }
    EXPECT_EQ(files, 4) << "lock, reserve, checkpoint, one segment";
}

} // namespace
