#include "hotline/call_file.hpp"

#include <utility>

#include "hotline/link/messages.hpp"
#include "runtime/log.hpp"

namespace linli::hotline {

namespace {

namespace log = runtime::log;

constexpr std::size_t read_at_once = 1024;
constexpr std::uint64_t segment_bytes = 1U << 20;

journal::record record_of(call_id const& id, std::string bytes, instant at) {
    return {"hotline", id.value, at.time_since_epoch().count(), std::move(bytes)};
}

journal::options options_of(std::filesystem::path const& folder) {
    journal::options wanted;
    wanted.folder = folder;
    wanted.segment_bytes = segment_bytes;
    wanted.reserve_bytes = segment_bytes;
    return wanted;
}

} // namespace

call_file::call_file(std::filesystem::path const& folder, instant at)
    : journal_(options_of(folder)), disk_(1) {
    for (auto read = journal_.read_next(read_at_once); !read.empty();
         read = journal_.read_next(read_at_once))
        for (auto const& each : read)
            take(each);
    for (auto& [id, each] : calls_) {
        if (!each.ended.empty()) continue;
        // Not written again: the next start would come to the same.
        each.ended = messages::engine_lost(each.begun, at);
        log::warning("call_lost_by_an_earlier_run", {{"call", id.value}});
    }
}

void call_file::take(journal::entry const& one) {
    auto const read = messages::read_ended_call(one.what.payload);
    if (!read) return log::error("call_record_damaged", {{"call", one.what.source}});
    auto& of = calls_[read->id];
    of.at.push_back(one.at);
    (read->ended ? of.ended : of.begun) = one.what.payload;
}

runtime::task<> call_file::begun(call_id id, std::string on_disk, instant at) {
    calls_[id].begun = on_disk;
    auto writing = write(id, std::move(on_disk), at, journal::durability::memory);
    co_await std::move(writing);
}

runtime::task<> call_file::ended(call_id id, std::string on_disk, instant at) {
    calls_[id].ended = on_disk;
    auto writing = write(id, std::move(on_disk), at, journal::durability::disk);
    co_await std::move(writing);
}

runtime::task<> call_file::write(call_id id, std::string bytes, instant at,
                                 journal::durability how) {
    auto job = [this, what = record_of(id, std::move(bytes), at), how] {
        auto const written = journal_.append(what, how);
        // Only what has been read can be committed.
        [[maybe_unused]] auto const passed = journal_.read_next(read_at_once);
        return written;
    };
    auto const written = co_await disk_.run(std::move(job));
    if (!written) {
        log::error("call_record_not_written", {{"call", id.value}, {"error", written.error()}});
        co_return;
    }
    auto const of = calls_.find(id);
    if (of == calls_.end()) { // acknowledged meanwhile
        positions const done{*written};
        auto committing = commit(done);
        co_await std::move(committing);
        co_return;
    }
    of->second.at.push_back(*written);
}

runtime::task<> call_file::acknowledge(std::vector<call_id> ids) {
    positions done;
    for (auto const& each : ids) {
        auto const of = calls_.find(each);
        if (of == calls_.end() || of->second.ended.empty()) continue;
        done.insert(done.end(), of->second.at.begin(), of->second.at.end());
        calls_.erase(of);
    }
    auto committing = commit(std::move(done));
    co_await std::move(committing);
}

runtime::task<> call_file::commit(positions done) {
    if (done.empty()) co_return;
    auto job = [this, done = std::move(done)] { journal_.mark_committed(done); };
    co_await disk_.run(std::move(job));
}

std::vector<std::string> call_file::waiting() const {
    std::vector<std::string> all;
    for (auto const& [id, each] : calls_)
        if (!each.ended.empty()) all.push_back(each.ended);
    return all;
}

} // namespace linli::hotline
