#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "app/coverage.hpp"

namespace linli::postgres {

// What the question "what can help not reach tonight?" needs, by one transaction of a handful of
// statements. All of these block, each on a connection of its own: a city takes seconds, and no
// press may wait for it. `progress` hears of each step before it begins. They throw schema_error,
// and pqxx's errors for an outage.
using coverage_progress = std::function<void(std::size_t done, std::size_t total)>;
app::coverage_picture read_coverage(std::string const& url, domain::instant now,
                                    coverage_progress const& progress = {});

// In place of one that the same day has already; older than `keep` go.
void keep_report(std::string const& url, app::coverage_report const& report,
                 std::chrono::days keep);

// The report of that local day, as it was kept.
std::optional<app::coverage_report> report_of(std::string const& url, std::chrono::sys_days day);

// The newest one's time.
std::optional<domain::instant> last_report(std::string const& url);

} // namespace linli::postgres
