#include "adapters/postgres/desk_signals.hpp"

#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

constexpr auto signals_sql = R"(
    select event, device, kind, door, microseconds_of(happened_at) as happened_at,
           microseconds_of(received_at) as received_at,
           microseconds_of(committed_at) as committed_at,
           latitude, longitude, accuracy_m, battery, said, raw
    from (select * from signal where alert = $1::uuid
          union all
          select * from signal where request = $1::uuid) s
    order by received_at, event limit 1000)";

std::optional<domain::position> fix_of(pqxx::row const& r) {
    auto place = place_of(r);
    if (place && !r["accuracy_m"].is_null()) place->accuracy_m = r["accuracy_m"].as<double>();
    return place;
}

app::signal_seen signal_of(pqxx::row const& r) {
    app::signal_seen seen;
    seen.what.event = {text(r["event"])};
    seen.what.device = {text(r["device"])};
    seen.what.kind = word<domain::signal_kind>(r["kind"]);
    seen.what.door = text(r["door"]);
    seen.what.happened_at = maybe_time(r["happened_at"]);
    seen.what.received_at = time(r["received_at"]);
    seen.what.fix = fix_of(r);
    if (!r["battery"].is_null()) seen.what.battery_percent = r["battery"].as<int>();
    seen.what.text = text(r["said"]);
    seen.what.raw = bytes(r["raw"]);
    seen.committed_at = time(r["committed_at"]);
    return seen;
}

} // namespace

void prepare_desk_signals(pqxx::connection& on) {
    on.prepare("desk_signals", signals_sql);
}

std::vector<app::signal_seen> read_signals(pqxx::connection& on, domain::uuid const& id) {
    pqxx::nontransaction in(on);
    std::vector<app::signal_seen> all;
    for (auto const& r : in.exec_prepared("desk_signals", to_string(id)))
        all.push_back(signal_of(r));
    return all;
}

} // namespace linli::postgres
