#pragma once

#include <functional>
#include <map>
#include <optional>

#include "app/clock.hpp"
#include "app/coverage.hpp"
#include "app/plan_book.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/config.hpp"
#include "runtime/metrics.hpp"
#include "runtime/task.hpp"

namespace linli::server {

// Whoever goes to a press must have what its plan asks for.
app::coverage_rules coverage_rules_of(runtime::config const& config, app::plan_book const& plans);

// Whether a report is due: today's time has come, and none was made since then.
bool is_report_due(int at_minute, domain::minutes utc_offset,
                   std::optional<domain::instant> last_made, domain::instant now);

// Once a day, what help cannot reach tonight: kept in the database, counted in the metrics. Of two
// servers the one that receives does it.
class tonight {
public:
    tonight(runtime::config const& config, app::plan_book const& plans, app::clock& clock,
            runtime::metrics& into, std::function<bool()> is_ours);

    // Runs until cancelled. An outage costs a minute.
    runtime::task<void> run();
    void stop() { thread_.stop(); }

private:
    runtime::task<void> recall();
    runtime::task<void> make();
    void show(app::coverage_report const& report);

    runtime::config const& config_;
    app::plan_book const& plans_;
    app::clock& clock_;
    std::function<bool()> is_ours_;
    std::map<app::gap_kind, runtime::gauge> gaps_;
    runtime::gauge made_at_;
    runtime::blocking_pool thread_{1};
    bool recalled_ = false;
    std::optional<domain::instant> last_made_;
};

} // namespace linli::server
