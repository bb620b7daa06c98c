#include "app/telemetry_intake.hpp"

#include <iterator>
#include <optional>
#include <utility>

#include "runtime/log.hpp"

namespace linli::app {

namespace log = runtime::log;

namespace {

// Nobody waits for telemetry, and each commit of it waits for the same disk as a signal's: so few
// and large ones, unless there is so much that batches are full anyway.
constexpr std::size_t items_a_batch = 500;
constexpr std::chrono::milliseconds between_batches{200};
constexpr std::chrono::milliseconds retry_after{500};
constexpr domain::duration between_pages = domain::minutes(10);
constexpr domain::duration until_it_may = domain::seconds(5);

} // namespace

runtime::task<void> telemetry_intake::run() {
    for (;;) {
        auto items = co_await from_.next(items_a_batch);
        caught_up(items.empty());
        if (items.empty()) {
            co_await from_.wait();
            continue;
        }
        batch waiting;
        for (auto& each : items) {
            waiting.what.push_back(std::move(each.what));
            waiting.names.push_back(each.name);
        }
        auto const names = waiting.names;
        co_await keep(std::move(waiting));
        co_await from_.done(names);
        if (names.size() < items_a_batch) co_await pause(between_batches);
    }
}

// All of it, however long that takes. A batch that is refused for what it holds is halved down to
// the one message that is to blame, and that one is kept without its values.
runtime::task<void> telemetry_intake::keep(batch all) {
    bool const kept = co_await keep_whole(all.what);
    if (kept) {
        co_await observe(all.what);
        co_return;
    }
    if (all.what.size() > 1) {
        auto second = second_half_of(all);
        co_await keep(std::move(all));
        co_await keep(std::move(second));
        co_return;
    }
    ++figures_.refused;
    auto const& refused = all.what.front();
    log::error("telemetry_refused", {{"event", refused.event.value}});
    std::vector<domain::telemetry> bare(1);
    bare[0].event = refused.event;
    bare[0].device = refused.device;
    bare[0].received_at = refused.received_at;
    bare[0].door = refused.door;
    bare[0].raw = from_.bytes_of(all.names.front());
    bool const bytes_kept = co_await keep_whole(bare);
    // Then it is given up: it may not hold up all the rest for ever.
    if (!bytes_kept) log::error("telemetry_given_up", {{"event", refused.event.value}});
    co_await observe(all.what);
}

// Before it is done with: a restart in between has it judged again, to the same end.
runtime::task<void> telemetry_intake::observe(std::vector<domain::telemetry> const& what) {
    if (judge_) co_await judge_->observe(what);
}

void telemetry_intake::caught_up(bool has) {
    if (judge_) judge_->caught_up(has);
}

// False: the database refuses it for what it is.
runtime::task<bool> telemetry_intake::keep_whole(std::vector<domain::telemetry> const& what) {
    auto const kept = co_await keep_or_wait(what);
    if (!kept) co_return false;
    figures_.kept += *kept;
    figures_.repeated += what.size() - *kept;
    if (kept_) kept_(what);
    co_return true;
}

telemetry_intake::batch telemetry_intake::second_half_of(batch& all) {
    auto const half = static_cast<std::ptrdiff_t>(all.what.size() / 2);
    auto const at = std::next(all.what.begin(), half);
    auto const name_at = std::next(all.names.begin(), half);
    batch second{{std::make_move_iterator(at), std::make_move_iterator(all.what.end())},
                 {name_at, all.names.end()}};
    all.what.erase(at, all.what.end());
    all.names.erase(name_at, all.names.end());
    return second;
}

// How many were new, or bad_data.
runtime::task<record_result<std::size_t>>
telemetry_intake::keep_or_wait(std::vector<domain::telemetry> const& what) {
    for (;;) {
        auto const kept = co_await to_.keep(what);
        bool const is_answer = kept || kept.error() == record_errc::bad_data;
        if (is_answer && figures_.is_stuck) log::info("telemetry_database_back");
        if (!is_answer && !figures_.is_stuck)
            log::error("telemetry_database_away", {{"waiting", what.size()}});
        figures_.is_stuck = !is_answer;
        if (is_answer) co_return kept;
        co_await pause(retry_after);
    }
}

runtime::task<void> telemetry_intake::turn_pages() {
    for (;;) {
        auto const now = time_.now();
        bool const may_forget = !may_forget_ || may_forget_();
        auto const keep_for = may_forget ? std::optional(keep_for_) : std::nullopt;
        auto const turned = co_await to_.turn_page(now, keep_for);
        if (turned)
            co_await pause(may_forget ? between_pages : until_it_may);
        else
            co_await pause(retry_after);
    }
}

runtime::task<void> telemetry_intake::pause(domain::duration how_long) {
    auto const end = time_.now() + how_long;
    co_await time_.wait_until(end);
}

} // namespace linli::app
