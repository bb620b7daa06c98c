#include "adapters/postgres/call_record.hpp"

#include <utility>

#include "adapters/postgres/call_rows.hpp"
#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"
#include "domain/call_decision.hpp"

namespace linli::postgres {

namespace {

// Of two reports of a new call at once one makes the row, and the other finds it.
constexpr auto begin_sql = R"(
    insert into call (id, source, name, personal, area, first_heard, version)
    values ($1::uuid, $2, $3, $4::bytea, $5, instant_of($6::bigint), 1)
    on conflict (source, name) do nothing)";

constexpr auto of_name_sql = "select " LINLI_CALL_COLUMNS " from call c "
                             "where c.source = $1 and c.name = $2 for update";
constexpr auto of_id_sql = "select " LINLI_CALL_COLUMNS " from call c where c.id = $1::uuid";
constexpr auto to_decide_sql =
    "select " LINLI_CALL_COLUMNS " from call c where c.id = $1::uuid for update";

constexpr auto hear_sql = R"(
    update call
    set personal = $2::bytea, phone_hmac = $3::bytea, called = $4, rang_at = instant_of($5::bigint),
        answered_at = instant_of($6::bigint), ended_at = instant_of($7::bigint), seat = $8,
        recording = $9, version = version + 1
    where id = $1::uuid)";

// What a call has opened is found by its signal. While it is missed its line counts its request's
// version as well (work_line::version), and no line's version may shrink: it takes that along.
constexpr auto decide_sql = R"(
    update call c
    set outcome = $2, decided_by = $3, personal = $4::bytea,
        alert = coalesce((select s.alert from signal s where s.event = $6), $5::uuid, c.alert),
        request = coalesce((select s.request from signal s where s.event = $6), c.request),
        version = c.version + 1 + coalesce(
            (select q.version from request q where q.id = c.request and c.outcome = 'missed'), 0)
    where c.id = $1::uuid)";

constexpr auto on_alert_sql = R"(
    update call
    set on_alert = (select array_agg(distinct each) from unnest(on_alert || $2::text[]) each)
    where id = $1::uuid)";

constexpr auto near_sql = R"(
    select a.id from alert a
    where a.home = $1 and a.state <> 'closed' and a.purpose = 'real'
      and a.opened_at between instant_of($2::bigint) and instant_of($3::bigint)
    order by a.id desc limit 1)";

void prepare_all(pqxx::connection& on) {
    prepare_callers(on);
    on.prepare("begin_call", begin_sql);
    on.prepare("call_of_name", of_name_sql);
    on.prepare("call_of_id", of_id_sql);
    on.prepare("call_to_decide", to_decide_sql);
    on.prepare("hear_call", hear_sql);
    on.prepare("decide_call", decide_sql);
    on.prepare("call_on_alert", on_alert_sql);
    on.prepare("alert_near", near_sql);
}

using maybe_number = std::optional<std::int64_t>;

maybe_number microseconds(std::optional<domain::instant> const& at) {
    return at ? maybe_number(postgres::microseconds(*at)) : std::nullopt;
}

pqxx::binarystring sealed(key_ring const& keys, domain::call const& c) {
    call_personal const words{c.number, c.reason};
    return pqxx::binarystring(keys.seal(call_personal::sealed_for, to_json(words)));
}

// Nothing for a number that is withheld.
std::string digest_of(key_ring const& keys, std::string const& number) {
    if (normalised_phone(number).empty()) return {};
    auto const digest = phone_lookup(keys, number);
    return {digest.begin(), digest.end()};
}

app::known_call known(pqxx::transaction_base& in, key_ring const& keys, pqxx::row const& r,
                      domain::call what) {
    app::known_call call;
    auto const digest = digest_of(keys, what.number);
    call.what = std::move(what);
    for (auto const& each : words_of(text(r["on_alert"])))
        call.on_alert.insert(domain::from_text<domain::call_event>(each).value());
    if (digest.empty()) return call;
    auto const all = read_callers(in, keys, {digest});
    for (auto const& [of, callers] : all)
        for (auto const& each : callers)
            call.who.push_back(each.who);
    return call;
}

void write_heard(pqxx::work& in, key_ring const& keys, domain::call const& c) {
    column digest;
    digest.alone();
    digest.bytes_or_null(digest_of(keys, c.number));
    in.exec_prepared("hear_call", to_string(c.id), sealed(keys, c), digest.parameter(), c.called,
                     microseconds(c.rang_at), microseconds(c.answered_at), microseconds(c.ended_at),
                     c.seat, c.recording);
}

