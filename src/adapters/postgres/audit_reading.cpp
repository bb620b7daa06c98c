#include "adapters/postgres/audit_reading.hpp"

#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

// Each part is a step in an index that is empty or short (claimed alerts). $1: late before; $2: the
// first outbox id that is young enough, because ids begin with the time of their making; $3:
// received before; $4: unobserved before. While the broker is away silences wait for it.
constexpr auto audit_sql = R"(
    select 'overdue' as kind, what, id::text from (
        (select 'alert' as what, id from alert where due_at < instant_of($1::bigint)
         order by due_at limit 20)
        union all
        (select 'order', id from service_order where due_at < instant_of($1::bigint)
         order by due_at limit 20)
        union all
        (select 'request', id from request where due_at < instant_of($1::bigint)
         order by due_at limit 20)
        union all
        (select 'offer', id from offer where due_at < instant_of($1::bigint)
         order by due_at limit 20)) late
    union all
    select * from (select 'overdue', 'dwell', subject || ' ' || rule from dwell
        where due_at < instant_of($4::bigint) and (rule <> 'silence' or not exists
            (select from outage where kind = 'broker' and ended is null))
        order by due_at limit 20) d
    union all
    select 'no_clock', what, id::text from (
        (select 'alert' as what, id from alert where state <> 'closed' and due_at is null limit 20)
        union all
        (select 'request', id from request where state <> 'closed' and due_at is null limit 20)
        union all
        (select 'order', id from service_order where due_at is null
            and state not in ('followed_up', 'cancelled', 'failed', 'stood_down')
         order by id limit 20)
        union all
        (select 'offer', id from offer where due_at is null and state = 'open'
         order by id limit 20)) clockless
    union all
    select * from (select 'no_owner', 'alert', id::text from alert
        where state = 'raised' and coalesce(desk, '') = '' limit 20) o
    union all
    select * from (select 'claim_over', 'alert', id::text from alert
        where state = 'claimed' and claimed_until < instant_of($1::bigint)
        limit 20) c
    union all
    select * from (select 'untold', 'outbox', id::text from outbox where id < $2::uuid
        order by id limit 20) u
    union all
    select * from (select 'unanswered', 'signal', event from signal
        where alert is null and request is null and received_at < instant_of($3::bigint)
            and kind in ('unreadable', 'sos', 'help_request', 'fall', 'fall_confirmed',
                         'inactivity', 'fence', 'vitals', 'smoke', 'gas', 'water', 'bed', 'removed',
                         'clock_jump', 'outage')
        order by received_at limit 20) s)";

// The lowest UUIDv7 of that millisecond.
std::string first_id_of(domain::instant when) {
    auto ms = static_cast<std::uint64_t>(
        std::chrono::floor<std::chrono::milliseconds>(when.time_since_epoch()).count());
    domain::uuid id;
    for (std::size_t at = 6; at-- > 0; ms >>= 8)
        id.bytes[at] = static_cast<std::uint8_t>(ms);
    return domain::to_string(id);
}

} // namespace

void prepare_audit(pqxx::connection& on) {
    on.prepare("audit", audit_sql);
}

std::vector<app::finding> read_findings(pqxx::connection& on, domain::instant now,
                                        app::audit_limits const& allowed) {
    pqxx::nontransaction in(on);
    std::vector<app::finding> found;
    for (auto const& r : in.exec_prepared(
             "audit", microseconds(now - allowed.lateness), first_id_of(now - allowed.untold),
             microseconds(now - allowed.unanswered), microseconds(now - allowed.unobserved)))
        found.push_back(
            {word<app::finding_kind>(r["kind"]), text(r["what"]) + ' ' + text(r["id"])});
    return found;
}

} // namespace linli::postgres
