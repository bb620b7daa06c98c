#include "adapters/postgres/desk_lines.hpp"

#include <algorithm>
#include <map>

#include <sodium.h>

#include "adapters/postgres/entity_rows.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/postgres/who_lives_there.hpp"
#include "domain/call.hpp"
#include "domain/masked.hpp"

namespace linli::postgres {

namespace {

// Of a holder whose account is `u`: none of her sessions is on duty and has been used lately, which
// each does once a minute as long as a page of it is open. Who has no account is at another desk.
#define LINLI_HOLDER_AWAY(now)                                                                     \
    "u.id is not null and not exists (select from session d where d.account = u.id"                \
    " and d.on_duty and d.expires_at > instant_of(" now "::bigint)"                                \
    " and d.last_used_at > instant_of(" now "::bigint) - interval '3 minutes') as holder_away"

// The sum that work_line::version() is. The house's own presses are nobody's work.
constexpr auto marks_sql =
    "select a.id, a.version + coalesce((select sum(o.version) from service_order o"
    " where o.alert = a.id), 0) as version, " LINLI_HOLDER_AWAY(
        "$1") " from alert a left join account u on u.id = a.holder"
              " where a.state <> 'closed' and a.purpose <> 'synthetic' "
              "union all "
              "select q.id, q.version + coalesce((select sum(o.version) from service_order o"
              " where o.request = q.id), 0), false"
              " from request q where q.state <> 'closed' "
              "union all "
              "select c.id, c.version, false from call c where c.outcome is null "
              "union all "
              "select c.id, c.version, false from call c"
              " where c.ended_at is null and c.outcome in ('joined', 'alert', 'request')"
              " and c.first_heard > instant_of($2::bigint) "
              "union all "
              "select c.id, c.version + q.version, false"
              " from request q join call c on c.request = q.id and c.outcome = 'missed'"
              " where q.state <> 'closed'";

// Who and where, for an alert or request `w`. Keys and names of several residents come as words. Of
// a home: who lives there, or once it is over, who lived there when it began.
#define LINLI_AROUND_COLUMNS                                                                       \
    ", h.rough_place, ar.name as area_name, ar.path::text as area_path, p.names, p.high_risk"
#define LINLI_AROUND(w)                                                                            \
    " left join home h on h.id = " w ".home"                                                       \
    " left join area ar on ar.code = " w ".area"                                                   \
    " left join lateral (select bool_or(r.high_risk) as high_risk,"                                \
    " string_agg(encode(r.data_key, 'hex') || ' ' || encode(r.personal, 'hex'), ' '"               \
    " order by r.id) as names from ("                                                              \
    "select n.id, n.high_risk, n.data_key, n.personal from resident n"                             \
    " where n.id = case when " w ".subject like 'resident:%' then substr(" w ".subject, 10) end"   \
    " or n.home = case when " w ".state <> 'closed' and " w ".subject like 'home:%'"               \
    " then substr(" w ".subject, 6) end and" LINLI_STILL_THERE(                                    \
        "n") "union all select n.id, n.high_risk, n.data_key, n.personal"                          \
             " from stay s join resident n on n.id = s.resident"                                   \
             " where s.home = case when " w ".state = 'closed' and " w ".subject like 'home:%'"    \
             " then substr(" w                                                                     \
             ".subject, 6) end and" LINLI_LIVED_THERE(w ".opened_at") ") r)"                       \
                                                                      " p on true"

constexpr auto alerts_sql =
    "select " LINLI_ALERT_COLUMNS LINLI_AROUND_COLUMNS ", u.personal as holder_personal, "
    "s.personal as successor_personal, k.personal as worker_personal, " LINLI_HOLDER_AWAY(
        "$2") " "
              "from alert a left join account u on u.id = a.holder"
              " left join account s on s.id = a.handed_to"
              " left join worker k on k.id = case when a.subject like 'worker:%'"
              " then substr(a.subject, 8) end" LINLI_AROUND("a") " where a.id = any ($1::uuid[])";
constexpr auto requests_sql = "select " LINLI_REQUEST_COLUMNS LINLI_AROUND_COLUMNS
                              " from request q" LINLI_AROUND("q") " where q.id = any ($1::uuid[])";

// Each half by its own index.
constexpr auto orders_sql =
    "select " LINLI_ORDER_COLUMNS " from service_order o where o.alert = any ($1::uuid[]) "
    "union all "
    "select " LINLI_ORDER_COLUMNS " from service_order o where o.request = any ($1::uuid[])";

constexpr auto held_sql =
    "select id from alert where holder = $1 and state <> 'closed' order by opened_at, id";

// An alert with two visits is one call. Whose it is says the alert, which may have moved on since.
constexpr auto follow_ups_sql = R"(
    select coalesce(o.alert, o.request) as id, count(*) over () as all
    from service_order o left join alert t on t.id = o.alert
    join area a on a.code = coalesce(t.area, o.area)
    where o.state = 'completed' and o.purpose = 'real'
      and a.path <@ (select path from area where code = $1)
    group by 1 order by min(o.due_at), 1 limit $2::integer)";

// Whose words are no steps: app::is_step.
constexpr auto unfinished_sql = R"(
    select o.id, o.alert, microseconds_of(coalesce(l.at, o.opened_at)) as since,
           count(*) over () as all
    from service_order o
    join alert t on t.id = o.alert and t.state = 'closed'
    join area a on a.code = coalesce(t.area, o.area)
    left join lateral (
        select max(g.at) as at from log g where g.chain = o.id
          and g.what not in ('check_in_missed', 'access_overdue', 'stand_down_overdue', 'unfilled',
                             'reply_refused', 'proof_given', 'proof_wrong')) l on true
    where o.due_at is not null and o.state <> 'completed' and o.purpose = 'real'
      and a.path <@ (select path from area where code = $1)
    order by coalesce(l.at, o.opened_at), o.id limit $2::integer)";

