#include "support/memory_calls.hpp"

#include <algorithm>

#include "domain/call_decision.hpp"
#include "support/let_others_run.hpp"

namespace linli::tests {

using app::record_errc;

std::vector<domain::caller> memory_calls::who_has(std::string const& number) const {
    auto const found = numbers_.find(number);
    return found == numbers_.end() ? std::vector<domain::caller>() : found->second;
}

std::vector<std::string> memory_calls::bound_numbers() const {
    std::vector<std::string> all;
    for (auto const& [number, who] : numbers_)
        if (std::ranges::any_of(
                who, [](auto const& each) { return each.kind != domain::caller_kind::worker; }))
            all.push_back(number);
    return all;
}

app::known_call& memory_calls::known(domain::call_report const& told, domain::call_id fresh,
                                     domain::area_id line) {
    for (auto& [id, each] : all_)
        if (each.what.source == told.source && each.what.name == told.name) return each;
    auto& added = all_[fresh];
    added.what.id = fresh;
    added.what.source = told.source;
    added.what.name = told.name;
    added.what.area = std::move(line);
    added.what.first_heard = told.at;
    return added;
}

runtime::task<app::record_result<app::known_call>>
memory_calls::take(domain::call_report const& told, domain::call_id fresh, domain::area_id line) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto& call = known(told, fresh, std::move(line));
    auto next = heard(call.what, told);
    if (next != call.what) ++next.version;
    call.what = std::move(next);
    auto const who = numbers_.find(call.what.number);
    if (who != numbers_.end()) call.who = who->second;
    co_return call;
}

runtime::task<app::record_result<std::optional<app::known_call>>>
memory_calls::find(domain::call_id id) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::optional<app::known_call> found;
    if (auto const at = all_.find(id); at != all_.end()) found = at->second;
    co_return found;
}

runtime::task<app::record_result<std::optional<domain::alert_id>>>
memory_calls::alert_near(domain::home_id home, domain::instant then) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::optional<domain::alert_id> newest;
    for (auto const& [id, a] : beside_.holds().alerts) {
        bool const is_meant = a.home == home && is_open(a) && is_real(a.what_for);
        bool const is_near = then - domain::joins_within <= a.opened_at &&
                             a.opened_at <= then + domain::joins_within;
        if (is_meant && is_near) newest = id; // ids sort by time
    }
    co_return newest;
}

runtime::task<app::record_result<bool>> memory_calls::decide(app::call_decision const& what) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto const at = all_.find(what.id);
    if (at == all_.end()) co_return false;
    auto& call = at->second.what;
    if (!may_become(call.outcome, what.outcome)) co_return false;
    ++call.version;
    if (call.request && call.outcome == domain::call_outcome::missed)
        call.version += beside_.holds().requests.at(*call.request).version;
    call.outcome = what.outcome;
    call.decided_by = what.who.value;
    call.reason = what.reason;
    if (what.alert) call.alert = what.alert;
    auto const opened = beside_.holds().signals.find(what.event.value);
    if (opened != beside_.holds().signals.end()) {
        if (opened->second.what.alert) call.alert = opened->second.what.alert;
        if (opened->second.what.request) call.request = opened->second.what.request;
    }
    co_return true;
}

runtime::task<app::record_result<void>>
memory_calls::is_on_alert(domain::call_id id, std::set<domain::call_event> const& events) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto const at = all_.find(id);
    if (at != all_.end()) at->second.on_alert.insert(events.begin(), events.end());
    co_return app::record_result<void>();
}

} // namespace linli::tests
