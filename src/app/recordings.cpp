#include "app/recordings.hpp"

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "runtime/log.hpp"

namespace linli::app {

namespace log = runtime::log;

namespace {

constexpr domain::seconds look_every{2};
constexpr domain::seconds disk_again_after{30};
constexpr domain::hours unknown_every{1};
constexpr int rows_at_once = 50;

} // namespace

void throw_exception_from_error(recording_errc const&, boost::source_location const&) {
    throw std::logic_error("a recording's result was read without asking whether there is one");
}

runtime::task<void> recordings::run() {
    for (;;) {
        if (with_.is_ours()) co_await look();
        auto const next = with_.time.now() + look_every;
        co_await with_.time.wait_until(next);
    }
}

// What the record can't say now is asked in the next round.
runtime::task<void> recordings::look() {
    if (disk_again_at_ && with_.time.now() < *disk_again_at_) co_return;
    disk_again_at_.reset();
    auto const waiting = co_await with_.files.waiting();
    if (!waiting) {
        is_well(waiting.error());
        co_return;
    }
    counted_.waiting = waiting->size();
    counted_.unknown = 0;
    counted_.is_disk_well = true;
    for (auto const& each : *waiting) {
        co_await look_at(each);
        if (!counted_.is_disk_well) co_return;
    }
    auto const adopted = co_await with_.keeper.adopt(rows_at_once);
    static_cast<void>(adopted); // or in the next round
    co_await remove_gone();
    co_await remove_unknown();
}

bool recordings::is_well(std::optional<recording_errc> why) {
    if (why != recording_errc::disk) return !why;
    if (std::exchange(counted_.is_disk_well, false))
        log::error("recordings_wait_for_the_disk",
                   {{"follows", "recordings stay in clear until they can be sealed"},
                    {"remedy", "make room, or look at the folder's owner"}});
    ++counted_.disk_errors;
    disk_again_at_ = with_.time.now() + disk_again_after;
    return false;
}

runtime::task<void> recordings::look_at(call_pieces const& one) {
    using domain::recording_state;
    auto name = one.call;
    auto const known = co_await with_.keeper.find(std::move(name));
    if (!known) co_return;
    if (!*known) {
        ++counted_.unknown;
        co_return;
    }
    auto const call = **known;
    bool const is_done = call.state && *call.state != recording_state::recording;
    if (is_done) { // whoever did it died before he took them away
        auto const removed = co_await with_.files.remove(one);
        is_well(removed ? std::nullopt : std::optional(removed.error()));
        co_return;
    }
    if (!call.state) {
        auto const begun = co_await with_.keeper.begun(call.id, with_.time.now());
        if (!begun) co_return;
    }
    if (call.is_over && !one.is_live) co_await seal(call.id, one);
}

runtime::task<void> recordings::seal(domain::call_id id, call_pieces const& one) {
    auto const made = co_await with_.files.seal(id, one);
    bool const is_silent = !made && made.error() == recording_errc::silent;
    if (!made && !is_silent) {
        is_well(made.error());
        co_return;
    }
    if (is_silent) {
        auto const told = co_await with_.keeper.failed(id, static_cast<int>(one.pieces.size()));
        if (!told) co_return;
        ++counted_.silent;
        log::warning("recording_silent", {{"call", one.call}});
    } else {
        auto const kept = co_await with_.keeper.seal(id, *made);
        if (!kept) co_return; // in doubt: the next round asks, and what isn't in the record goes
        ++counted_.sealed;
        if (!*kept) {
            auto const forgotten = co_await with_.files.forget(made->file);
            is_well(forgotten ? std::nullopt : std::optional(forgotten.error()));
        }
        log::info("recording_sealed", {{"call", one.call}, {"pieces", made->pieces}});
    }
    auto const removed = co_await with_.files.remove(one);
    is_well(removed ? std::nullopt : std::optional(removed.error()));
}

runtime::task<void> recordings::remove_gone() {
    auto const gone = co_await with_.keeper.to_remove(rows_at_once);
    if (!gone) co_return;
    for (auto const& each : *gone) {
        auto const forgotten = co_await with_.files.forget(each);
        if (!is_well(forgotten ? std::nullopt : std::optional(forgotten.error()))) co_return;
        auto const told = co_await with_.keeper.removed(each);
        if (!told) co_return;
    }
}

runtime::task<void> recordings::remove_unknown() {
    auto const now = with_.time.now();
    if (unknown_at_ && now < *unknown_at_ + unknown_every) co_return;
    auto lying = co_await with_.files.sealed();
    if (!lying) co_return;
    auto const unknown = co_await with_.keeper.unknown_of(std::move(*lying));
    if (!unknown) co_return;
    unknown_at_ = now;
    for (auto const& each : *unknown) {
        auto const forgotten = co_await with_.files.forget(each);
        if (!is_well(forgotten ? std::nullopt : std::optional(forgotten.error()))) co_return;
    }
}

} // namespace linli::app
