#include "adapters/postgres/offer_call_record.hpp"

#include <utility>

#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/placed_call_rows.hpp"
#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

// Open offers are found by their orders, which have an index of what is open, and so have calls
// that run; the calls of each by theirs.
constexpr auto rung_sql = R"(
    with found as (
        select f.id from service_order o join offer f on f.order_id = o.id
        where o.due_at is not null and f.due_at is not null
        union
        select p.offer from placed_call p where p.offer is not null and p.ended_at is null
    )
    select f.id, f.provider, f.worker, f.state, microseconds_of(f.opened_at) as opened_at,
           microseconds_of(f.expires_at) as expires_at, f.distance_m,
           o.alert, o.purpose, a.kind, h.rough_place,
           starts_with(a.subject, 'worker:') as is_for_colleague,
           w.personal as worker_text, v.personal as provider_text,
           (select count(*) from placed_call p where p.offer = f.id) as calls,
           (select p.id from placed_call p where p.offer = f.id and p.ended_at is null
            limit 1) as call,
           last.how, microseconds_of(last.ended_at) as last_at
    from found
    join offer f on f.id = found.id
    join service_order o on o.id = f.order_id
    join alert a on a.id = o.alert
    left join home h on h.id = o.home
    left join worker w on w.id = f.worker
    left join provider v on v.id = f.provider
    left join lateral (
        select p.how, p.ended_at from placed_call p
        where p.offer = f.id and p.ended_at is not null
        order by p.ended_at desc, p.id desc limit 1) last on true
    where o.level = 1 and o.purpose <> 'synthetic' order by f.opened_at, f.id)";

constexpr auto over_sql = R"(
    select p.id as call, p.offer, f.provider, f.worker, o.alert, p.how,
           coalesce(p.pressed, '') as pressed
    from placed_call p join offer f on f.id = p.offer join service_order o on o.id = f.order_id
    where p.offer is not null and p.ended_at is not null and p.settled_at is null
    order by p.ended_at, p.id limit $1::integer)";
constexpr auto settled_sql = R"(
    update placed_call set settled_at = instant_of($2::bigint) where id = $1::uuid)";

void prepare_all(pqxx::connection& on) {
    on.prepare("offer_calls_not_begun", not_begun_sql("offer is not null"));
    on.prepare("rung_offers", rung_sql);
    on.prepare("offer_calls_over", over_sql);
    on.prepare("offer_call_settled", settled_sql);
}

template <class Personal>
std::string phone_in(key_ring const& keys, pqxx::field const& sealed) {
    if (sealed.is_null()) return {};
    auto const plain = keys.open(Personal::sealed_for, bytes(sealed));
    return plain ? from_json<Personal>(*plain).phone : std::string();
}

app::offer_by_telephone offer_in(pqxx::row const& r, key_ring const& keys) {
    app::offer_by_telephone one;
    one.id = record_id<domain::offer_id>(r["id"]);
    one.provider = {text(r["provider"])};
    one.worker = {text(r["worker"])};
    one.alert = record_id<domain::alert_id>(r["alert"]);
    one.kind = word<domain::alert_kind>(r["kind"]);
    one.what_for = word<domain::purpose>(r["purpose"]);
    one.is_for_colleague = r["is_for_colleague"].as<bool>();
    one.rough_place = text(r["rough_place"]);
    one.distance_m = r["distance_m"].as<std::uint32_t>();
    one.number = one.worker.empty() ? phone_in<provider_personal>(keys, r["provider_text"])
                                    : phone_in<worker_personal>(keys, r["worker_text"]);
    one.calls = r["calls"].as<std::uint32_t>();
    if (!r["call"].is_null()) one.call = domain::parse_uuid(r["call"].c_str());
    one.stands.state = word<domain::offer_state>(r["state"]);
    one.stands.opened_at = time(r["opened_at"]);
    one.stands.expires_at = time(r["expires_at"]);
    one.stands.is_called = one.call.has_value();
    if (!r["how"].is_null()) one.stands.last = word<domain::placed_end>(r["how"]);
    one.stands.last_at = maybe_time(r["last_at"]);
    return one;
}

std::vector<app::offer_by_telephone> read_rung(pqxx::connection& on, key_ring const& keys,
                                               domain::instant now) {
    pqxx::work in(on);
    in.exec_prepared("offer_calls_not_begun", microseconds(now));
    std::vector<app::offer_by_telephone> all;
    for (auto const& r : in.exec_prepared("rung_offers")) {
        auto one = offer_in(r, keys);
        if (one.call || !one.number.empty()) all.push_back(std::move(one));
    }
    in.commit();
    return all;
}

std::vector<app::offer_call_over> read_over(pqxx::connection& on, int limit) {
    pqxx::nontransaction in(on);
    std::vector<app::offer_call_over> all;
    for (auto const& r : in.exec_prepared("offer_calls_over", limit))
        all.push_back({*domain::parse_uuid(r["call"].c_str()),
                       record_id<domain::offer_id>(r["offer"]),
                       {text(r["provider"])},
                       {text(r["worker"])},
                       record_id<domain::alert_id>(r["alert"]),
                       word<domain::placed_end>(r["how"]),
                       text(r["pressed"])});
    return all;
}

class offer_calls_on_postgres final : public offer_call_database {
public:
    offer_calls_on_postgres(std::string url, key_ring keys)
        : keys_(std::move(keys)), database_(std::move(url), 1, prepare_all) {}

    runtime::task<app::record_result<std::vector<app::offer_by_telephone>>>
    rung(domain::instant now) override {
        auto work = [this, now](pqxx::connection& c) { return read_rung(c, keys_, now); };
        auto done = co_await database_.ask<std::vector<app::offer_by_telephone>>("rung_offers",
                                                                                 std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::vector<app::offer_call_over>>> over(int limit) override {
        auto work = [limit](pqxx::connection& c) { return read_over(c, limit); };
        auto done = co_await database_.ask<std::vector<app::offer_call_over>>("offer_calls_over",
                                                                              std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<void>> settled(domain::uuid call,
                                                    domain::instant at) override {
        auto work = [call, at](pqxx::connection& c) {
            pqxx::nontransaction in(c);
            in.exec_prepared("offer_call_settled", to_string(call), microseconds(at));
        };
        auto done = co_await database_.tell("offer_call_settled", std::move(work));
        co_return done;
    }

    void stop() override { database_.stop(); }

private:
    key_ring keys_;
    database_threads database_;
};

} // namespace

std::unique_ptr<offer_call_database> open_offer_calls(std::string url, key_ring keys) {
    return std::make_unique<offer_calls_on_postgres>(std::move(url), std::move(keys));
}

} // namespace linli::postgres
