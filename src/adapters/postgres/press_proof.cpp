#include "adapters/postgres/press_proof.hpp"

#include <pqxx/pqxx>

#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

constexpr auto proof_sql = R"(
    with pressed as (
        select e.event, s.alert,
               (select count(*) from alert a where a.first_event = e.event or a.id = s.alert)
                   as alerts,
               (select count(*) from service_order o where o.alert = s.alert) as orders,
               exists (select from alert a where a.id = s.alert and a.state = 'closed')
               and exists (select from service_order o
                           where o.alert = s.alert and o.state = 'followed_up'
                             and exists (select from log l
                                         where l.chain = o.id and l.what = 'arrived')) as answered
        from unnest($1::text[]) as e (event) left join signal s on s.event = e.event
    )
    select count(*) as presses, count(distinct alert) as alerts, sum(orders) as orders,
           count(*) filter (where answered) as answered,
           count(*) filter (where alerts = 0 or orders = 0) as lost,
           count(*) filter (where alerts > 1 or orders > 1) as doubled
    from pressed)";

constexpr auto beside_sql = R"(
    with fallen as (
        select distinct a.id, a.outcome
        from signal s join alert a on a.id = s.alert
        where s.event = any ($1::text[]) and a.kind = 'fall' and a.state = 'closed'
    ), observed as (
        select a.kind, s.device, count(distinct a.id) as alerts
        from signal s join alert a on a.id = s.alert
        where a.state = 'closed' and ((a.kind = 'fence' and s.device = any ($2::text[]))
                                      or (a.kind = 'inactivity' and s.device = any ($3::text[])))
        group by a.kind, s.device
    )
    select (select count(*) from fallen f
            where exists (select from service_order o join log l on l.chain = o.id
                          where o.alert = f.id and l.what = 'arrived')) as answered,
           (select count(*) from fallen f where outcome = 'cancelled_by_wearer'
              and not exists (select from log l
                              where l.chain = f.id and l.what = 'rung_reached')) as taken_back,
           (select count(*) from observed where kind = 'fence' and alerts = 1) as wanderers,
           (select count(*) from observed where kind = 'inactivity' and alerts = 1) as silences,
           (select count(*) from offer where state = 'declined') as refused,
           (select count(distinct chain) from log
            where what = 'rung_reached' and why like '%, nobody at %') as rungs_empty)";

template <class Id>
column column_of(std::vector<Id> const& ids) {
    column all;
    for (auto const& each : ids)
        all.text(each.value);
    return all;
}

} // namespace

press_proof prove_presses(std::string const& connection_string,
                          std::vector<domain::event_id> const& events) {
    auto asked = column_of(events);
    pqxx::connection connection(connection_string);
    pqxx::nontransaction in(connection);
    auto const all = in.exec_params(proof_sql, asked.literal());
    auto const r = all.front();
    return {.presses = r["presses"].as<std::size_t>(),
            .alerts = r["alerts"].as<std::size_t>(),
            .orders = r["orders"].as<std::size_t>(0),
            .answered = r["answered"].as<std::size_t>(),
            .lost = r["lost"].as<std::size_t>(),
            .doubled = r["doubled"].as<std::size_t>()};
}

side_proof prove_beside(std::string const& connection_string, side_happenings const& what) {
    auto fell = column_of(what.fell);
    auto wandered = column_of(what.wandered);
    auto silent = column_of(what.silent);
    pqxx::connection connection(connection_string);
    pqxx::nontransaction in(connection);
    auto const all =
        in.exec_params(beside_sql, fell.literal(), wandered.literal(), silent.literal());
    auto const r = all.front();
    return {.falls_answered = r["answered"].as<std::size_t>(),
            .falls_taken_back = r["taken_back"].as<std::size_t>(),
            .wanderers = r["wanderers"].as<std::size_t>(),
            .silences = r["silences"].as<std::size_t>(),
            .refused = r["refused"].as<std::size_t>(),
            .rungs_empty = r["rungs_empty"].as<std::size_t>()};
}

} // namespace linli::postgres
