#include "simulation/twin_journal.hpp"

#include <boost/asio/this_coro.hpp>

namespace linli::simulation {

namespace {
constexpr std::size_t marks_kept_in_memory = 32;
constexpr int mark_lost_percent = 40;
constexpr int unsynced_lost_percent = 60;
} // namespace

twin_journal::position twin_journal::append(std::vector<app::input> what) {
    forget_old_marks();
    entries_[next_].what = std::move(what);
    return next_++;
}

void twin_journal::sync_through(position at) {
    for (auto& [where, each] : entries_)
        if (where <= at) each.synced = true;
}

void twin_journal::forget_old_marks() {
    while (entries_.size() > marks_kept_in_memory && entries_.begin()->second.done)
        entries_.erase(entries_.begin());
}

void twin_journal::crash(dice& chance) {
    for (auto at = entries_.begin(); at != entries_.end();) {
        auto& each = at->second;
        bool const lost = !each.synced && chance.percent(unsynced_lost_percent);
        if (each.done && chance.percent(mark_lost_percent)) each.done = false;
        each.synced = true;
        at = lost ? entries_.erase(at) : std::next(at);
    }
}

std::optional<twin_journal::position> twin_journal::next(position from) const {
    for (auto at = entries_.lower_bound(from); at != entries_.end(); ++at)
        if (!at->second.done) return at->first;
    return std::nullopt;
}

std::vector<app::inbox::item> twin_inbox::next(std::size_t most) {
    std::vector<item> items;
    while (items.size() < most) {
        auto const at = from_.next(read_to_ + 1);
        if (!at) break;
        read_to_ = *at;
        items.push_back({*at, from_.at(*at)});
    }
    return items;
}

runtime::task<void> twin_inbox::wait() {
    if (from_.next(read_to_ + 1)) co_return;
    auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer bell(executor, boost::asio::steady_timer::time_point::max());
    bells_.insert(&bell);
    auto ended = co_await bell.async_wait(runtime::use_task_tuple);
    static_cast<void>(ended);
    bells_.erase(&bell);
}

void twin_inbox::done(std::vector<token> const& names) {
    for (auto const name : names)
        from_.mark_done(name);
}

void twin_inbox::ring() {
    for (auto* const each : bells_)
        each->cancel();
}

} // namespace linli::simulation
