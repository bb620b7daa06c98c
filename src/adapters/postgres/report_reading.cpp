#include "adapters/postgres/report_reading.hpp"

#include <utility>

#include "adapters/postgres/coverage.hpp"
#include "adapters/postgres/device_picture.hpp"
#include "adapters/postgres/failures.hpp"
#include "adapters/postgres/hotline_figures.hpp"
#include "adapters/postgres/reading_connection.hpp"
#include "adapters/postgres/registry_reading.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/postgres/service_figures.hpp"
#include "runtime/blocking_pool.hpp"

namespace linli::postgres {

namespace {

using maybe_report = std::optional<app::service_report>;
using maybe_hotline = std::optional<app::hotline_report>;
using maybe_picture = std::optional<app::dry_run_picture>;

// Whoever lives there as if he wore the device, or a device that is fixed in the home.
constexpr auto pressed_sql = R"(
    select case when $1 <> '' then 'resident:' || r.id else 'home:' || h.id end as subject,
           case when $1 <> '' then r.id end as resident, h.id as home, h.area, h.rough_place,
           h.latitude, h.longitude, h.flags, coalesce(r.synthetic, false) as synthetic,
           exists (select from resident x where x.home = h.id and x.high_risk
                   and (x.id = r.id or $1 = '')) as high_risk
    from home h left join resident r on r.home = h.id and r.id = $1
    where case when $1 <> '' then r.id = $1 else h.id = $2 end)";

maybe_picture read_dry_run(std::string const& url, domain::resident_id const& resident,
                           domain::home_id const& home) {
    auto const on = open_for_reading(url);
    app::dry_run_picture seen;
    seen.known = read_registry(*on);
    pqxx::work in(*on);
    auto const rows = in.exec_params(pressed_sql, resident.value, home.value);
    if (rows.empty()) return std::nullopt;
    auto const& r = rows[0];
    seen.pressed.about = domain::parse_subject(r["subject"].c_str()).value();
    seen.pressed.area = {text(r["area"])};
    seen.pressed.home = {text(r["home"])};
    seen.pressed.resident = {text(r["resident"])};
    seen.pressed.high_risk = r["high_risk"].as<bool>();
    if (r["synthetic"].as<bool>()) seen.pressed.what_for = domain::purpose::synthetic;
    seen.home = home_of(seen.pressed.area, r);
    return seen;
}

class reports_on_postgres final : public report_database {
public:
    explicit reports_on_postgres(std::string url) : url_(std::move(url)) {}

    runtime::task<app::record_result<app::night>> look(app::coverage_rules const& by,
                                                       domain::instant now) override {
        auto job = [this, &by, now] {
            return answer_of<app::night>("tonight", [&]() -> app::record_result<app::night> {
                return app::look_at_night(read_coverage(url_, now), by, now);
            });
        };
        auto done = co_await thread_.run(std::move(job));
        co_return done;
    }

    runtime::task<app::record_result<maybe_report>> service(domain::area_id const& of,
                                                            app::report_period const& during,
                                                            domain::instant now) override {
        auto job = [this, &of, &during, now] {
            auto const read = [&]() -> app::record_result<maybe_report> {
                return read_service(url_, of, during, now);
            };
            return answer_of<maybe_report>("service_report", read);
        };
        auto done = co_await thread_.run(std::move(job));
        co_return done;
    }

    runtime::task<app::record_result<maybe_hotline>> hotline(domain::area_id const& of,
                                                             app::report_period const& during,
                                                             domain::instant now) override {
        auto job = [this, &of, &during, now] {
            auto const read = [&]() -> app::record_result<maybe_hotline> {
                return read_hotline(url_, of, during, now);
            };
            return answer_of<maybe_hotline>("hotline_report", read);
        };
        auto done = co_await thread_.run(std::move(job));
        co_return done;
    }

    runtime::task<app::record_result<maybe_picture>> picture(domain::resident_id const& resident,
                                                             domain::home_id const& home) override {
        auto job = [this, &resident, &home] {
            auto const read = [&]() -> app::record_result<maybe_picture> {
                return read_dry_run(url_, resident, home);
            };
            return answer_of<maybe_picture>("dry_run", read);
        };
        auto done = co_await thread_.run(std::move(job));
        co_return done;
    }

    void stop() override { thread_.stop(); }

private:
    std::string url_;
    runtime::blocking_pool thread_{1};
};

} // namespace

std::unique_ptr<report_database> open_reports(std::string url) {
    return std::make_unique<reports_on_postgres>(std::move(url));
}

} // namespace linli::postgres