app::known_call take_report(pqxx::connection& on, key_ring const& keys,
                            domain::call_report const& told, domain::call_id const& fresh,
                            domain::area_id const& line) {
    pqxx::work in(on);
    in.exec_prepared("begin_call", to_string(fresh), told.source, told.name, sealed(keys, {}),
                     line.value, postgres::microseconds(told.at));
    auto const r = in.exec_prepared1("call_of_name", told.source, told.name);
    auto const before = call_of(r, keys);
    auto now = heard(before, told);
    if (now != before) {
        ++now.version;
        write_heard(in, keys, now);
    }
    auto call = known(in, keys, r, std::move(now));
    in.commit();
    return call;
}

std::optional<app::known_call> read_call(pqxx::connection& on, key_ring const& keys,
                                         domain::call_id const& id) {
    pqxx::work in(on);
    auto const rows = in.exec_prepared("call_of_id", to_string(id));
    if (rows.empty()) return std::nullopt;
    return known(in, keys, rows[0], call_of(rows[0], keys));
}

std::optional<domain::alert_id> read_alert_near(pqxx::connection& on, domain::home_id const& home,
                                                domain::instant then) {
    pqxx::nontransaction in(on);
    auto const rows = in.exec_prepared("alert_near", home.value,
                                       postgres::microseconds(then - domain::joins_within),
                                       postgres::microseconds(then + domain::joins_within));
    if (rows.empty()) return std::nullopt;
    return record_id<domain::alert_id>(rows[0]["id"]);
}

bool write_decision(pqxx::connection& on, key_ring const& keys, app::call_decision const& what) {
    pqxx::work in(on);
    auto const rows = in.exec_prepared("call_to_decide", to_string(what.id));
    if (rows.empty()) return false;
    auto call = call_of(rows[0], keys);
    if (!may_become(call.outcome, what.outcome)) return false;
    call.reason = what.reason;
    column joins;
    joins.alone();
    joins.id(what.alert);
    in.exec_prepared("decide_call", to_string(what.id), std::string(to_text(what.outcome)),
                     what.who.value, sealed(keys, call), joins.parameter(), what.event.value);
    in.commit();
    return true;
}

void write_on_alert(pqxx::connection& on, domain::call_id const& id,
                    std::set<domain::call_event> const& events) {
    column names;
    for (auto const each : events)
        names.text(to_text(each));
    pqxx::nontransaction in(on);
    in.exec_prepared("call_on_alert", to_string(id), names.literal());
}

class calls_on_postgres final : public call_database {
public:
    calls_on_postgres(std::string url, key_ring keys)
        : keys_(std::move(keys)), database_(std::move(url), 1, prepare_all) {}

    runtime::task<app::record_result<app::known_call>>
    take(domain::call_report const& told, domain::call_id fresh, domain::area_id line) override {
        auto work = [this, &told, &fresh, &line](pqxx::connection& c) {
            return take_report(c, keys_, told, fresh, line);
        };
        auto done = co_await database_.ask<app::known_call>("take_call", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::optional<app::known_call>>>
    find(domain::call_id id) override {
        auto work = [this, id](pqxx::connection& c) { return read_call(c, keys_, id); };
        auto done =
            co_await database_.ask<std::optional<app::known_call>>("find_call", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::optional<domain::alert_id>>>
    alert_near(domain::home_id home, domain::instant then) override {
        auto work = [&home, then](pqxx::connection& c) { return read_alert_near(c, home, then); };
        auto done =
            co_await database_.ask<std::optional<domain::alert_id>>("alert_near", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<bool>> decide(app::call_decision const& what) override {
        auto work = [this, &what](pqxx::connection& c) { return write_decision(c, keys_, what); };
        auto done = co_await database_.ask<bool>("decide_call", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<void>>
    is_on_alert(domain::call_id id, std::set<domain::call_event> const& events) override {
        auto work = [id, &events](pqxx::connection& c) { write_on_alert(c, id, events); };
        auto done = co_await database_.tell("call_on_alert", std::move(work));
        co_return done;
    }

    void stop() override { database_.stop(); }

private:
    key_ring keys_;
    database_threads database_;
};

} // namespace

std::unique_ptr<call_database> open_calls(std::string url, key_ring keys) {
    return std::make_unique<calls_on_postgres>(std::move(url), std::move(keys));
}

} // namespace linli::postgres
