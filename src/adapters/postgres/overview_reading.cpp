#include "adapters/postgres/overview_reading.hpp"

#include <map>

#include "adapters/postgres/entity_rows.hpp"
#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

constexpr auto alerts_sql =
    "select " LINLI_ALERT_COLUMNS ", h.rough_place "
    "from alert a left join home h on h.id = a.home "
    "where a.state <> 'closed' "
    "order by a.purpose <> 'real', a.level, a.state = 'pending', a.opened_at limit $1";

constexpr auto orders_sql =
    "select " LINLI_ORDER_COLUMNS " from service_order o where o.alert = any ($1::uuid[]) "
    "union all (select " LINLI_ORDER_COLUMNS " from service_order o "
    "where o.due_at is not null and not coalesce(o.alert = any ($1::uuid[]), false) "
    "order by o.purpose <> 'real', o.level, o.opened_at limit $2::integer)";

constexpr auto offers_sql = "select id, provider, worker, state from offer "
                            "where order_id = $1 and state <> 'declined' "
                            "order by state <> 'accepted', opened_at desc, id";

constexpr auto requests_sql = "select " LINLI_REQUEST_COLUMNS " from request q "
                              "where q.state <> 'closed' order by q.level, q.opened_at limit $1";

// What a line is about is looked up line by line: few are read, from the newest on.
constexpr auto latest_sql = R"(
    select microseconds_of(l.at) as at, l.chain, l.of, l.what, l.by_kind, l.by_who, l.by_behalf,
           l.why, coalesce(o.number, a.subject, q.subject, '') as name
    from (select * from log n where at > instant_of($1::bigint)
            and coalesce((select s.purpose from alert s where s.id = n.chain),
                         (select s.purpose from service_order s where s.id = n.chain), 'real')
                <> 'synthetic'
          order by at desc limit $2::integer) l
    left join service_order o on o.id = l.chain
    left join alert a on a.id = l.chain
    left join request q on q.id = l.chain
    order by l.at desc, l.seq desc)";

constexpr auto counts_sql = R"(
    select (select count(*) from alert where state <> 'closed' and purpose = 'real') as alerts_open,
           (select count(*) from service_order where due_at is not null and purpose = 'real')
               as orders_open,
           (select count(*) from signal s where s.received_at >= instant_of($1::bigint)
                and not exists (select from alert a where a.id = s.alert
                                and a.purpose = 'synthetic')) as signals,
           (select count(*) from alert where opened_at >= instant_of($1::bigint)
                and purpose = 'real') as alerts,
           (select count(*) from alert where closed_at >= instant_of($1::bigint)
                and purpose = 'real') as closed,
           (select count(*) from alert where closed_at >= instant_of($1::bigint)
                and outcome = 'cancelled_by_wearer' and purpose = 'real') as cancelled,
           (select count(*) from service_order where state = 'followed_up'
                and opened_at >= instant_of($1::bigint) and purpose = 'real') as followed_up,
           (select count(*) from outbox) as outbox,
           (select count(*) from alert where due_at < instant_of($2::bigint)) +
           (select count(*) from service_order where due_at < instant_of($2::bigint)) +
           (select count(*) from request where due_at < instant_of($2::bigint)) as overdue)";

app::order_line line_of(domain::order const& o) {
    return {o.id,      o.number, o.service, o.what_for, o.state,  o.level,     o.alert,
            o.request, o.event,  o.about,   o.worker,   o.reason, o.opened_at, o.due_at};
}

void read_alerts(pqxx::work& in, int limit, app::overview& all) {
    for (auto const& r : in.exec_prepared("overview_alerts", limit))
        all.alerts.push_back({alert_of(r), text(r["rough_place"]), {}});
}

void read_orders(pqxx::work& in, int limit, app::overview& all) {
    column alerts;
    std::map<domain::alert_id, std::size_t> place;
    for (std::size_t i = 0; i < all.alerts.size(); ++i) {
        alerts.id(all.alerts[i].what.id);
        place[all.alerts[i].what.id] = i;
    }
    for (auto const& r : in.exec_prepared("overview_orders", alerts.literal(), limit)) {
        auto const o = order_of(r);
        auto const at = o.alert ? place.find(*o.alert) : place.end();
        if (at != place.end())
            all.alerts[at->second].orders.push_back(line_of(o));
        else
            all.orders.push_back(line_of(o));
    }
}

void read_latest(pqxx::work& in, domain::instant since, int limit, app::overview& all) {
    for (auto const& r : in.exec_prepared("overview_latest", microseconds(since), limit))
        all.latest.push_back(
            {time(r["at"]),
             domain::parse_uuid(r["chain"].c_str()).value(),
             text(r["of"]),
             text(r["name"]),
             word<domain::log_kind>(r["what"]),
             {word<domain::actor_kind>(r["by_kind"]), text(r["by_who"]), text(r["by_behalf"])},
             text(r["why"])});
}

void read_counts(pqxx::work& in, domain::instant now, domain::instant day_began,
                 app::overview& all) {
    auto const late = now - domain::seconds(1);
    auto const r =
        in.exec_prepared1("overview_counts", microseconds(day_began), microseconds(late));
    all.alerts_open = r["alerts_open"].as<std::int64_t>();
    all.orders_open = r["orders_open"].as<std::int64_t>();
    all.signals_today = r["signals"].as<std::int64_t>();
    all.alerts_today = r["alerts"].as<std::int64_t>();
    all.alerts_closed_today = r["closed"].as<std::int64_t>();
    all.alerts_cancelled_today = r["cancelled"].as<std::int64_t>();
    all.orders_followed_up_today = r["followed_up"].as<std::int64_t>();
    all.outbox_waiting = r["outbox"].as<std::int64_t>();
    all.overdue = r["overdue"].as<std::int64_t>();
}

} // namespace

void prepare_overview(pqxx::connection& on) {
    on.prepare("overview_alerts", alerts_sql);
    on.prepare("overview_orders", orders_sql);
    on.prepare("overview_offers", offers_sql);
    on.prepare("overview_requests", requests_sql);
    on.prepare("overview_latest", latest_sql);
    on.prepare("overview_counts", counts_sql);
}

std::vector<app::offer_line> read_offers(pqxx::connection& from, domain::order_id const& of) {
    pqxx::nontransaction in(from);
    std::vector<app::offer_line> all;
    for (auto const& r : in.exec_prepared("overview_offers", to_string(of)))
        all.push_back({record_id<domain::offer_id>(r["id"]),
                       {text(r["provider"])},
                       {text(r["worker"])},
                       word<domain::offer_state>(r["state"])});
    return all;
}

app::overview read_overview(pqxx::connection& from, domain::instant now, domain::instant day_began,
                            int limit) {
    pqxx::work in(from);
    app::overview all;
    read_alerts(in, limit, all);
    read_orders(in, limit, all);
    for (auto const& r : in.exec_prepared("overview_requests", limit))
        all.requests.push_back(request_of(r));
    read_latest(in, day_began, limit, all);
    read_counts(in, now, day_began, all);
    in.commit();
    return all;
}

} // namespace linli::postgres
