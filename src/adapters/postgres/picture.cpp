#include "adapters/postgres/picture.hpp"

#include <string>
#include <utility>
#include <vector>

#include "adapters/postgres/device_picture.hpp"
#include "adapters/postgres/entity_rows.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/postgres/visit_reading.hpp"
#include "app/unheard.hpp"

namespace linli::postgres {

namespace {

// Everything that hangs together with the seeds: an order's alert or request brings its other
// orders along. Each step by its own index: with an "or" between them all orders would be read.
constexpr auto order_sql = R"(
    with seed as (
        select unnest($1::uuid[]) as id
        union
        select coalesce(o.alert, o.request) from service_order o where o.id = any ($2::uuid[])
        union
        select coalesce(o.alert, o.request)
        from offer f join service_order o on o.id = f.order_id where f.id = any ($3::uuid[])
    )
    select )" LINLI_ORDER_COLUMNS R"(,
           h.rough_place, h.latitude, h.longitude, h.flags,
           (select v.home from visit v where v.worker = o.worker limit 1) as visiting
    from (select o.* from seed s join service_order o on o.alert = s.id
          union all
          select o.* from seed s join service_order o on o.request = s.id) o
    left join home h on h.id = o.home)";

constexpr auto alert_sql = R"(
    select )" LINLI_ALERT_COLUMNS R"(,
           h.rough_place, h.latitude, h.longitude, h.flags
    from alert a left join home h on h.id = a.home where a.id = any ($1::uuid[]))";

constexpr auto open_alert_sql = "select a.id from alert a where a.subject = any ($1::text[]) "
                                "and a.purpose = 'real' and a.state <> 'closed'";

constexpr auto request_sql = R"(
    select )" LINLI_REQUEST_COLUMNS R"(
    from request q where q.id = any ($1::uuid[]))";

constexpr auto offer_sql = R"(
    select f.id, f.order_id, f.provider, f.worker, f.state,
           microseconds_of(f.opened_at) as opened_at, microseconds_of(f.expires_at) as expires_at,
           microseconds_of(f.due_at) as due_at, f.round, f.distance_m, f.reason, f.version,
           (select v.home from visit v where v.worker = f.worker limit 1) as visiting
    from offer f where f.order_id = any ($1::uuid[]))";

constexpr auto worker_sql =
    "select worker, home as visiting from visit where worker = any ($1::text[])";

// Whoever of the operators did something lately and holds no emergency is free. Who sees to
// synthetic alerts is no person.
constexpr auto operators_sql = R"(
    select exists (select from alert a
                   where a.state = 'claimed' and a.level = 1 and a.due_at is not null
                     and a.purpose = 'real') as busy,
           exists (select from log l
                   where l.by_kind = 'operator' and l.at > instant_of($1::bigint)
                     and not exists (
                       select from alert a where a.state = 'claimed' and a.level = 1
                           and a.due_at is not null and a.purpose = 'real'
                           and a.holder = l.by_who)
                     and not exists (
                       select from alert s where s.id = l.chain and s.purpose = 'synthetic')
                     and not exists (
                       select from service_order o where o.id = l.chain
                           and o.purpose = 'synthetic')) as free)";

constexpr auto false_alarms_sql = R"(
    select a.id,
           count(f.id) filter (where f.closed_at > instant_of($2::bigint) - interval '1 day')
               as day,
           count(f.id) as week
    from alert a
    left join alert f on f.subject = a.subject and f.outcome = 'false_alarm' and f.purpose = 'real'
        and f.closed_at > instant_of($2::bigint) - interval '7 days'
        and f.kind not in ('check_in_missed', 'no_access', 'needs_120',
                           'visit_failed') -- no device has told those
    where a.id = any ($1::uuid[]) group by a.id)";

// The open drill of each subject.
constexpr auto drill_sql = "select a.id from alert a where a.subject = any ($1::text[]) "
                           "and a.purpose = 'drill' and a.state <> 'closed'";

constexpr auto installation_sql = "select q.id from request q where q.subject = any ($1::text[]) "
                                  "and q.state <> 'closed'";

// Of callers: what device_sql says of a device's signal, for a resident, a home or a worker
// himself. A subject of another kind is nobody whom the registry knows.
constexpr auto caller_sql = R"(
    select w.event, w.subject, r.id as resident, h.id as home,
           coalesce(h.id, k.id) is not null as registered,
           coalesce(r.synthetic, false) as synthetic,
           k.id is null and coalesce(r.high_risk, exists (
               select from resident x where x.home = h.id and x.high_risk)) as high_risk,
           coalesce(h.area, (select t.area from site t where t.id = k.site)) as area,
           h.rough_place, h.latitude, h.longitude, h.flags,
           (select a.id from alert a where a.subject = w.subject and a.state <> 'closed'
                and a.purpose = case when coalesce(r.synthetic, false) then 'synthetic'
                                     else 'real' end) as alert,
           (select q.id from request q
            where q.subject = w.subject and q.state <> 'closed') as request,
           (select true from signal s where s.event = w.event) is not null as known
    from unnest($1::text[], $2::text[]) as w (event, subject)
    left join resident r
        on r.id = case when w.subject like 'resident:%' then substr(w.subject, 10) end
    left join worker k
        on k.id = case when w.subject like 'worker:%' then substr(w.subject, 8) end
    left join home h
        on h.id = coalesce(r.home, case when w.subject like 'home:%'
                                        then substr(w.subject, 6) end,
                           (select v.home from visit v where v.worker = k.id limit 1)))";

