#include "support/memory_offer_calls.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "support/let_others_run.hpp"

namespace linli::tests {

using app::record_errc;
using app::record_result;

namespace {

template <class Id>
std::string number_of(std::map<Id, std::string> const& all, Id const& whose) {
    auto const at = all.find(whose);
    return at == all.end() ? std::string() : at->second;
}

} // namespace

void memory_offer_calls::add_calls(app::offer_by_telephone& to) const {
    for (auto const& id : calls_.about(to.id)) {
        auto const& each = calls_.all().at(id);
        ++to.calls;
        if (!each.how) {
            to.call = id;
            to.stands.is_called = true;
        } else if (!to.stands.last_at || *to.stands.last_at <= each.ended_at) {
            to.stands.last = each.how;
            to.stands.last_at = each.ended_at;
        }
    }
}

app::offer_by_telephone memory_offer_calls::line_of(domain::offer const& f,
                                                    domain::order const& o) const {
    app::offer_by_telephone one;
    one.id = f.id;
    one.provider = f.provider;
    one.worker = f.worker;
    one.alert = *o.alert;
    one.kind = of_.holds().alerts.at(*o.alert).kind;
    one.what_for = o.what_for;
    one.is_for_colleague =
        of_.holds().alerts.at(*o.alert).about.kind == domain::subject_kind::worker;
    if (auto const* home = of_.town().find(o.home)) one.rough_place = home->rough_place;
    one.distance_m = f.distance_m;
    one.number = f.worker.empty() ? number_of(companies, f.provider) : number_of(workers, f.worker);
    one.stands.state = f.state;
    one.stands.opened_at = f.opened_at;
    one.stands.expires_at = f.expires_at;
    add_calls(one);
    return one;
}

runtime::task<record_result<std::vector<app::offer_by_telephone>>>
memory_offer_calls::rung(domain::instant now) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    calls_.offers_not_begun(now);
    std::set<domain::offer_id> meant;
    for (auto const& [when, id] : of_.holds().due_offers)
        meant.insert(id);
    for (auto const& id : calls_.open_ones())
        meant.insert(calls_.all().at(id).what.offer);
    meant.erase(domain::offer_id());
    std::vector<app::offer_by_telephone> all;
    for (auto const& id : meant) {
        auto const& f = of_.holds().offers.at(id);
        auto const& o = of_.holds().orders.at(f.order);
        bool const is_meant =
            o.alert && o.level == domain::priority::p1 && o.what_for != domain::purpose::synthetic;
        if (!is_meant) continue;
        auto one = line_of(f, o);
        if (one.call || (f.due_at && !one.number.empty())) all.push_back(std::move(one));
    }
    std::ranges::sort(all, {},
                      [](auto const& each) { return std::tuple(each.stands.opened_at, each.id); });
    co_return all;
}

runtime::task<record_result<std::vector<app::offer_call_over>>>
memory_offer_calls::over(int limit) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<std::pair<domain::instant, app::offer_call_over>> found;
    for (auto const& id : calls_.unsettled()) {
        auto const& each = calls_.all().at(id);
        auto const& f = of_.holds().offers.at(each.what.offer);
        auto const& o = of_.holds().orders.at(f.order);
        found.push_back(
            {each.ended_at, {id, f.id, f.provider, f.worker, *o.alert, *each.how, each.key}});
    }
    std::ranges::sort(found, {},
                      [](auto const& each) { return std::tuple(each.first, each.second.call); });
    std::vector<app::offer_call_over> all;
    for (auto& each : found)
        if (all.size() < static_cast<std::size_t>(limit)) all.push_back(std::move(each.second));
    co_return all;
}

runtime::task<record_result<void>> memory_offer_calls::settled(domain::uuid call, domain::instant) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    calls_.settles(call);
    co_return record_result<void>();
}

} // namespace linli::tests
