#include "support/memory_wait_checks.hpp"

#include <algorithm>

#include "domain/hotline.hpp"
#include "support/let_others_run.hpp"
#include "support/memory_areas.hpp"

namespace linli::tests {

using app::record_errc;
using app::record_result;
using app::wait_check;
using app::wait_check_page;
using domain::instant;

namespace {

bool waits_too_long(domain::call const& c, instant now) {
    if (c.source != domain::own_hotline || !c.rang_at) return false;
    auto const until = c.answered_at ? c.answered_at : c.ended_at;
    if (!until && *c.rang_at <= now - domain::longest_call) return false;
    return until.value_or(now) - *c.rang_at > domain::answered_late_within;
}

} // namespace

bool memory_wait_checks::lies_in(domain::area_id area, domain::area_id const& wide) const {
    return std::ranges::count(areas_around(beside_.town(), std::move(area)), wide) > 0;
}

runtime::task<record_result<int>> memory_wait_checks::open_due(instant now) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    int opened = 0;
    for (auto const& [id, each] : calls_.all()) {
        if (all_.contains(id) || !waits_too_long(each.what, now)) continue;
        auto& one = all_[id];
        one.call = id;
        one.opened_at = now;
        ++opened;
    }
    co_return opened;
}

runtime::task<record_result<wait_check_page>>
memory_wait_checks::list(app::wait_check_question const& what) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<wait_check> found;
    for (auto one : all_) {
        auto const& c = calls_.all().at(one.first).what;
        auto& each = one.second;
        if (each.closed_at.has_value() == what.is_open || !lies_in(c.area, what.area)) continue;
        each.called = c.called;
        each.area = c.area;
        each.came_at = *c.rang_at;
        each.answered_at = c.answered_at;
        each.ended_at = c.ended_at;
        each.seat = c.seat;
        found.push_back(std::move(each));
    }
    std::ranges::stable_sort(found, [](wait_check const& a, wait_check const& b) {
        return a.closed_at != b.closed_at ? a.closed_at > b.closed_at : a.opened_at < b.opened_at;
    });
    wait_check_page page;
    page.total = static_cast<std::uint32_t>(found.size());
    for (std::size_t at = (what.page - 1) * what.per_page; at < found.size(); ++at)
        if (page.lines.size() < what.per_page) page.lines.push_back(std::move(found[at]));
    co_return page;
}

runtime::task<record_result<app::check_closing>> memory_wait_checks::close(domain::call_id id,
                                                                           domain::operator_id by,
                                                                           std::string words,
                                                                           instant at) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto const found = all_.find(id);
    if (found == all_.end()) co_return app::check_closing::unknown;
    if (found->second.closed_at) co_return app::check_closing::closed_before;
    found->second.closed_at = at;
    found->second.closed_by = std::move(by);
    found->second.words = std::move(words);
    co_return app::check_closing::closed;
}

} // namespace linli::tests