constexpr auto owner_sql = "select coalesce(alert, request) from service_order where id = $1::uuid";

std::string from_hex(std::string_view hex) {
    std::string bytes(hex.size() / 2, '\0');
    std::size_t written = 0;
    sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), hex.data(),
                   hex.size(), nullptr, &written, nullptr);
    bytes.resize(written);
    return bytes;
}

// Of those whose key is still there.
std::string masked_names(key_ring const& keys, std::string const& keys_and_names) {
    auto const words = words_of(keys_and_names);
    std::string all;
    for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
        auto const plain = keys.open_for(from_hex(words[i]), resident_personal::sealed_for,
                                         from_hex(words[i + 1]));
        if (!plain) continue;
        auto const name = domain::masked_name(from_json<resident_personal>(*plain).name);
        if (!name.empty()) all += (all.empty() ? "" : "、") + name;
    }
    return all;
}

// By the account, or if it has none that can be read, as it is.
std::string operator_name(key_ring const& keys, pqxx::field const& account,
                          domain::operator_id const& who) {
    auto const sealed = bytes(account);
    auto const plain = sealed.empty() ? std::nullopt : keys.open({"account"}, sealed);
    auto name = plain ? from_json<account_personal>(*plain).name : std::string();
    return name.empty() ? who.value : name;
}

std::string masked_worker(key_ring const& keys, pqxx::field const& worker) {
    auto const sealed = bytes(worker);
    auto const plain =
        sealed.empty() ? std::nullopt : keys.open(worker_personal::sealed_for, sealed);
    return plain ? domain::masked_name(from_json<worker_personal>(*plain).name) : std::string();
}

void fill_around(app::work_line& line, key_ring const& keys, pqxx::row const& r,
                 domain::area_id const& area) {
    line.name = masked_names(keys, text(r["names"]));
    line.rough_place = text(r["rough_place"]);
    line.area_name = text(r["area_name"]);
    line.areas = areas_of(text(r["area_path"]), area);
    line.high_risk = !r["high_risk"].is_null() && r["high_risk"].as<bool>();
}

void add_alerts(pqxx::transaction_base& in, key_ring const& keys, std::string const& ids,
                domain::instant now, std::vector<app::work_line>& to) {
    for (auto const& r : in.exec_prepared("desk_alerts", ids, microseconds(now))) {
        app::work_line line;
        line.alert = alert_of(r);
        fill_around(line, keys, r, line.alert->area);
        if (line.name.empty()) line.name = masked_worker(keys, r["worker_personal"]);
        line.holder_name = operator_name(keys, r["holder_personal"], line.alert->holder);
        line.handed_to_name = operator_name(keys, r["successor_personal"], line.alert->handed_to);
        line.holder_is_away = r["holder_away"].as<bool>();
        to.push_back(std::move(line));
    }
}

