// What the media server has recorded: read, laid onto one time with each speaker on his side,
// sealed, and read again by parts.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/http/byte_range.hpp"
#include "adapters/http/listenings.hpp"
#include "adapters/recordings/g711.hpp"
#include "adapters/recordings/mixing.hpp"
#include "adapters/recordings/pcap.hpp"
#include "adapters/recordings/recordings_on_disk.hpp"
#include "adapters/recordings/sealed_file.hpp"
#include "support/evening.hpp"
#include "support/pcap_of.hpp"
#include "support/private_folder.hpp"
#include "support/run_on.hpp"

namespace linli::tests {

namespace {

namespace fs = std::filesystem;
using namespace recordings;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct own_folder {
    own_folder() = default;
    own_folder(own_folder const&) = delete;
    own_folder& operator=(own_folder const&) = delete;
    ~own_folder() { fs::remove_all(at_); }
    fs::path const& path() const { return at_; }

private:
    fs::path const at_ = private_folder("recording");
};

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t start = 1'795'974'825 * second;
constexpr char quiet = a_law_silence;

std::vector<sound_packet> packets_in(std::string const& bytes, bool* damaged = nullptr) {
    std::istringstream in(bytes);
    pcap_reader reader(in);
    std::vector<sound_packet> all;
    while (auto const next = reader.next()) {
        all.push_back(*next);
        all.back().samples = {};
    }
    if (damaged) *damaged = reader.is_damaged();
    return all;
}

// Both sides of a talk, a character a sample.
struct both {
    std::string caller, operator_;
};

both apart(std::string const& mixed) {
    both sides;
    for (std::size_t at = 0; at + 1 < mixed.size(); at += 2) {
        sides.caller.push_back(mixed[at]);
        sides.operator_.push_back(mixed[at + 1]);
    }
    return sides;
}

struct mixed {
    std::string bytes;
    mixing to{start, [this](std::string_view part) { bytes += part; }};

