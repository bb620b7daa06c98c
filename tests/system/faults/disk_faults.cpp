#include "system/faults/disk_faults.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string>

#include <pqxx/pqxx>

#include "adapters/journal/segment.hpp"

namespace linli::tests::faults {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr int flips = 3;

fs::path newest_segment(fs::path const& journal) {
    fs::path newest;
    std::uint64_t highest = 0;
    for (auto const& each : fs::directory_iterator(journal)) {
        auto const number = journal::segment_number(each.path());
        if (!number || *number < highest) continue;
        highest = *number;
        newest = each.path();
    }
    if (newest.empty()) throw std::runtime_error("no segment in " + journal.string());
    return newest;
}

void wakes(trial& t) {
    for (int n = 0; n < 100 && !t.database().is_up(); ++n) {
        if (!fs::exists(t.database().folder() / "data/postmaster.pid")) t.database().does("start");
        t.lasts(200ms);
    }
}

// Load goes on, so it is found out soon.
void is_told_to_whoever_watches(trial& t, std::string const& words) {
    std::string said;
    for (int n = 0; n < 100; ++n) {
        said = t.server().says();
        if (said.find(words) != std::string::npos) return;
        t.lasts(200ms);
    }
    throw std::runtime_error("\"" + words + "\" is not said: " + said);
}

void server_dies(trial& t) {
    t.server().strike();
    t.server().bury();
}

} // namespace

// Without the database nothing of the journal can be given back: what comes fits into its reserve.
void journals_disk_is_full(trial& t) {
    t.journal_disk().fills();
    t.database().does("kill");
    t.lasts_long();
    t.database().does("start");
    t.journal_disk().frees();
}

// Nothing fits any more. What the server can't write it doesn't acknowledge: the broker keeps it,
// and devices send it again.
void journals_reserve_is_used_up(trial& t) {
    t.database().does("kill");
    server_dies(t);
    t.journal_disk().fills();
    fs::resize_file(t.place().journal_folder() / "reserve", 0);
    t.journal_disk().fills();
    t.server().start();
    is_told_to_whoever_watches(t, "the disk takes no signal");
    t.lasts_long();
    t.journal_disk().frees();
    t.database().does("start");
}

// Tables can't grow, and no new segment of the write-ahead log can begin, at which PostgreSQL ends
// all sessions.
void databases_disk_is_full(trial& t) {
    t.database_disk().fills();
    t.lasts(5s);
    try {
        pqxx::connection c(t.database().url());
        pqxx::nontransaction in(c);
        for (int n = 0; n < 3; ++n)
            in.exec("select pg_switch_wal()");
    } catch (pqxx::failure const&) { // so it is
    }
    t.lasts_long();
    t.database_disk().frees();
    wakes(t);
}

// The power goes in the middle of a write: of the last record there is a part, of which nobody was
// told that it had been taken.
void journals_tail_is_torn(trial& t) {
    t.database().does("kill");
    t.lasts(1s);
    server_dies(t);
    auto const whole = journal::encode(
        journal::record{"mqtt", "linli/v1/d/d-w1/signal", 1'700'000'000'000'000, "half a word"});
    auto const most = static_cast<int>(whole.size()) - 1;
    auto const part = std::uniform_int_distribution(1, most)(t.dice());
    std::ofstream(newest_segment(t.place().journal_folder()), std::ios::app | std::ios::binary)
        .write(whole.data(), part);
    t.server().start();
    t.database().does("start");
}

// Among what waits for the database, which is all that the journal still answers for.
void journals_bytes_are_flipped(trial& t) {
    t.database().does("kill");
    auto const before = newest_segment(t.place().journal_folder());
    auto const from = fs::file_size(before);
    t.lasts(2s);
    server_dies(t);
    auto const damaged = newest_segment(t.place().journal_folder());
    auto const begin = damaged == before ? from : journal::segment_header_bytes;
    auto const end = fs::file_size(damaged);
    if (end <= begin) throw std::runtime_error("nothing waited in the journal");
    std::fstream bytes(damaged, std::ios::in | std::ios::out | std::ios::binary);
    for (int n = 0; n < flips; ++n) {
        auto const at =
            static_cast<std::streamoff>(std::uniform_int_distribution(begin, end - 1)(t.dice()));
        auto const was = bytes.seekg(at).get();
        auto const bit = 1 << std::uniform_int_distribution(0, 7)(t.dice());
        bytes.seekp(at).put(static_cast<char>(was ^ bit));
    }
    bytes.close();
    t.server().start();
    t.database().does("start");
}

} // namespace linli::tests::faults