struct reading {
    pqxx::transaction_base& in;
    key_ring const& keys;
    app::wanted const& what;
    app::view seen;
    column seeds; // alerts and requests
    bool any_seed = false;

    void seed(domain::uuid const& id) {
        seeds.id(id);
        any_seed = true;
    }
};

void read_devices(reading& reading) {
    auto const [events, devices, subjects] = device_parameters(reading.what);
    auto const rows = reading.in.exec_prepared("picture_device", events, devices, subjects);
    for (auto const& id : see_devices(rows, reading.seen))
        reading.seed(id);
}

void read_callers(reading& reading) {
    column events;
    column subjects;
    for (auto const& [event, about] : reading.what.callers) {
        events.text(event.value);
        subjects.text(to_string(about));
    }
    for (auto const& r :
         reading.in.exec_prepared("picture_caller", events.literal(), subjects.literal())) {
        auto const facts = device_facts_of(r);
        if (facts.open_alert) reading.seed(facts.open_alert->value);
        if (facts.open_request) reading.seed(facts.open_request->value);
        auto const event = text(r["event"]);
        if (r["known"].as<bool>())
            reading.seen.known_events.emplace(event, domain::event_id{event});
        if (!facts.registered) continue;
        if (!facts.home.empty()) reading.seen.homes[facts.home] = home_of(facts.area, r);
        reading.seen.callers[facts.about] = facts;
    }
}

void read_drills(reading& reading) {
    column subjects;
    for (auto const& device : reading.what.drills)
        subjects.text(to_string(reading.seen.devices.at(device).about));
    for (auto const& r : reading.in.exec_prepared("picture_drill", subjects.literal()))
        reading.seed(record_id<domain::alert_id>(r["id"]).value);
}

void read_installations(reading& reading) {
    column subjects;
    for (auto const& device : reading.what.installations)
        subjects.text(to_string(domain::installation_subject(device)));
    for (auto const& r : reading.in.exec_prepared("picture_installation", subjects.literal()))
        reading.seed(record_id<domain::request_id>(r["id"]).value);
}

app::chain_head head_of(pqxx::row const& r) {
    return {r["log_seq"].as<std::uint32_t>(), bytes(r["log_hash"])};
}

void see_visit(reading& reading, pqxx::row const& r) {
    if (r["worker"].is_null() || r["visiting"].is_null()) return;
    reading.seen.visiting[domain::worker_id{text(r["worker"])}] = {text(r["visiting"])};
}

void read_orders(reading& reading) {
    column orders;
    column offers;
    for (auto const& id : reading.what.orders)
        orders.id(id);
    for (auto const& id : reading.what.offers)
        offers.id(id);
    auto const rows = reading.in.exec_prepared("picture_order", reading.seeds.literal(),
                                               orders.literal(), offers.literal());
    for (auto const& r : rows) {
        auto const o = order_of(r);
        if (o.alert) reading.seed(o.alert->value);
        if (o.request) reading.seed(o.request->value);
        if (!o.home.empty()) reading.seen.homes[o.home] = home_of(o.area, r);
        see_visit(reading, r);
        reading.seen.heads[o.id.value] = head_of(r);
        reading.seen.orders[o.id] = o;
    }
}

void read_alerts_and_requests(reading& reading) {
    auto const seeds = reading.seeds.literal();
    for (auto const& r : reading.in.exec_prepared("picture_alert", seeds)) {
        auto const a = alert_of(r);
        reading.seen.heads[a.id.value] = head_of(r);
        // A countdown that ends brings the alert's first order.
        if (!a.home.empty()) reading.seen.homes[a.home] = home_of(a.area, r);
        reading.seen.alerts[a.id] = a;
    }
    for (auto const& r : reading.in.exec_prepared("picture_request", seeds)) {
        auto const q = request_of(r);
        reading.seen.heads[q.id.value] = head_of(r);
        reading.seen.requests[q.id] = q;
    }
}

