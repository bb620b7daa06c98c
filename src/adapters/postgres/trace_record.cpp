#include "adapters/postgres/trace_record.hpp"

#include <utility>

#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/entity_rows.hpp"
#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

constexpr auto signal_sql = R"(
    select kind, device, door, subject, microseconds_of(happened_at) as happened_at,
           microseconds_of(received_at) as received_at,
           microseconds_of(committed_at) as committed_at, alert, request
    from signal where event = $1)";

constexpr auto alert_sql = "select " LINLI_ALERT_COLUMNS " from alert a where a.id = $1::uuid";
constexpr auto request_sql =
    "select " LINLI_REQUEST_COLUMNS " from request q where q.id = $1::uuid";
constexpr auto orders_sql =
    "select " LINLI_ORDER_COLUMNS " from service_order o where o.alert = $1::uuid "
    "union all "
    "select " LINLI_ORDER_COLUMNS " from service_order o where o.request = $2::uuid "
    "order by opened_at, id";

constexpr auto offers_sql = R"(
    select f.id, f.order_id, f.provider, f.worker, f.state,
           microseconds_of(f.opened_at) as opened_at, microseconds_of(f.expires_at) as expires_at,
           microseconds_of(f.due_at) as due_at, f.round, f.distance_m, f.reason, f.version
    from offer f where f.order_id = any ($1::uuid[]) order by f.opened_at, f.id)";

// Each chain by its own index; `personal` is left where it lies.
constexpr auto log_sql = R"(
    select microseconds_of(l.at) as at, l.chain, l.of, l.what, l.by_kind, l.by_who, l.by_behalf,
           l.why, coalesce(o.number, a.subject, q.subject, '') as name
    from log l
    left join service_order o on o.id = l.chain
    left join alert a on a.id = l.chain
    left join request q on q.id = l.chain
    where l.chain = any ($1::uuid[])
    order by l.at, l.of, l.chain, l.seq limit 500)";

// The outbox is nearly always empty; what it holds when it isn't is asked for by nobody else so.
constexpr auto messages_sql = R"(
    select destination, key, microseconds_of(due_at) as due_at, attempts from outbox
    where (destination = 'device:' || $1::text and key = $2::text)
       or (destination like 'provider:%' and key = any ($3::text[]))
       or destination = 'people:' || $4::text
    order by id limit 100)";

constexpr auto notices_sql = R"(
    select who, channel, microseconds_of(due_at) as due_at from delivery
    where alert = $1::uuid and due_at is not null order by due_at, id limit 100)";

void prepare_all(pqxx::connection& on) {
    on.prepare("trace_signal", signal_sql);
    on.prepare("trace_alert", alert_sql);
    on.prepare("trace_request", request_sql);
    on.prepare("trace_orders", orders_sql);
    on.prepare("trace_offers", offers_sql);
    on.prepare("trace_log", log_sql);
    on.prepare("trace_messages", messages_sql);
    on.prepare("trace_notices", notices_sql);
}

using found = app::recorded_trace;
using maybe_id = std::optional<std::string>;

found signal_of(pqxx::row const& r) {
    found all;
    all.kind = word<domain::signal_kind>(r["kind"]);
    all.device = {text(r["device"])};
    all.door = text(r["door"]);
    all.about = domain::parse_subject(text(r["subject"])).value_or(domain::subject{});
    all.happened_at = maybe_time(r["happened_at"]);
    all.received_at = time(r["received_at"]);
    all.decided_at = time(r["committed_at"]);
    return all;
}

maybe_id id_in(pqxx::field const& f) {
    if (f.is_null()) return std::nullopt;
    return text(f);
}

void read_work(pqxx::work& in, maybe_id const& alert, maybe_id const& request, found& into) {
    if (alert)
        for (auto const& r : in.exec_prepared("trace_alert", *alert))
            into.alert = alert_of(r);
    if (request)
        for (auto const& r : in.exec_prepared("trace_request", *request))
            into.request = request_of(r);
    column orders;
    for (auto const& r : in.exec_prepared("trace_orders", alert, request)) {
        into.orders.push_back(order_of(r));
        orders.id(into.orders.back().id);
    }
    for (auto const& r : in.exec_prepared("trace_offers", orders.literal()))
        into.offers.push_back(offer_of(r));
}

void read_log(pqxx::work& in, found& into) {
    column chains;
    if (into.alert) chains.id(into.alert->id);
    if (into.request) chains.id(into.request->id);
    for (auto const& o : into.orders)
        chains.id(o.id);
    for (auto const& r : in.exec_prepared("trace_log", chains.literal()))
        into.log.push_back(
            {time(r["at"]),
             domain::parse_uuid(r["chain"].c_str()).value(),
             text(r["of"]),
             text(r["name"]),
             word<domain::log_kind>(r["what"]),
             {word<domain::actor_kind>(r["by_kind"]), text(r["by_who"]), text(r["by_behalf"])},
             text(r["why"])});
}

void read_waiting(pqxx::work& in, domain::event_id const& event, found& into) {
    column offers;
    for (auto const& f : into.offers)
        offers.text(to_string(f.id));
    auto const alert = into.alert ? to_string(into.alert->id) : std::string();
    for (auto const& r : in.exec_prepared("trace_messages", into.device.value, event.value,
                                          offers.literal(), alert))
        into.messages.push_back({text(r["destination"]), text(r["key"]), time(r["due_at"]),
                                 r["attempts"].as<std::uint32_t>()});
    if (!into.alert) return;
    for (auto const& r : in.exec_prepared("trace_notices", alert))
        into.notices.push_back(
            {text(r["who"]), word<domain::channel>(r["channel"]), time(r["due_at"])});
}

std::optional<found> read_trace(pqxx::connection& on, domain::event_id const& event) {
    pqxx::work in(on);
    auto const signals = in.exec_prepared("trace_signal", event.value);
    if (signals.empty()) return std::nullopt;
    auto all = signal_of(signals[0]);
    read_work(in, id_in(signals[0]["alert"]), id_in(signals[0]["request"]), all);
    read_log(in, all);
    read_waiting(in, event, all);
    return all;
}

class traces_on_postgres final : public trace_database {
public:
    explicit traces_on_postgres(std::string url) : database_(std::move(url), 1, prepare_all) {}

    runtime::task<app::record_result<std::optional<app::recorded_trace>>>
    trace_of(domain::event_id const& event) override {
        auto work = [&event](pqxx::connection& c) { return read_trace(c, event); };
        auto done =
            co_await database_.ask<std::optional<app::recorded_trace>>("trace_of", std::move(work));
        co_return done;
    }

    void stop() override { database_.stop(); }

private:
    database_threads database_;
};

} // namespace

std::unique_ptr<trace_database> open_traces(std::string url) {
    return std::make_unique<traces_on_postgres>(std::move(url));
}

} // namespace linli::postgres
