#include "adapters/recordings/recordings_on_disk.hpp"

#include <system_error>
#include <utility>

#include <fmt/core.h>

#include "adapters/recordings/mixing.hpp"
#include "adapters/recordings/sealed_file.hpp"
#include "runtime/log.hpp"

namespace linli::recordings {

namespace fs = std::filesystem;
namespace log = runtime::log;
using app::recording_errc;
using app::recording_result;

namespace {

constexpr auto ending = ".sealed";

// What `work` answers, or that the disk doesn't do it. (A filesystem_error is one of these.)
template <class T, class F>
recording_result<T> on_disk(F const& work) {
    try {
        return work();
    } catch (std::system_error const& error) {
        log::error("recording_not_on_disk", {{"error", error}});
        return recording_errc::disk;
    }
}

std::string some_name() {
    std::string name;
    for (auto const each : make_file_key().substr(0, 4))
        name += fmt::format("{:02x}", static_cast<unsigned char>(each));
    return name;
}

recording_result<app::sealed_recording> sealed_of(piece_folder const& from, fs::path const& into,
                                                  domain::call_id id,
                                                  app::call_pieces const& what) {
    auto const as = lay_out(from, what);
    if (!as) return recording_errc::silent;
    fs::create_directories(into);
    fs::permissions(into, fs::perms::owner_all);
    app::sealed_recording made;
    made.key = make_file_key();
    // Never the same name twice: what the record names is what was written with its key.
    made.file = to_string(id) + '-' + some_name() + ending;
    sealed_file_writer file(into / made.file, made.key);
    file.add(wav_head(as->samples));
    mix(from, what, *as, [&file](std::string_view bytes) { file.add(bytes); });
    made.bytes = file.finish();
    made.begun_at = domain::instant(std::chrono::microseconds(as->begins_at_us));
    made.length = std::chrono::microseconds(as->samples * 1'000'000 / samples_a_second);
    made.pieces = as->pieces;
    return made;
}

} // namespace

recordings_on_disk::recordings_on_disk(settings with) : with_(std::move(with)) {}

runtime::task<recording_result<std::vector<app::call_pieces>>> recordings_on_disk::waiting() {
    using pieces = std::vector<app::call_pieces>;
    auto job = [this] {
        return on_disk<pieces>(
            [&]() -> recording_result<pieces> { return pieces_in(with_.pieces); });
    };
    auto done = co_await sealing_.run(std::move(job));
    co_return done;
}

runtime::task<recording_result<app::sealed_recording>>
recordings_on_disk::seal(domain::call_id id, app::call_pieces const& what) {
    auto job = [this, id, what] {
        return on_disk<app::sealed_recording>(
            [&] { return sealed_of(with_.pieces, with_.sealed, id, what); });
    };
    auto done = co_await sealing_.run(std::move(job));
    co_return done;
}

runtime::task<recording_result<void>> recordings_on_disk::remove(app::call_pieces const& what) {
    auto job = [this, what] {
        return on_disk<void>([&] {
            remove_pieces(with_.pieces, what);
            return recording_result<void>();
        });
    };
    auto done = co_await sealing_.run(std::move(job));
    co_return done;
}

runtime::task<recording_result<std::vector<std::string>>> recordings_on_disk::sealed() {
    using names = std::vector<std::string>;
    auto job = [this] {
        return on_disk<names>([&]() -> recording_result<names> {
            names all;
            if (!fs::exists(with_.sealed)) return all;
            auto const old = fs::file_time_type::clock::now() - with_.young;
            for (auto const& each : fs::directory_iterator(with_.sealed))
                if (each.last_write_time() < old) all.push_back(each.path().filename().string());
            return all;
        });
    };
    auto done = co_await sealing_.run(std::move(job));
    co_return done;
}

runtime::task<recording_result<void>> recordings_on_disk::forget(std::string file) {
    auto job = [path = with_.sealed / fs::path(file).filename()] {
        return on_disk<void>([&] {
            fs::remove(path);
            return recording_result<void>();
        });
    };
    auto done = co_await sealing_.run(std::move(job));
    co_return done;
}

runtime::task<recording_result<std::string>>
recordings_on_disk::read(app::sealed_recording const& what, std::uint64_t from, std::size_t count) {
    auto job = [path = with_.sealed / fs::path(what.file).filename(), what, from, count] {
        return on_disk<std::string>([&]() -> recording_result<std::string> {
            if (!fs::exists(path)) return recording_errc::elsewhere;
            auto plain = read_sealed(path, what.key, what.bytes, from, count);
            if (!plain) return recording_errc::damaged;
            return std::move(*plain);
        });
    };
    auto done = co_await reading_.run(std::move(job));
    co_return done;
}

void recordings_on_disk::stop() {
    sealing_.stop();
    reading_.stop();
}

} // namespace linli::recordings
