#include "server/tonight.hpp"

#include <exception>
#include <utility>

#include "adapters/postgres/coverage.hpp"
#include "runtime/log.hpp"

namespace linli::server {

namespace log = runtime::log;

namespace {

constexpr domain::seconds look_every{60};

} // namespace

app::coverage_rules coverage_rules_of(runtime::config const& config, app::plan_book const& plans) {
    app::coverage_rules rules;
    rules.city = {config.installation.area};
    rules.utc_offset = config.installation.utc_offset;
    if (auto const& order = plans.in_force(domain::alert_kind::sos).order)
        rules.certificate = order->certificate;
    rules.contacts = config.coverage.contacts;
    rules.reach_m = config.coverage.reach_m;
    rules.silent_after = std::chrono::days(config.coverage.silent_days);
    rules.key_test_holds = std::chrono::days(config.coverage.key_test_days);
    return rules;
}

bool is_report_due(int at_minute, domain::minutes utc_offset,
                   std::optional<domain::instant> last_made, domain::instant now) {
    domain::instant const midnight = app::local_day(now, utc_offset) - utc_offset;
    auto const today = midnight + domain::minutes(at_minute);
    return now >= today && (!last_made || *last_made < today);
}

tonight::tonight(runtime::config const& config, app::plan_book const& plans, app::clock& clock,
                 runtime::metrics& into, std::function<bool()> is_ours)
    : config_(config), plans_(plans), clock_(clock), is_ours_(std::move(is_ours)),
      made_at_(into.gauge("linli_coverage_made_seconds",
                          "When the last coverage report was made, in seconds since 1970")) {
    for (auto const& [kind, name] : domain::names<app::gap_kind>::table)
        gaps_.emplace(kind, into.gauge("linli_coverage_gaps",
                                       "What help can't reach, by the last daily report",
                                       {{"kind", std::string(name)}}));
}

void tonight::show(app::coverage_report const& report) {
    for (auto const& [kind, count] : report.counts())
        gaps_.at(kind).set(count);
    made_at_.set(static_cast<double>(report.made_at.time_since_epoch().count()) / 1e6);
    last_made_ = report.made_at;
}

// What an earlier run has made: not made again, and still in the metrics.
runtime::task<void> tonight::recall() {
    auto job = [this]() -> std::optional<app::coverage_report> {
        auto const last = postgres::last_report(config_.database.url);
        if (!last) return std::nullopt;
        return postgres::report_of(config_.database.url,
                                   app::local_day(*last, config_.installation.utc_offset));
    };
    auto const kept = co_await thread_.run(std::move(job));
    if (kept) show(*kept);
    recalled_ = true;
}

runtime::task<void> tonight::make() {
    auto const now = clock_.now();
    auto job = [this, now, rules = coverage_rules_of(config_, plans_)] {
        auto const seen = postgres::read_coverage(config_.database.url, now);
        auto made = app::find_gaps(seen, rules, now);
        postgres::keep_report(config_.database.url, made,
                              std::chrono::days(config_.coverage.keep_days));
        return made;
    };
    auto const made = co_await thread_.run(std::move(job));
    show(made);
    log::info("coverage_report", {{"gaps", made.gaps.size()}, {"residents", made.residents}});
}

runtime::task<void> tonight::run() {
    for (;;) {
        auto const now = clock_.now();
        try {
            auto const at = config_.coverage.at_minute;
            if (at && !recalled_) co_await recall();
            if (at && is_ours_() &&
                is_report_due(*at, config_.installation.utc_offset, last_made_, now))
                co_await make();
        } catch (boost::system::system_error const&) { // we are stopping
            throw;
        } catch (std::exception const& e) {
            log::warning("coverage_report_waits", {{"why", e.what()}});
        }
        auto const next = now + look_every;
        co_await clock_.wait_until(next);
    }
}

} // namespace linli::server
