#include "bench/open_cases.hpp"

#include <stdexcept>
#include <string>
#include <thread>

#include <pqxx/pqxx>

#include "bench/receipts.hpp"

namespace linli::bench {

using namespace std::chrono_literals;

namespace {

// Whatever the schema has: what is not named here is as the press has it.
constexpr auto copy_sql = R"(
    create temp table seed on commit drop as
    select n, gen_random_uuid() as alert, gen_random_uuid() as "order", r.id as resident,
           h.id as home, h.area
    from (select id, home, row_number() over (order by id desc) - 1 as n from resident) r
         join home h on h.id = r.home
    where n < $1;
    insert into alert
    select (jsonb_populate_record(a, jsonb_build_object('id', s.alert, 'subject',
        'resident:' || s.resident, 'resident', s.resident, 'home', s.home, 'area', s.area,
        'first_event', s.resident || ':9:' || n, 'last_event', s.resident || ':9:' || n,
        'due_at', a.opened_at + interval '1 day', 'ladder_at', null))).*
    from seed s, alert a where a.id = (select id from alert limit 1);
    insert into service_order
    select (jsonb_populate_record(o, jsonb_build_object('id', s."order", 'number', 'B' || n,
        'alert', s.alert, 'subject', 'resident:' || s.resident, 'home', s.home, 'area', s.area,
        'event', s.resident || ':9:' || n, 'state', 'requested', 'round', 0, 'held_by', null,
        'worker', null, 'provider', null, 'due_at', o.opened_at + interval '1 day'))).*
    from seed s, service_order o
    where o.id = (select id from service_order limit 1))";

void press_once(stage& on, std::size_t residents) {
    on.enter(subject::linli);
    load const one{1, 0, 1, 1};
    if (press_until_stored(on, residents, one).missing > 0)
        throw std::runtime_error("the first press was not stored");
    std::this_thread::sleep_for(1s); // and its offer
    on.leave();
}

} // namespace

void open_cases(stage& on, std::size_t residents, std::size_t cases) {
    press_once(on, residents);
    pqxx::connection c(on.linli_database());
    pqxx::work in(c);
    std::string sql = copy_sql;
    sql.replace(sql.find("$1"), 2, std::to_string(cases));
    in.exec(sql);
    in.commit();
    pqxx::nontransaction(c).exec("vacuum analyze");
}

} // namespace linli::bench