void add_requests(pqxx::transaction_base& in, key_ring const& keys, std::string const& ids,
                  std::vector<app::work_line>& to) {
    for (auto const& r : in.exec_prepared("desk_requests", ids)) {
        app::work_line line;
        line.request = request_of(r);
        fill_around(line, keys, r, line.request->area);
        to.push_back(std::move(line));
    }
}

void add_orders(pqxx::transaction_base& in, std::string const& ids,
                std::vector<app::work_line>& to) {
    std::map<domain::uuid, app::work_line*> by_id;
    for (auto& line : to)
        by_id[line.id()] = &line;
    for (auto const& r : in.exec_prepared("desk_orders", ids)) {
        auto o = order_of(r);
        auto const owner = by_id.find(o.alert ? o.alert->value : o.request->value);
        if (owner != by_id.end()) owner->second->orders.push_back(std::move(o));
    }
    for (auto& line : to)
        std::ranges::sort(line.orders, {},
                          [](auto const& o) { return std::pair(o.opened_at, o.id); });
}

} // namespace

void prepare_desk_lines(pqxx::connection& on) {
    on.prepare("desk_marks", marks_sql);
    on.prepare("desk_alerts", alerts_sql);
    on.prepare("desk_requests", requests_sql);
    on.prepare("desk_orders", orders_sql);
    on.prepare("desk_held", held_sql);
    on.prepare("desk_follow_ups", follow_ups_sql);
    on.prepare("desk_unfinished", unfinished_sql);
    on.prepare("desk_owner", owner_sql);
}

std::unordered_map<std::string, app::line_mark> read_open_marks(pqxx::connection& on,
                                                                domain::instant now) {
    pqxx::nontransaction in(on);
    std::unordered_map<std::string, app::line_mark> all;
    for (auto const& r : in.exec_prepared("desk_marks", microseconds(now),
                                          microseconds(now - domain::longest_call)))
        all[text(r["id"])] = {r["version"].as<std::uint64_t>(), r["holder_away"].as<bool>()};
    return all;
}

std::vector<app::work_line> read_lines(pqxx::transaction_base& in, key_ring const& keys,
                                       std::vector<domain::uuid> const& ids, domain::instant now) {
    std::vector<app::work_line> all;
    if (ids.empty()) return all;
    column wanted;
    for (auto const& id : ids)
        wanted.id(id);
    auto const list = wanted.literal();
    add_alerts(in, keys, list, now, all);
    add_requests(in, keys, list, all);
    add_orders(in, list, all);
    return all;
}

std::vector<domain::uuid> read_held(pqxx::connection& on, domain::operator_id const& who) {
    pqxx::nontransaction in(on);
    std::vector<domain::uuid> all;
    for (auto const& r : in.exec_prepared("desk_held", who.value))
        all.push_back(domain::parse_uuid(r[0].c_str()).value());
    return all;
}

app::follow_ups read_follow_ups(pqxx::connection& on, domain::area_id const& within, int limit) {
    pqxx::nontransaction in(on);
    app::follow_ups found;
    for (auto const& r : in.exec_prepared("desk_follow_ups", within.value, limit)) {
        found.next.push_back(domain::parse_uuid(r["id"].c_str()).value());
        found.count = r["all"].as<std::size_t>();
    }
    return found;
}

app::unfinished read_unfinished(pqxx::connection& on, domain::area_id const& within, int limit) {
    pqxx::nontransaction in(on);
    app::unfinished found;
    for (auto const& r : in.exec_prepared("desk_unfinished", within.value, limit)) {
        found.next.push_back({domain::parse_uuid(r["alert"].c_str()).value(),
                              record_id<domain::order_id>(r["id"]), time(r["since"])});
        found.count = r["all"].as<std::size_t>();
    }
    return found;
}

std::optional<domain::uuid> read_owner(pqxx::connection& on, domain::order_id const& id) {
    pqxx::nontransaction in(on);
    auto const found = in.exec_prepared("desk_owner", to_string(id));
    if (found.empty()) return std::nullopt;
    return domain::parse_uuid(found[0][0].c_str());
}

} // namespace linli::postgres
