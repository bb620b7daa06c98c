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

} // namespace

press_proof prove_presses(std::string const& connection_string,
                          std::vector<domain::event_id> const& events) {
    column asked;
    for (auto const& each : events)
        asked.text(each.value);
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

} // namespace linli::postgres
