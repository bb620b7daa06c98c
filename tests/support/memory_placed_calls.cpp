#include "support/memory_placed_calls.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "support/let_others_run.hpp"

namespace linli::tests {

using app::record_errc;
using app::record_result;
using domain::instant;
using domain::uuid;

void memory_placed_calls::end(row& of, app::placed_ending const& what) {
    if (of.how) return;
    of.how = what.how;
    of.ended_at = what.at;
    of.what.number.clear();
    of.what.text.clear();
    of.what.noted.clear();
    of.key = what.key;
    of.name = what.name;
    open_.erase(of.what.id);
    if (of.what.offer != domain::offer_id()) unsettled_.insert(of.what.id);
}

std::vector<uuid> const& memory_placed_calls::about(domain::offer_id const& offer) const {
    static std::vector<uuid> const none;
    auto const at = of_offer_.find(offer);
    return at == of_offer_.end() ? none : at->second;
}

void memory_placed_calls::forgets(row const& one) {
    by_key_.erase(one.what.key);
    unsettled_.erase(one.what.id);
    if (one.what.offer != domain::offer_id()) std::erase(of_offer_[one.what.offer], one.what.id);
}

void memory_placed_calls::offers_not_begun(instant now) {
    auto const open = open_; // what ends leaves it
    for (auto const& id : open) {
        auto& each = all_.at(id);
        if (each.what.offer != domain::offer_id() && !each.is_taken && each.what.begin_by < now)
            end(each, {domain::placed_end::not_begun, now});
    }
}

runtime::task<record_result<uuid>> memory_placed_calls::ask(app::placed_call const& what) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    if (auto const known = by_key_.find(what.key); known != by_key_.end()) co_return known->second;
    all_[what.id].what = what;
    by_key_[what.key] = what.id;
    open_.insert(what.id);
    if (what.offer != domain::offer_id()) of_offer_[what.offer].push_back(what.id);
    if (std::exchange(is_silent_, false)) co_return record_errc::away;
    co_return what.id;
}

runtime::task<record_result<std::vector<app::placed_state>>>
memory_placed_calls::states(std::vector<uuid> const& ids, instant now) {
    ++questions_;
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<app::placed_state> found;
    for (auto const& id : std::set<uuid>(ids.begin(), ids.end())) {
        auto const at = all_.find(id);
        if (at == all_.end()) continue;
        auto& each = at->second;
        if (!each.is_taken && each.what.begin_by < now)
            end(each, {domain::placed_end::not_begun, now});
        found.push_back({id, each.has_begun, each.how});
    }
    co_return found;
}

runtime::task<record_result<std::vector<app::open_call>>> memory_placed_calls::open() {
    ++questions_;
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<app::open_call> found;
    for (auto const& id : open_)
        found.push_back({all_.at(id).what, all_.at(id).is_taken});
    std::ranges::sort(found, {}, [](auto const& each) {
        return std::tuple(each.what.level, each.what.asked_at, each.what.id);
    });
    co_return found;
}

runtime::task<record_result<bool>> memory_placed_calls::take(uuid id, instant now) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto const at = all_.find(id);
    bool const may = at != all_.end() && !at->second.how &&
                     (at->second.is_taken || at->second.what.begin_by >= now);
    if (may) at->second.is_taken = true;
    co_return may;
}

runtime::task<record_result<void>> memory_placed_calls::begun(uuid id, instant) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    if (auto const at = all_.find(id); at != all_.end()) at->second.has_begun = true;
    co_return record_result<void>();
}

runtime::task<record_result<void>> memory_placed_calls::ended(uuid id,
                                                              app::placed_ending const& what) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    if (auto const found = all_.find(id); found != all_.end()) end(found->second, what);
    co_return record_result<void>();
}

runtime::task<record_result<std::size_t>> memory_placed_calls::forget(instant before, int limit) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::size_t gone = 0;
    for (auto at = all_.begin(); at != all_.end() && gone < static_cast<std::size_t>(limit);) {
        bool const goes =
            at->second.how && at->second.ended_at < before && !recorded_.contains(at->first);
        if (goes) forgets(at->second);
        at = goes ? all_.erase(at) : std::next(at);
        if (goes) ++gone;
    }
    co_return gone;
}

} // namespace linli::tests
