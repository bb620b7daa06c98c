#include "support/memory_erasures.hpp"

#include <algorithm>

#include "support/city.hpp"
#include "support/let_others_run.hpp"

namespace linli::tests {

using app::record_errc;
using app::record_result;
using domain::erasure;

domain::erasure_standing memory_erasures::standing(std::string const& who) const {
    domain::erasure_standing now;
    auto const found = people.find(who);
    now.is_known = found != people.end();
    if (!now.is_known) return now;
    if (auto const at = asked_.find(who); at != asked_.end()) now.asked = at->second;
    now.home_goes = found->second.lives_alone;
    if (!now.asked || !now.asked->erased_at) now.obstacles = found->second.obstacles;
    return now;
}

runtime::task<record_result<domain::erasure_standing>>
memory_erasures::standing_of(domain::resident_id const& who) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    co_return standing(who.value);
}

runtime::task<record_result<void>> memory_erasures::ask(erasure const& what) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    if (!people.contains(what.resident.value)) co_return record_errc::conflict;
    auto const [at, is_fresh] = asked_.try_emplace(what.resident.value, what);
    if (!is_fresh) co_return record_errc::conflict;
    co_return record_result<void>();
}

runtime::task<record_result<void>> memory_erasures::withdraw(domain::resident_id const& who,
                                                             domain::withdrawn_erasure const& how) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto const at = asked_.find(who.value);
    if (at == asked_.end() || at->second.erased_at) co_return record_errc::conflict;
    withdrawn_.push_back(at->second);
    withdrawn_.back().withdrawn = how;
    asked_.erase(at);
    co_return record_result<void>();
}

runtime::task<record_result<void>> memory_erasures::erase(domain::resident_id const& who,
                                                          domain::operator_id const& confirmed_by,
                                                          domain::instant now) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    if (domain::refusal_to_confirm(standing(who.value), confirmed_by))
        co_return record_errc::conflict;
    auto& what = asked_.at(who.value);
    what.confirmed_by = confirmed_by;
    what.erased_at = now;
    people.at(who.value).has_key = false;
    co_return record_result<void>();
}

runtime::task<record_result<std::size_t>> memory_erasures::clear(domain::resident_id const& who,
                                                                 domain::instant now, int limit) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto const at = asked_.find(who.value);
    if (at == asked_.end() || !at->second.erased_at) co_return std::size_t{0};
    if (people.at(who.value).is_refused) co_return record_errc::bad_data;
    auto& left = people.at(who.value).rows;
    auto const gone = std::min(left, static_cast<std::size_t>(limit));
    left -= gone;
    if (gone == 0 && !at->second.cleared_at) at->second.cleared_at = now;
    co_return gone;
}

runtime::task<record_result<app::erasure_page>>
memory_erasures::list(app::erasure_question const& q) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto all = withdrawn_;
    for (auto const& [who, what] : asked_)
        all.push_back(what);
    std::erase_if(all, [&](erasure const& each) {
        auto const& area = people[each.resident.value].area;
        return (q.within && q.within->value != city_area && *q.within != area) ||
               (q.of && *q.of != each.resident) || (q.state && *q.state != state_of(each));
    });
    std::ranges::sort(all, [](erasure const& a, erasure const& b) {
        bool const a_waits = state_of(a) == domain::erasure_state::asked;
        bool const b_waits = state_of(b) == domain::erasure_state::asked;
        if (a_waits != b_waits) return a_waits;
        if (a.asked_at == b.asked_at) return a.resident < b.resident;
        return (a.asked_at < b.asked_at) == a_waits;
    });
    app::erasure_page page;
    page.total = static_cast<std::uint32_t>(all.size());
    auto const skipped = std::min<std::size_t>(std::size_t{q.per_page} * (q.page - 1), all.size());
    auto const told = std::min<std::size_t>(q.per_page, all.size() - skipped);
    page.all.assign(all.begin() + static_cast<std::ptrdiff_t>(skipped),
                    all.begin() + static_cast<std::ptrdiff_t>(skipped + told));
    co_return page;
}

runtime::task<record_result<std::vector<domain::resident_id>>> memory_erasures::uncleared() {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<domain::resident_id> all;
    for (auto const& [who, what] : asked_)
        if (what.erased_at && !what.cleared_at) all.push_back({who});
    co_return all;
}

} // namespace linli::tests
