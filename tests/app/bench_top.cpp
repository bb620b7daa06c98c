#include "app/bench_top.hpp"

#include <stdexcept>

namespace linli::tests {

namespace {

city town() {
    return a_city()
        .with_station("s1")
        .with(resident("r1").at_home("h1").wears("w1").named("Wang Xiulan"))
        .with(home("h2").has("b2").at(north_of(usual_place, 3000)))
        .with(resident("r2").at_home("h2"))
        .with(worker("k1").of("p1").certified("first_aid"))
        .with(worker("k2").of("p2").certified("first_aid").at(north_of(usual_place, 2000)));
}

std::vector<app::plan_book::page> pages(std::function<void(domain::plan&)> const& changes,
                                        std::vector<domain::plan> const& own) {
    std::vector<app::plan_book::page> all;
    for (auto const& [kind, name] : domain::names<domain::alert_kind>::table) {
        domain::plan p;
        p.kind = kind;
        p.digest = std::string(name);
        p.answer = {{domain::site_level::station, domain::seconds(30)},
                    {domain::site_level::city, domain::seconds(60)}};
        p.order = domain::order_plan{};
        p.order->certificate = "first_aid";
        if (kind == domain::alert_kind::help_request) p.order->service = {"ring_back"};
        if (kind == domain::alert_kind::cause_visit) p.order->service = {"cause_visit"};
        if (kind == domain::alert_kind::booking) {
            p.level = domain::priority::p3;
            p.order->certificate.clear();
        }
        if (kind == domain::alert_kind::installation) {
            p.level = domain::priority::p3;
            p.order->service = {"installation"};
            p.order->needs_live_press = true;
        }
        if (changes) changes(p);
        all.push_back({p, p.digest});
    }
    for (auto const& p : own)
        all.push_back({p, p.digest});
    return all;
}

domain::plan no_older_plan(std::string const&) {
    throw std::logic_error("no test has an older plan");
}

} // namespace

bench_top::bench_top(std::function<void(domain::plan&)> const& changes,
                     std::vector<domain::plan> const& own)
    : bench_top(town(), changes, own) {}

bench_top::bench_top(city town, std::function<void(domain::plan&)> const& changes,
                     std::vector<domain::plan> const& own)
    : clock(domain::instant(std::chrono::sys_days(std::chrono::year(2026) / 11 / 23))),
      record(std::move(town)), plans(pages(changes, own), no_older_plan),
      dispatch({.keeper = record,
                .clock = clock,
                .plans = plans,
                .ids = ids,
                .encode =
                    [this](app::outgoing const& what) {
                        if (auto const* offer = std::get_if<app::offer_news>(&what))
                            offers_told.push_back(*offer);
                        return std::string("bytes");
                    },
                .after_commit = [this](app::changes const& c) { committed.push_back(c); },
                .outbox_lease = domain::seconds(10),
                .steps = traces,
                .presuming = &record},
               {city_area}, domain::minutes(480)) {
    run_on(loop, plans.keep(record));
    run_on(loop, dispatch.refresh_registry(true));
}

app::record_result<std::vector<app::verdict>> bench_top::tries(std::vector<app::input> batch) {
    return run_on(loop, dispatch.run(std::move(batch)));
}

std::vector<app::verdict> bench_top::takes(std::vector<app::input> batch) {
    return tries(std::move(batch)).value();
}

domain::signal bench_top::press(std::string const& device, int sequence, domain::signal_kind kind) {
    domain::signal s;
    s.device = {device};
    s.event = domain::make_event_id(s.device, {1, static_cast<std::uint64_t>(sequence)});
    s.kind = kind;
    s.door = "mqtt";
    s.received_at = clock.now();
    return s;
}

void bench_top::fast_forward(domain::duration by) {
    auto const until = clock.now() + by;
    for (;;) {
        auto const due = run_on(loop, record.due(clock.now(), 100)).value();
        std::vector<app::input> batch;
        for (auto const& id : due.alerts)
            batch.emplace_back(app::alert_due{id});
        for (auto const& id : due.orders)
            batch.emplace_back(app::order_due{id});
        for (auto const& id : due.requests)
            batch.emplace_back(app::request_due{id});
        if (!batch.empty()) {
            takes(std::move(batch));
            continue;
        }
        if (!due.next || *due.next > until) break;
        clock.fast_forward(*due.next - clock.now());
    }
    clock.fast_forward(until - clock.now());
}

std::vector<std::string> bench_top::notices(domain::alert_id const& id) const {
    std::vector<std::string> told;
    for (auto const& each : committed)
        for (auto const& row : each.outbox)
            if (row.destination == "people:" + to_string(id)) told.push_back(row.key);
    return told;
}

domain::reply bench_top::says(domain::reply_kind kind) const {
    domain::reply r;
    r.offer = news().offer.id;
    r.provider = news().offer.provider;
    r.kind = kind;
    r.by.kind = domain::actor_kind::worker;
    return r;
}

domain::alert const& bench_top::only_alert() const {
    if (record.holds().alerts.size() != 1) throw std::logic_error("not one alert");
    return record.holds().alerts.begin()->second;
}

domain::order const& bench_top::only_order() const {
    if (record.holds().orders.size() != 1) throw std::logic_error("not one order");
    return record.holds().orders.begin()->second;
}

std::size_t bench_top::told(std::string const& destination) const {
    std::size_t count = 0;
    for (auto const& [id, row] : record.holds().outbox)
        count += row.destination == destination ? 1U : 0U;
    return count;
}

} // namespace linli::tests
