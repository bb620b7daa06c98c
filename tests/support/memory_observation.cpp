#include "support/memory_observation.hpp"

#include <algorithm>
#include <set>

#include "support/let_others_run.hpp"

namespace linli::tests {

std::vector<domain::dwell> memory_observation::rows() const {
    std::vector<domain::dwell> all;
    for (auto const& [name, row] : rows_)
        all.push_back(row);
    return all;
}

runtime::task<app::record_result<app::observed>>
memory_observation::read(std::vector<domain::device_id> const& devices) {
    co_await let_others_run();
    if (away_) co_return app::record_errc::away;
    app::observed known;
    std::set<domain::subject> subjects;
    for (auto const& each : devices) {
        auto const at = devices_.find(each);
        if (at == devices_.end()) continue;
        known.devices.emplace(each, at->second);
        subjects.insert(at->second.about);
    }
    for (auto const& [name, row] : rows_)
        if (subjects.contains(row.about)) known.rows.push_back(row);
    co_return known;
}

runtime::task<app::record_result<std::vector<domain::device_id>>>
memory_observation::heirs(std::vector<domain::subject> const& about) {
    co_await let_others_run();
    if (away_) co_return app::record_errc::away;
    std::vector<domain::device_id> all;
    for (auto const& whom : std::set<domain::subject>(about.begin(), about.end())) {
        auto const heir = std::ranges::find_if(devices_, [&](auto const& each) {
            return each.second.about == whom && !no_heirs_.contains(each.first);
        });
        if (heir != devices_.end()) all.push_back(heir->first);
    }
    co_return all;
}

runtime::task<app::record_result<app::due_dwells>>
memory_observation::due(domain::instant now, int limit, app::due_rules of) {
    co_await let_others_run();
    if (away_) co_return app::record_errc::away;
    app::due_dwells due;
    for (auto const& [name, row] : rows_) {
        if (of == app::due_rules::all_but_silence && row.rule == "silence") continue;
        if (row.due_at && *row.due_at <= now) due.rows.push_back(row);
        if (row.due_at && *row.due_at > now && (!due.next || *row.due_at < *due.next))
            due.next = row.due_at;
    }
    std::ranges::stable_sort(due.rows, {}, [](domain::dwell const& d) { return *d.due_at; });
    if (due.rows.size() > static_cast<std::size_t>(limit))
        due.rows.resize(static_cast<std::size_t>(limit));
    co_return due;
}

runtime::task<app::record_result<void>> memory_observation::unheard(domain::instant from,
                                                                    domain::instant until) {
    co_await let_others_run();
    if (away_) co_return app::record_errc::away;
    for (auto& [name, row] : rows_) {
        auto const put_off = unheard_until_.find(name);
        auto const begun = put_off == unheard_until_.end() ? from : std::max(from, put_off->second);
        bool const is_done = put_off != unheard_until_.end() && put_off->second >= until;
        if (row.rule != "silence" || !row.since || *row.since >= begun || is_done) continue;
        row.since = *row.since + (until - begun);
        unheard_until_[name] = until;
        ++row.version;
    }
    co_return app::record_result<void>();
}

runtime::task<app::record_result<std::optional<domain::instant>>>
memory_observation::deaf_since(domain::instant then) {
    co_await let_others_run();
    if (away_) co_return app::record_errc::away;
    std::optional<domain::instant> first;
    for (auto const& [since, ended] : outages_)
        if ((!ended || *ended >= then) && (!first || since < *first)) first = since;
    co_return first;
}

runtime::task<app::record_result<void>>
memory_observation::keep(std::vector<domain::dwell> const& rows) {
    co_await let_others_run();
    if (away_) co_return app::record_errc::away;
    if (!failures_.empty()) {
        auto const why = failures_.front();
        failures_.erase(failures_.begin());
        co_return why;
    }
    for (auto const& each : rows) {
        auto const at = rows_.find({each.about, each.rule});
        auto const version = at == rows_.end() ? 0U : at->second.version;
        if (version != each.version) co_return app::record_errc::conflict;
    }
    for (auto const& each : rows) {
        auto& row = rows_[{each.about, each.rule}];
        row = each;
        ++row.version;
    }
    co_return app::record_result<void>();
}

} // namespace linli::tests