    void hears(speaker who, std::int64_t at_us, std::string const& samples, std::uint32_t timestamp,
               std::size_t piece = 0, std::uint32_t source = 1) {
        to.add(piece, who,
               {.at_us = start + at_us,
                .to_port = 1,
                .is_a_law = true,
                .source = source,
                .timestamp = timestamp,
                .samples = samples});
    }
    both ends() {
        to.finish();
        return apart(bytes);
    }
};

} // namespace

TEST(pcap, tells_what_came_to_which_port_when) {
    pcap_of file;
    file.hears(start + 7, pcap_of::caller, "abc", 160, 8, 77);
    file.hears(start + second, pcap_of::leg, "de", 320, 0);
    bool damaged = true;
    auto const all = packets_in(file.bytes, &damaged);
    ASSERT_THAT(all, SizeIs(2));
    EXPECT_EQ(all[0], (sound_packet{start + 7, pcap_of::caller, true, 77, 160, {}}));
    EXPECT_EQ(all[1], (sound_packet{start + second, pcap_of::leg, false, 1, 320, {}}));
    EXPECT_FALSE(damaged);
}

TEST(pcap, passes_over_keys_and_what_else_is_no_sound) {
    pcap_of file;
    file.hears(start, pcap_of::caller, "key", 160, 101);
    file.hears(start, pcap_of::caller, "", 160);
    file.hears(start, pcap_of::caller, "sound", 160);
    EXPECT_THAT(packets_in(file.bytes), SizeIs(1));
}

TEST(pcap, ends_where_it_was_cut_off_and_says_so) {
    pcap_of file;
    file.hears(start, pcap_of::caller, "one", 160).hears(start, pcap_of::caller, "two", 320);
    std::size_t const first = 24 + 16 + 28 + 12 + 3;
    for (std::size_t size = 0; size <= file.bytes.size(); ++size) {
        bool damaged = false;
        auto const found = packets_in(file.bytes.substr(0, size), &damaged).size();
        EXPECT_EQ(found, size < first ? 0U : size < file.bytes.size() ? 1U : 2U) << size;
        bool const is_whole = size == 0 || size == 24 || size == first || size == file.bytes.size();
        EXPECT_EQ(damaged, !is_whole) << size;
    }
}

TEST(g711, of_both_laws_the_same_sound) {
    EXPECT_EQ(a_law_of_mu_law('\xff'), '\xd5') << "silence";
    EXPECT_EQ(a_law_of_mu_law('\x7f'), '\xd5') << "the other zero is no sound, either";
    EXPECT_EQ(a_law_of_mu_law('\x80'), '\xaa') << "the loudest";
    EXPECT_EQ(a_law_of_mu_law('\x00'), '\x2a');
}

TEST(mixing_, puts_the_caller_left_and_the_operator_right_at_their_times) {
    mixed talk;
    talk.hears(speaker::caller, 0, "ccc", 900);
    talk.hears(speaker::operator_, 250, "oo", 17, 0, 2); // two samples later
    auto const heard = talk.ends();
    EXPECT_EQ(heard.caller, std::string("ccc") + quiet);
    EXPECT_EQ(heard.operator_, std::string(2, quiet) + "oo");
}

TEST(mixing_, what_came_late_or_in_another_order_lies_where_it_was_spoken) {
    mixed talk;
    talk.hears(speaker::caller, 0, "aa", 100);
    talk.hears(speaker::caller, 90'000, "cc", 104);
    talk.hears(speaker::caller, 90'001, "bb", 102);
    EXPECT_EQ(talk.ends().caller, "aabbcc");
}

TEST(mixing_, a_count_that_jumps_or_begins_anew_is_set_by_the_time_it_came) {
    mixed talk;
    talk.hears(speaker::caller, 0, "aa", 0xfffffffe);
    talk.hears(speaker::caller, 250, "bb", 0); // begins anew at 0, in touch
    talk.hears(speaker::caller, second, "cc", 5'000'000);
    auto const heard = talk.ends().caller;
    EXPECT_EQ(heard.substr(0, 4), "aabb");
    EXPECT_EQ(heard.size(), 8002U);
    EXPECT_EQ(heard.substr(8000), "cc");
}

TEST(mixing_, keeps_some_seconds_only_and_the_rest_is_silence) {
    mixed talk;
    talk.hears(speaker::caller, 0, "a", 0);
    talk.hears(speaker::operator_, 600 * second, "b", 0, 1);
    EXPECT_GT(talk.bytes.size(), 2U * 8000 * 500);
    talk.hears(speaker::caller, second, "too late", 8000);
    auto const heard = talk.ends();
    EXPECT_EQ(heard.caller.size(), 600U * 8000 + 1);
    EXPECT_EQ(heard.caller, 'a' + std::string(600U * 8000, quiet));
    EXPECT_EQ(heard.operator_, std::string(600U * 8000, quiet) + 'b');
}

TEST(mixing_, nothing_is_believed_that_lies_a_day_behind) {
    mixed talk;
    talk.hears(speaker::caller, 0, "a", 0);
    talk.hears(speaker::caller, 86'400 * second, "b", 0, 1);
    talk.hears(speaker::caller, -second, "c", 0, 2);
    EXPECT_EQ(talk.ends().caller, "a");
}

TEST(wav, says_what_follows) {
    auto const head = wav_head(3);
    EXPECT_EQ(head.size(), 58U);
    EXPECT_EQ(head.substr(0, 4), "RIFF");
    EXPECT_EQ(head.substr(4, 4), std::string("\x38\0\0\0", 4)) << "50 and 6";
    EXPECT_EQ(head.substr(20, 4), std::string("\6\0\2\0", 4)) << "A-law, two sides";
    EXPECT_EQ(head.substr(50), std::string("data\6\0\0\0", 8));
}

// ------------------------------------------------------------------ sealed files

namespace {

struct a_sealed_file {
    own_folder const folder;
    fs::path const file = folder.path() / "f.sealed";
    std::string const key = make_file_key();

    void has(std::string const& plain) {
        sealed_file_writer into(file, key);
        for (std::size_t at = 0; at < plain.size(); at += 1000)
            into.add(std::string_view(plain).substr(at, 1000));
        EXPECT_EQ(into.finish(), plain.size());
    }
    std::string bytes() const {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    void is(std::string const& bytes) const { std::ofstream(file, std::ios::binary) << bytes; }
};

std::string some_sound(std::size_t size) {
    std::string sound;
    for (std::size_t each = 0; each < size; ++each)
        sound.push_back(static_cast<char>(each * 7 + each / 251));
    return sound;
}

} // namespace

TEST(sealed_file, is_read_by_parts_as_it_was_written) {
    constexpr std::size_t block = 64 * 1024;
    for (std::size_t const size : {0UL, 1UL, block - 1, block, block + 1, 3 * block}) {
        a_sealed_file one;
        auto const plain = some_sound(size);
        one.has(plain);
        EXPECT_EQ(read_sealed(one.file, one.key, size, 0, size), plain) << size;
        for (std::size_t const from : {size / 3, size / 2, size})
            EXPECT_EQ(read_sealed(one.file, one.key, size, from, block + 5),
                      plain.substr(from, block + 5));
    }
}

TEST(sealed_file, is_nothing_without_its_key_whole_and_in_order) {
    constexpr std::size_t block = 64 * 1024, sealed = block + 16;
    a_sealed_file one;
    auto const plain = some_sound(3 * block);
    one.has(plain);
    auto const read = [&](std::uint64_t size) {
        return read_sealed(one.file, one.key, size, 0, size);
    };
    EXPECT_EQ(read_sealed(one.file, make_file_key(), 3 * block, 0, 9), std::nullopt);
    EXPECT_EQ(read(2 * block), std::nullopt) << "a shorter one than was written";
    auto const whole = one.bytes();
    EXPECT_EQ(whole.find(plain.substr(0, 32)), whole.npos);
    one.is(whole.substr(sealed, sealed) + whole.substr(0, sealed) + whole.substr(2 * sealed));
    EXPECT_EQ(read(3 * block), std::nullopt) << "blocks in another order";
    one.is(whole.substr(0, 2 * sealed));
    EXPECT_EQ(read(3 * block), std::nullopt) << "cut off";
    auto changed = whole;
    changed[sealed + 7] ^= 1;
    one.is(changed);
    EXPECT_EQ(read(3 * block), std::nullopt);
    EXPECT_EQ(read_sealed(one.file, one.key, 3 * block, 0, 9), plain.substr(0, 9))
        << "of the first block nothing is wrong";
}

TEST(sealed_file, that_is_not_finished_is_none) {
    a_sealed_file one;
    {
        sealed_file_writer into(one.file, one.key);
        into.add(some_sound(200'000));
    }
    EXPECT_THAT(std::vector<fs::directory_entry>(fs::directory_iterator(one.folder.path()), {}),
                IsEmpty());
}

// ------------------------------------------------------------------ the folder

namespace {

struct a_folder {
    own_folder const folder;
    boost::asio::io_context loop;
    recordings_on_disk disk{{.pieces = {.at = folder.path() / "in", .settles_after = {}},
                             .sealed = folder.path() / "out"}};

    a_folder() {
        for (auto const* const each : {"in/pcaps", "in/tmp", "in/metadata", "in/sides"})
            fs::create_directories(folder.path() / each);
    }
    ~a_folder() { disk.stop(); }

    void writes(std::string const& file, std::string const& bytes) const {
        std::ofstream(folder.path() / "in" / file, std::ios::binary) << bytes;
    }
    void is_recorded(std::string const& name, pcap_of const& what, bool is_over = true) const {
        writes("pcaps/" + name + ".pcap", what.bytes);
        writes((is_over ? "metadata/rtpengine-meta-" : "tmp/rtpengine-meta-") + name +
                   (is_over ? ".txt" : ".tmp"),
               "");
    }
    void knows_sides(std::string const& session) const {
        writes("sides/" + session, "caller 41012\nleg 41000\n");
    }
    auto waiting() { return run_on(loop, disk.waiting()).value(); }
    app::sealed_recording seals(app::call_pieces const& what) {
        return run_on(loop, disk.seal({}, what)).value();
    }
    both plays(app::sealed_recording const& what) {
        auto const all = run_on(loop, disk.read(what, 0, what.bytes)).value();
        return apart(all.substr(58));
    }
    std::size_t left() const {
        std::size_t files = 0;
        for (auto const& each : fs::recursive_directory_iterator(folder.path() / "in"))
            files += each.is_regular_file() ? 1U : 0U;
        return files;
    }
};

constexpr auto tail = "-0123456789abcdef";

} // namespace

TEST(recordings_on_disk_, lie_there_by_calls_until_they_are_sealed) {
    a_folder there;
    pcap_of talk;
    talk.says(start, pcap_of::caller, 'c', 1);
    there.is_recorded(std::string("h1-2.1") + tail, talk);
    there.is_recorded(std::string("h1-2.2") + tail, talk);
    there.is_recorded(std::string("h1-3.1") + tail, talk, false);
    there.writes("pcaps/nothing of ours.pcap", "");
    EXPECT_THAT(
        there.waiting(),
        ElementsAre(app::call_pieces{"h1-2",
                                     {std::string("h1-2.1") + tail, std::string("h1-2.2") + tail},
                                     false},
                    app::call_pieces{"h1-3", {std::string("h1-3.1") + tail}, true}));
}

TEST(recordings_on_disk_, that_were_left_without_an_end_are_over_when_nothing_comes_any_more) {
    a_folder there;
    there.is_recorded(std::string("h1-3.1") + tail, pcap_of(), false);
    auto const file = there.folder.path() / "in/pcaps" / (std::string("h1-3.1") + tail + ".pcap");
    fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::seconds(61));
    EXPECT_FALSE(there.waiting().at(0).is_live);
}

TEST(recordings_on_disk_, become_one_with_each_piece_at_its_time_and_each_speaker_on_his_side) {
    a_folder there;
    pcap_of first, second_one;
    first.says(start, pcap_of::caller, 'c', 5).says(start, pcap_of::leg, 'o', 5);
    second_one.says(start + 2 * second, pcap_of::caller, 'd', 5)
        .says(start + 2 * second + 20'000, pcap_of::leg, 'p', 4);
    // By its name the later one comes first.
    there.is_recorded(std::string("h1-2.9") + tail, first);
    there.is_recorded(std::string("h1-2.1") + tail, second_one);
    there.knows_sides("h1-2.9");
    there.knows_sides("h1-2.1");
    auto const pieces = there.waiting().at(0);
    auto const sealed = there.seals(pieces);
    EXPECT_EQ(sealed.pieces, 2);
    EXPECT_EQ(sealed.begun_at, domain::instant(std::chrono::microseconds(start)));
    EXPECT_EQ(sealed.length, std::chrono::milliseconds(2100));
    EXPECT_EQ(sealed.bytes, 58U + 2 * 16'800);
    auto const heard = there.plays(sealed);
    EXPECT_EQ(heard.caller,
              std::string(800, 'c') + std::string(15'200, quiet) + std::string(800, 'd'));
    EXPECT_EQ(heard.operator_,
              std::string(800, 'o') + std::string(15'360, quiet) + std::string(640, 'p'));
    run_on(there.loop, there.disk.remove(pieces)).value();
    EXPECT_EQ(there.left(), 0U);
}

TEST(recordings_on_disk_, without_a_note_the_first_to_be_heard_is_the_caller) {
    a_folder there;
    pcap_of talk;
    talk.says(start, pcap_of::caller, 'c', 1).says(start + 1, pcap_of::leg, 'o', 1);
    there.is_recorded(std::string("h1-2.1") + tail, talk);
    auto const heard = there.plays(there.seals(there.waiting().at(0)));
    EXPECT_EQ(heard.caller, std::string(160, 'c'));
    EXPECT_EQ(heard.operator_, std::string(160, 'o'));
}

TEST(recordings_on_disk_, in_which_nothing_is_to_be_heard_are_none) {
    a_folder there;
    there.is_recorded(std::string("h1-2.1") + tail, pcap_of());
    there.writes("pcaps/h1-2.2" + std::string(tail) + ".pcap", "no recording at all");
    auto const pieces = there.waiting().at(0);
    EXPECT_EQ(run_on(there.loop, there.disk.seal({}, pieces)).error(), app::recording_errc::silent);
}

TEST(recordings_on_disk_, wait_for_a_disk_that_refuses) {
    a_folder there;
    pcap_of talk;
    talk.says(start, pcap_of::caller, 'c', 1);
    there.is_recorded(std::string("h1-2.1") + tail, talk);
    std::ofstream(there.folder.path() / "out") << "no folder";
    auto const pieces = there.waiting().at(0);
    EXPECT_EQ(run_on(there.loop, there.disk.seal({}, pieces)).error(), app::recording_errc::disk);
    EXPECT_THAT(there.waiting(), SizeIs(1));
}

TEST(recordings_on_disk_, of_another_machine_or_changed_say_so) {
    a_folder there;
    pcap_of talk;
    talk.says(start, pcap_of::caller, 'c', 1);
    there.is_recorded(std::string("h1-2.1") + tail, talk);
    auto sealed = there.seals(there.waiting().at(0));
    auto const why = [&] { return run_on(there.loop, there.disk.read(sealed, 0, 9)).error(); };
    sealed.key = make_file_key();
    EXPECT_EQ(why(), app::recording_errc::damaged);
    run_on(there.loop, there.disk.forget(sealed.file)).value();
    EXPECT_EQ(why(), app::recording_errc::elsewhere);
    run_on(there.loop, there.disk.forget(sealed.file)).value();
    sealed.file = "../in/pcaps/h1-2.1" + std::string(tail) + ".pcap";
    EXPECT_EQ(why(), app::recording_errc::elsewhere) << "no name leads out of the folder";
}

// ------------------------------------------------------------------ by parts

TEST(byte_range_, is_what_a_player_asks_for) {
    using http::byte_range;
    using http::read_range;
    EXPECT_EQ(read_range("bytes=0-", 100, 10), (byte_range{0, 10}));
    EXPECT_EQ(read_range("bytes=95-", 100, 10), (byte_range{95, 5}));
    EXPECT_EQ(read_range("bytes=10-12", 100, 10), (byte_range{10, 3}));
    EXPECT_EQ(read_range("bytes=10-1000", 100, 1000), (byte_range{10, 90}));
    EXPECT_EQ(read_range("bytes=-5", 100, 10), (byte_range{95, 5}));
    EXPECT_EQ(read_range("bytes=-500", 100, 1000), (byte_range{0, 100}));
    for (auto const* const none :
         {"", "bytes=", "bytes=-", "bytes=100-", "bytes=5-4", "bytes=a-", "bytes=1-b", "bytes=1",
          "bytes=0-1,4-5", "lines=0-1", "bytes=-0", "bytes=18446744073709551616-", "bytes=+1-2"})
        EXPECT_EQ(read_range(none, 100, 10), std::nullopt) << none;
    EXPECT_EQ(read_range("bytes=0-18446744073709551615", 100, 1000), (byte_range{0, 100}));
    EXPECT_EQ(read_range("bytes=0-", 0, 10), std::nullopt);
}

TEST(listenings_, are_one_as_long_as_its_parts_follow_each_other) {
    using namespace std::chrono_literals;
    http::listenings heard;
    domain::call_id const id{};
    EXPECT_FALSE(heard.goes_on("li", id, evening));
    heard.heard("li", id, evening);
    EXPECT_TRUE(heard.goes_on("li", id, evening + 9min));
    EXPECT_FALSE(heard.goes_on("wang", id, evening));
    EXPECT_FALSE(heard.goes_on("li", id, evening + 10min));
}

} // namespace linli::tests
