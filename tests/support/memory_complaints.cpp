#include "support/memory_complaints.hpp"

#include <algorithm>
#include <tuple>

#include "domain/masked.hpp"
#include "support/let_others_run.hpp"
#include "support/memory_areas.hpp"

namespace linli::tests {

using app::complained_of;
using app::complaint_line;
using app::record_errc;
using maybe_about = std::optional<complained_of>;

namespace {

auto place_in_list(domain::complaint const& c, domain::instant now) {
    return std::tuple(!is_overdue(c, now), c.state, c.due_at.value_or(c.at), c.id);
}

} // namespace

domain::operator_id memory_complaints::closer_of(domain::alert const& a) const {
    if (!a.holder.empty()) return a.holder;
    domain::operator_id closer;
    auto const chain = beside_.holds().log.find(a.id.value);
    if (chain == beside_.holds().log.end()) return closer;
    for (auto const& [seq, what] : chain->second)
        if (what.line.what == domain::log_kind::closed &&
            what.line.by.kind == domain::actor_kind::operator_)
            closer = {what.line.by.who};
    return closer;
}

runtime::task<app::record_result<maybe_about>>
memory_complaints::order(domain::order_id const& id) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto const at = beside_.holds().orders.find(id);
    if (at == beside_.holds().orders.end()) co_return maybe_about();
    auto const& o = at->second;
    complained_of about;
    about.area = o.area;
    about.worker = o.worker;
    about.areas = areas_around(beside_.town(), o.area);
    if (o.about.kind == domain::subject_kind::resident) about.resident = {o.about.id};
    co_return maybe_about(about);
}

runtime::task<app::record_result<maybe_about>>
memory_complaints::alert(domain::alert_id const& id) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto const at = beside_.holds().alerts.find(id);
    if (at == beside_.holds().alerts.end()) co_return maybe_about();
    complained_of about;
    about.resident = at->second.resident;
    about.area = at->second.area;
    about.operator_ = closer_of(at->second);
    about.areas = areas_around(beside_.town(), at->second.area);
    co_return maybe_about(about);
}

runtime::task<app::record_result<maybe_about>>
memory_complaints::worker(domain::worker_id const& id) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto const& town = beside_.town();
    for (auto const& w : town.workers) {
        if (w.id != id) continue;
        complained_of about;
        about.worker = id;
        about.area = town.areas.front().code;
        for (auto const& s : town.sites)
            if (s.id.value == w.site) about.area = s.area;
        about.areas = areas_around(town, about.area);
        co_return maybe_about(about);
    }
    co_return maybe_about();
}

complaint_line memory_complaints::line_of(domain::complaint const& c) const {
    complaint_line line;
    line.what = c;
    if (c.order) {
        auto const& o = beside_.holds().orders.at(*c.order);
        line.order_number = o.number;
        line.service = o.service.value;
    }
    for (auto const& r : beside_.town().residents)
        if (r.id == c.resident) line.name = domain::masked_name(r.name);
    if (auto const name = worker_names.find(c.worker.value); name != worker_names.end())
        line.worker_name = name->second;
    line.area_name = c.area.value;
    line.areas = areas_around(beside_.town(), c.area);
    return line;
}

runtime::task<app::record_result<app::complaint_page>>
memory_complaints::list(app::complaint_question const& what) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<complaint_line> meant;
    for (auto const& [id, c] : all_) {
        auto line = line_of(c);
        bool const lies =
            what.area.empty() || std::ranges::find(line.areas, what.area) != line.areas.end();
        if (!lies || (what.state && c.state != *what.state)) continue;
        line.what.complainer.clear();
        line.what.words.clear();
        line.what.answer.clear();
        meant.push_back(std::move(line));
    }
    std::ranges::sort(meant, {},
                      [&](auto const& line) { return place_in_list(line.what, what.now); });
    app::complaint_page page;
    page.total = static_cast<std::uint32_t>(meant.size());
    std::size_t const first = (what.page - 1) * what.per_page;
    for (auto at = first; at < std::min<std::size_t>(meant.size(), first + what.per_page); ++at)
        page.lines.push_back(meant[at]);
    co_return page;
}

runtime::task<app::record_result<std::optional<complaint_line>>>
memory_complaints::find(domain::complaint_id const& id) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::optional<complaint_line> found;
    if (auto const at = all_.find(id); at != all_.end()) found = line_of(at->second);
    co_return found;
}

runtime::task<app::record_result<void>>
memory_complaints::keep(domain::complaint_outcome const& what) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto const at = all_.find(what.next.id);
    auto const version = at == all_.end() ? 0 : at->second.version;
    if (version != what.next.version) co_return record_errc::conflict;
    auto& kept = all_[what.next.id];
    kept = what.next;
    kept.version += 1;
    log_[what.next.id].push_back(what.line);
    co_return app::record_result<void>();
}

} // namespace linli::tests
