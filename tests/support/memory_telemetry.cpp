#include "support/memory_telemetry.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "support/let_others_run.hpp"

namespace linli::tests {

namespace {

std::string text_of(std::chrono::sys_days which) {
    std::chrono::year_month_day const d(which);
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(d.year()),
                       static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()));
}

} // namespace

void memory_telemetry::loses(std::string const& which) {
    std::erase_if(kept_, [&](auto const& each) { return text_of(each.first.first) == which; });
}

std::map<std::string, domain::telemetry> memory_telemetry::kept() const {
    std::map<std::string, domain::telemetry> all;
    for (auto const& [where, what] : kept_)
        all[where.second] = what;
    return all;
}

std::set<std::string> memory_telemetry::days() const {
    std::set<std::string> all;
    for (auto const& [where, what] : kept_)
        all.insert(text_of(where.first));
    return all;
}

bool memory_telemetry::is_refused(std::vector<domain::telemetry> const& batch) const {
    return std::ranges::any_of(batch, [this](domain::telemetry const& t) {
        bool const has_values = !t.vitals.empty() || !t.fixes.empty() || !t.battery.empty();
        return has_values && unstorable_.contains(t.event.value);
    });
}

runtime::task<app::record_result<std::size_t>>
memory_telemetry::keep(std::vector<domain::telemetry> const& batch) {
    co_await let_others_run();
    if (away_) co_return app::record_errc::away;
    if (is_refused(batch)) co_return app::record_errc::bad_data;
    ++batches_;
    std::size_t fresh = 0;
    for (auto const& each : batch) {
        auto const today = std::chrono::floor<std::chrono::days>(each.received_at);
        if (!seen_.try_emplace(each.event.value, today).second) continue;
        if (kept_.try_emplace({today, each.event.value}, each).second) ++fresh;
    }
    co_return fresh;
}

runtime::task<app::record_result<std::size_t>>
memory_telemetry::turn_page(domain::instant now, std::optional<std::chrono::days> keep_for) {
    co_await let_others_run();
    if (away_) co_return app::record_errc::away;
    auto const today = std::chrono::floor<std::chrono::days>(now);
    for (auto const& [where, what] : kept_)
        pages_.insert(where.first);
    if (!keep_for) co_return 0;
    auto const first = today - *keep_for;
    auto const dropped = std::erase_if(pages_, [&](day d) { return d < first; });
    std::erase_if(kept_, [&](auto const& each) { return each.first.first < first; });
    std::erase_if(seen_, [&](auto const& each) { return each.second < today - known_for; });
    co_return dropped;
}

} // namespace linli::tests