// Only of what goes wrong where nobody hears it: a second look, and rare.
void read_unheard(reading& reading) {
    auto const about = app::raised_by_visits(reading.seen);
    if (about.empty()) return;
    column subjects;
    for (auto const& each : about)
        subjects.text(to_string(each));
    bool any = false;
    for (auto const& r : reading.in.exec_prepared("picture_open_alert", subjects.literal())) {
        reading.seed(record_id<domain::alert_id>(r["id"]).value);
        any = true;
    }
    if (!any) return;
    read_orders(reading);
    read_alerts_and_requests(reading);
}

void read_offers(reading& reading) {
    column orders;
    for (auto const& [id, o] : reading.seen.orders)
        orders.id(id);
    for (auto const& r : reading.in.exec_prepared("picture_offer", orders.literal())) {
        auto const f = offer_of(r);
        see_visit(reading, r);
        reading.seen.offers[f.id] = f;
    }
}

void read_workers(reading& reading) {
    column workers;
    for (auto const& id : reading.what.workers)
        workers.text(id.value);
    for (auto const& r : reading.in.exec_prepared("picture_worker", workers.literal()))
        see_visit(reading, r);
}

void see_visits(reading& reading) {
    column orders;
    for (auto const& id : reading.what.accepts)
        if (auto const f = reading.seen.offers.find(id); f != reading.seen.offers.end())
            orders.id(f->second.order);
    reading.seen.visits = read_visits(reading.in, reading.keys, orders);
}

void see_live_presses(reading& reading) {
    column orders;
    bool any = false;
    for (auto const& id : reading.what.accepts) {
        auto const f = reading.seen.offers.find(id);
        if (f == reading.seen.offers.end()) continue;
        auto const& o = reading.seen.orders.at(f->second.order);
        if (!is_installation(o.about)) continue;
        orders.id(o.id);
        any = true;
    }
    if (!any) return;
    reading.seen.live_presses = read_live_presses(reading.in, orders);
}

void read_operators(reading& reading, domain::instant since) {
    auto const r = reading.in.exec_prepared1("picture_operators", microseconds(since));
    reading.seen.operators = {true, r["busy"].as<bool>(), r["free"].as<bool>()};
}

void read_false_alarms(reading& reading) {
    column alerts;
    for (auto const& id : reading.what.false_alarms_of)
        alerts.id(id);
    for (auto const& r : reading.in.exec_prepared("picture_false_alarms", alerts.literal(),
                                                  microseconds(reading.what.false_alarms_until)))
        reading.seen.false_alarms[record_id<domain::alert_id>(r["id"])] = {r["day"].as<int>(),
                                                                           r["week"].as<int>()};
}

app::view read_all(pqxx::transaction_base& in, key_ring const& keys, app::wanted const& what) {
    reading reading{in, keys, what, {}, {}, false};
    for (auto const& id : what.alerts)
        reading.seed(id.value);
    for (auto const& id : what.requests)
        reading.seed(id.value);
    if (!what.signals.empty() || !what.drills.empty() || !what.installations.empty())
        read_devices(reading);
    if (!what.callers.empty()) read_callers(reading);
    if (!what.drills.empty()) read_drills(reading);
    if (!what.installations.empty()) read_installations(reading);
    if (reading.any_seed || !what.orders.empty() || !what.offers.empty()) {
        read_orders(reading);
        read_alerts_and_requests(reading);
        read_unheard(reading);
        read_offers(reading);
    }
    if (!what.accepts.empty()) see_visits(reading);
    if (!what.accepts.empty()) see_live_presses(reading);
    if (what.operators_since) read_operators(reading, *what.operators_since);
    if (!what.false_alarms_of.empty()) read_false_alarms(reading);
    if (!what.workers.empty()) read_workers(reading);
    return std::move(reading.seen);
}

} // namespace

void prepare_picture(pqxx::connection& on) {
    on.prepare("picture_device", device_sql);
    on.prepare("picture_caller", caller_sql);
    on.prepare("picture_drill", drill_sql);
    on.prepare("picture_installation", installation_sql);
    on.prepare("picture_order", order_sql);
    on.prepare("picture_alert", alert_sql);
    on.prepare("picture_open_alert", open_alert_sql);
    on.prepare("picture_request", request_sql);
    on.prepare("picture_offer", offer_sql);
    prepare_visits(on);
    on.prepare("picture_operators", operators_sql);
    on.prepare("picture_false_alarms", false_alarms_sql);
    on.prepare("picture_worker", worker_sql);
}

// One moment's rows, where somebody acts on what is open: what another commits between our reading
// of orders and of alerts would be in the one and not in the other, and a close would name the
// newest version of an alert and know nothing of its newest order. That is two round trips more. A
// batch with presses, which end nothing, doesn't pay them.
app::view read_picture(pqxx::connection& from, key_ring const& keys, app::wanted const& what) {
    if (!what.signals.empty()) {
        pqxx::nontransaction in(from);
        return read_all(in, keys, what);
    }
    pqxx::transaction<pqxx::repeatable_read, pqxx::read_only> in(from);
    return read_all(in, keys, what);
}

} // namespace linli::postgres
