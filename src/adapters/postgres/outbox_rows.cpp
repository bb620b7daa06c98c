#include "adapters/postgres/outbox_rows.hpp"

#include <algorithm>

#include "adapters/postgres/rows.hpp"
#include "runtime/log.hpp"

namespace linli::postgres {

namespace {

constexpr auto take_sql = R"(
    with due as (
        select id from outbox where due_at <= instant_of($1::bigint)
        order by id limit $3::integer for update skip locked
    )
    update outbox o
    set due_at = instant_of($1::bigint + $2::bigint * least(o.attempts + 1, 60)),
        attempts = o.attempts + 1
    from due where o.id = due.id
    returning o.id, o.destination, o.key, o.version, o.payload, o.attempts)";

constexpr auto forward_sql = R"(
    update outbox set due_at = instant_of($1::bigint), attempts = 0
    where due_at > instant_of($2::bigint))";

} // namespace

void prepare_outbox(pqxx::connection& on) {
    on.prepare("outbox_forward", forward_sql);
    on.prepare("take_outbox", take_sql);
    on.prepare("forget_outbox", "delete from outbox where id = any ($1::uuid[])");
}

std::vector<app::outbox_row> take_outbox_rows(pqxx::connection& from, key_ring const& keys,
                                              domain::instant now, domain::duration lease,
                                              int limit) {
    pqxx::nontransaction in(from);
    std::vector<app::outbox_row> rows;
    for (auto const& r : in.exec_prepared("take_outbox", microseconds(now), lease.count(), limit)) {
        app::outbox_row row;
        row.id = domain::parse_uuid(r["id"].c_str()).value();
        row.destination = text(r["destination"]);
        row.key = text(r["key"]);
        row.version = r["version"].as<std::uint32_t>();
        row.attempts = r["attempts"].as<std::uint32_t>();
        auto payload = keys.open(outbox_payload, bytes(r["payload"]));
        if (!payload) {
            runtime::log::error("outbox_row_unreadable",
                                {{"id", to_string(row.id)}, {"remedy", "its key is missing"}});
            continue;
        }
        row.payload = std::move(*payload);
        rows.push_back(std::move(row));
    }
    // The update gives them back in any order; receivers want the order of the commits.
    std::sort(rows.begin(), rows.end(), [](auto const& a, auto const& b) { return a.id < b.id; });
    return rows;
}

void bring_outbox_forward(pqxx::connection& from, domain::instant now, domain::instant later) {
    pqxx::nontransaction in(from);
    in.exec_prepared("outbox_forward", microseconds(now), microseconds(later));
}

void forget_outbox_rows(pqxx::connection& from, std::vector<domain::uuid> const& ids) {
    column gone;
    for (auto const& id : ids)
        gone.id(id);
    pqxx::nontransaction in(from);
    in.exec_prepared("forget_outbox", gone.literal());
}

} // namespace linli::postgres
