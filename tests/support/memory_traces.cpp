#include "support/memory_traces.hpp"

#include <algorithm>
#include <tuple>

#include "app/chain_names.hpp"
#include "support/let_others_run.hpp"

namespace linli::tests {

namespace {

// Oldest first.
template <class Rows>
void put_in_order(Rows& rows) {
    std::sort(rows.begin(), rows.end(), [](auto const& a, auto const& b) {
        return std::tie(a.opened_at, a.id) < std::tie(b.opened_at, b.id);
    });
}

} // namespace

runtime::task<app::record_result<std::optional<app::recorded_trace>>>
memory_traces::trace_of(domain::event_id const& event) {
    co_await let_others_run();
    std::optional<app::recorded_trace> found;
    auto const at = of_.holds().signals.find(event.value);
    if (at == of_.holds().signals.end()) co_return found;
    auto const& [what, committed_at] = at->second;
    app::recorded_trace all;
    all.kind = what.what.kind;
    all.device = what.what.device;
    all.door = what.what.door;
    all.about = what.about;
    all.happened_at = what.what.happened_at;
    all.received_at = what.what.received_at;
    all.decided_at = committed_at;
    add_work(what, all);
    add_log(all);
    add_waiting(event, all);
    found = std::move(all);
    co_return found;
}

void memory_traces::add_work(app::stored_signal const& of, app::recorded_trace& into) const {
    auto const& t = of_.holds();
    if (of.alert) into.alert = t.alerts.at(*of.alert);
    if (of.request) into.request = t.requests.at(*of.request);
    for (auto const& [id, o] : t.orders)
        if ((of.alert && o.alert == of.alert) || (of.request && o.request == of.request))
            into.orders.push_back(o);
    put_in_order(into.orders);
    for (auto const& [id, f] : t.offers)
        if (std::ranges::any_of(into.orders, [&](auto const& o) { return o.id == f.order; }))
            into.offers.push_back(f);
    put_in_order(into.offers);
}

void memory_traces::add_log(app::recorded_trace& into) const {
    if (into.alert) add_log(into.alert->id.value, to_string(into.alert->about), into);
    if (into.request) add_log(into.request->id.value, to_string(into.request->about), into);
    for (auto const& o : into.orders)
        add_log(o.id.value, o.number, into);
    std::stable_sort(into.log.begin(), into.log.end(), [](auto const& a, auto const& b) {
        return std::tie(a.at, a.of) < std::tie(b.at, b.of);
    });
}

void memory_traces::add_log(domain::uuid const& chain, std::string const& name,
                            app::recorded_trace& into) const {
    auto const at = of_.holds().log.find(chain);
    if (at == of_.holds().log.end()) return;
    for (auto const& [seq, each] : at->second)
        into.log.push_back({each.line.at, chain, std::string(domain::to_text(each.of)), name,
                            each.line.what, each.line.by, each.line.why});
}

void memory_traces::add_waiting(domain::event_id const& event, app::recorded_trace& into) const {
    auto const is_of_offer = [&](app::outbox_row const& row) {
        return std::ranges::any_of(into.offers,
                                   [&](auto const& f) { return to_string(f.id) == row.key; });
    };
    auto const people = "people:" + (into.alert ? to_string(into.alert->id) : std::string("?"));
    for (auto const& [id, row] : of_.holds().outbox) {
        bool const is_receipt =
            row.destination == "device:" + into.device.value && row.key == event.value;
        bool const is_offer = row.destination.starts_with("provider:") && is_of_offer(row);
        if (is_receipt || is_offer || row.destination == people)
            into.messages.push_back({row.destination, row.key, row.due_at, row.attempts});
    }
    for (auto const& [id, d] : told_.holds())
        if (into.alert && d.about.alert == into.alert->id && d.due_at)
            into.notices.push_back({d.who, d.by, *d.due_at});
}

} // namespace linli::tests
