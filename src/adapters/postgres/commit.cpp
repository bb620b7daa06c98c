#include "adapters/postgres/commit.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "adapters/postgres/log_chain.hpp"
#include "adapters/postgres/outbox_rows.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

constexpr purpose log_words{"log"};

// A column as the statement takes it, and what makes the stored value of it.
struct field {
    std::string_view name;
    std::string_view type;      // of the array that comes in
    std::string_view value = {}; // expression over it; empty = itself
};
constexpr std::string_view as_time = "instant_of(%)";

enum class write : std::uint8_t {
    insert, // a row that is there already is a lost race
    upsert, // only over the version before it; anything else is a lost race
};

struct table {
    std::string_view name;
    write how;
    std::vector<field> fields;
    std::string_view at_conflict = {}; // overrides the upsert by version
};

// A table of columns, read across.
// clang-format off
std::vector<table> const& tables() {
    static std::vector<table> const all{
        {"signal",
         write::insert,
         {{"event", "text"}, {"device", "text"}, {"kind", "text"}, {"door", "text"},
          {"subject", "text"}, {"happened_at", "bigint", as_time},
          {"received_at", "bigint", as_time}, {"committed_at", "bigint", as_time},
          {"latitude", "float8"}, {"longitude", "float8"}, {"accuracy_m", "float4"},
          {"battery", "smallint"}, {"said", "text"}, {"raw", "bytea"}, {"alert", "uuid"},
          {"request", "uuid"}}},
        {"alert",
         write::upsert,
         {{"id", "uuid"}, {"subject", "text"}, {"kind", "text"}, {"level", "smallint"},
          {"state", "text"}, {"area", "text"}, {"home", "text"}, {"resident", "text"},
          {"first_event", "text"}, {"last_event", "text"}, {"opened_at", "bigint", as_time},
          {"raised_at", "bigint", as_time}, {"rang_at", "bigint", as_time},
          {"signals", "integer"}, {"plan", "text"}, {"rung", "smallint"}, {"desk", "text"},
          {"holder", "text"}, {"claimed_until", "bigint", as_time},
          {"acknowledge_by", "bigint", as_time}, {"due_at", "bigint", as_time},
          {"ladder_at", "bigint", as_time}, {"steps_from", "bigint", as_time},
          {"progress", "text"},
          {"outcome", "text"}, {"closed_at", "bigint", as_time}, {"version", "integer"},
          {"log_seq", "integer"}, {"log_hash", "bytea"}}},
        {"request",
         write::upsert,
         {{"id", "uuid"}, {"subject", "text"}, {"area", "text"}, {"home", "text"},
          {"first_event", "text"}, {"last_event", "text"}, {"level", "smallint"},
          {"state", "text"}, {"signals", "integer"}, {"opened_at", "bigint", as_time},
          {"due_at", "bigint", as_time}, {"closed_at", "bigint", as_time},
          {"version", "integer"}, {"log_seq", "integer"}, {"log_hash", "bytea"}}},
        {"service_order",
         write::upsert,
         {{"id", "uuid"}, {"number", "text"}, {"service", "text"}, {"level", "smallint"},
          {"alert", "uuid"}, {"request", "uuid"}, {"subject", "text"}, {"area", "text"},
          {"home", "text"}, {"place", "text"}, {"event", "text"}, {"state", "text"},
          {"opened_at", "bigint", as_time}, {"held_by", "uuid"}, {"worker", "text"},
          {"provider", "text"}, {"round", "integer"},
          {"reason", "text"}, {"plan", "text"}, {"due_at", "bigint", as_time},
          {"rating", "smallint"}, {"version", "integer"}, {"log_seq", "integer"},
          {"log_hash", "bytea"}}},
        {"offer",
         write::upsert,
         {{"id", "uuid"}, {"order_id", "uuid"}, {"provider", "text"}, {"worker", "text"},
          {"state", "text"}, {"opened_at", "bigint", as_time}, {"expires_at", "bigint", as_time},
          {"due_at", "bigint", as_time}, {"round", "integer"}, {"distance_m", "integer"},
          {"reason", "text"}, {"version", "integer"}}},
        {"search",
         write::insert,
         {{"order_id", "uuid"}, {"at", "bigint", as_time}, {"round", "integer"},
          {"candidates", "text", "%::jsonb"}}},
        {"log",
         write::insert,
         {{"chain", "uuid"}, {"seq", "integer"}, {"of", "text"}, {"at", "bigint", as_time},
          {"what", "text"}, {"by_kind", "text"}, {"by_who", "text"}, {"by_behalf", "text"},
          {"why", "text"}, {"personal", "bytea"}, {"hash", "bytea"}}},
        {"maintenance",
         write::upsert,
         {{"device", "text"}, {"kind", "text"}, {"event", "text"}, {"since", "bigint", as_time},
          {"last_at", "bigint", as_time}, {"times", "integer"}},
         "(device, kind) do update set event = excluded.event, last_at = excluded.last_at, "
         "times = maintenance.times + excluded.times"},
        {"outbox",
         write::insert,
         {{"id", "uuid"}, {"destination", "text"}, {"key", "text"}, {"version", "integer"},
          {"payload", "bytea"}, {"due_at", "bigint", as_time}}},
    };
    return all;
}
// clang-format on

// A row that changes without a line of the log keeps its place in the chain.
std::string new_value(table const& t, field const& f) {
    auto const written = "excluded." + std::string(f.name);
    if (f.name != "log_seq" && f.name != "log_hash") return written;
    return "case when excluded.log_seq > 0 then " + written + " else " + std::string(t.name) +
           '.' + std::string(f.name) + " end";
}

std::string upsert_by_version(table const& t) {
    std::string sql = "(id) do update set ";
    for (auto const& f : t.fields) {
        if (f.name == "id") continue;
        if (sql.back() != ' ') sql += ", ";
        sql += std::string(f.name) + " = " + new_value(t, f);
    }
    return sql + " where " + std::string(t.name) + ".version = excluded.version - 1";
}

// with signal_rows as (insert into signal (…) select … from unnest(…) returning 1), …
// select expect_rows(written, meant)
std::string commit_sql() {
    std::string sql = "with ";
    std::string written;
    std::string meant;
    int parameter = 1;
    for (auto const& t : tables()) {
        std::string names, values, arrays;
        auto const first_parameter = parameter;
        for (auto const& f : t.fields) {
            auto const separator = names.empty() ? "" : ", ";
            std::string value(f.value.empty() ? std::string_view("%") : f.value);
            value.replace(value.find('%'), 1, "r." + std::string(f.name));
            names += separator + std::string(f.name);
            values += separator + value;
            arrays += separator + ("$" + std::to_string(parameter++)) + "::" +
                      std::string(f.type) + "[]";
        }
        std::string const name(t.name);
        sql += name + "_rows as (insert into " + name + " (" + names + ") select " + values +
               " from unnest(" + arrays + ") as r (" + names + ")";
        if (t.how == write::upsert)
            sql += " on conflict " +
                   (t.at_conflict.empty() ? upsert_by_version(t) : std::string(t.at_conflict));
        sql += " returning 1), ";
        auto const plus = written.empty() ? "" : " + ";
        written += plus + ("(select count(*) from " + name + "_rows)");
        meant += plus + ("cardinality($" + std::to_string(first_parameter) + "::" +
                         std::string(t.fields.front().type) + "[])");
    }
    sql.resize(sql.size() - 2);
    return sql + " select expect_rows(" + written + ", " + meant + ")";
}

using parameters = std::vector<std::string>;

template <std::size_t N>
void append(parameters& to, std::array<column, N> const& columns) {
    for (auto const& c : columns)
        to.push_back(c.literal());
}

void add_signals(parameters& to, app::changes const& what) {
    std::array<column, 16> c;
    for (auto const& [s, about, alert, request] : what.signals) {
        c[0].text(s.event.value);
        c[1].text(s.device.value);
        c[2].text(to_text(s.kind));
        c[3].text(s.door);
        c[4].text(to_string(about));
        c[5].time(s.happened_at);
        c[6].time(s.received_at);
        c[7].time(what.at);
        s.fix ? c[8].real(s.fix->latitude) : c[8].null();
        s.fix ? c[9].real(s.fix->longitude) : c[9].null();
        s.fix ? c[10].real(s.fix->accuracy_m) : c[10].null();
        s.battery_percent ? c[11].number(*s.battery_percent) : c[11].null();
        c[12].text_or_null(s.text);
        c[13].bytes_or_null(s.raw);
        c[14].id(alert);
        c[15].id(request);
    }
    append(to, c);
}

void add_alerts(parameters& to, app::changes const& what, log_chain& chain) {
    std::array<column, 29> c;
    for (auto const& a : what.alerts) {
        auto const& head = chain.head(a.id.value);
        c[0].id(a.id);
        c[1].text(to_string(a.about));
        c[2].text(to_text(a.kind));
        c[3].number(static_cast<int>(a.level));
        c[4].text(to_text(a.state));
        c[5].text(a.area.value);
        c[6].text_or_null(a.home.value);
        c[7].text_or_null(a.resident.value);
        c[8].text(a.first_event.value);
        c[9].text(a.last_event.value);
        c[10].time(a.opened_at);
        c[11].time(a.raised_at);
        c[12].time(a.rang_at);
        c[13].number(a.signals);
        c[14].text(a.plan);
        c[15].number(a.rung);
        c[16].text_or_null(a.desk.value);
        c[17].text_or_null(a.holder.value);
        c[18].time(a.claimed_until);
        c[19].time(a.acknowledge_by);
        c[20].time(a.due_at);
        c[21].time(a.ladder_at);
        c[22].time(a.steps_from);
        c[23].text(to_string(a.progress));
        a.outcome ? c[24].text(to_text(*a.outcome)) : c[24].null();
        c[25].time(a.closed_at);
        c[26].number(a.version + 1);
        c[27].number(head.seq);
        c[28].bytes(head.hash);
    }
    append(to, c);
}

void add_requests(parameters& to, app::changes const& what, log_chain& chain) {
    std::array<column, 15> c;
    for (auto const& q : what.requests) {
        auto const& head = chain.head(q.id.value);
        c[0].id(q.id);
        c[1].text(to_string(q.about));
        c[2].text(q.area.value);
        c[3].text_or_null(q.home.value);
        c[4].text(q.first_event.value);
        c[5].text(q.last_event.value);
        c[6].number(static_cast<int>(q.level));
        c[7].text(to_text(q.state));
        c[8].number(q.signals);
        c[9].time(q.opened_at);
        c[10].time(q.due_at);
        c[11].time(q.closed_at);
        c[12].number(q.version + 1);
        c[13].number(head.seq);
        c[14].bytes(head.hash);
    }
    append(to, c);
}

void add_orders(parameters& to, app::changes const& what, log_chain& chain) {
    std::array<column, 24> c;
    for (auto const& o : what.orders) {
        auto const& head = chain.head(o.id.value);
        c[0].id(o.id);
        c[1].text(o.number);
        c[2].text(o.service.value);
        c[3].number(static_cast<int>(o.level));
        c[4].id(o.alert);
        c[5].id(o.request);
        c[6].text(to_string(o.about));
        c[7].text(o.area.value);
        c[8].text_or_null(o.home.value);
        c[9].text(to_text(o.place));
        c[10].text(o.event.value);
        c[11].text(to_text(o.state));
        c[12].time(o.opened_at);
        c[13].id(o.held_by);
        c[14].text_or_null(o.worker.value);
        c[15].text_or_null(o.provider.value);
        c[16].number(o.round);
        c[17].text_or_null(o.reason);
        c[18].text(o.plan);
        c[19].time(o.due_at);
        o.rating ? c[20].number(*o.rating) : c[20].null();
        c[21].number(o.version + 1);
        c[22].number(head.seq);
        c[23].bytes(head.hash);
    }
    append(to, c);
}

void add_offers(parameters& to, app::changes const& what) {
    std::array<column, 12> c;
    for (auto const& f : what.offers) {
        c[0].id(f.id);
        c[1].id(f.order);
        c[2].text(f.provider.value);
        c[3].text(f.worker.value);
        c[4].text(to_text(f.state));
        c[5].time(f.opened_at);
        c[6].time(f.expires_at);
        c[7].time(f.due_at);
        c[8].number(f.round);
        c[9].number(f.distance_m);
        c[10].text_or_null(f.reason);
        c[11].number(f.version + 1);
    }
    append(to, c);
}

std::string candidates_json(app::search_record const& s) {
    boost::json::array all;
    for (auto const& c : s.ranked)
        all.push_back({{"worker", c.id.value},
                       {"why", to_text(c.why)},
                       {"distance_m", c.distance_m},
                       {"travel_s", c.travel_s},
                       {"cost_s", static_cast<std::int64_t>(c.cost_s)},
                       {"in_circle", c.in_circle}});
    return boost::json::serialize(all);
}

void add_searches(parameters& to, app::changes const& what) {
    std::array<column, 4> c;
    for (auto const& s : what.searches) {
        c[0].id(s.order);
        c[1].time(s.at);
        c[2].number(s.round);
        c[3].text(candidates_json(s));
    }
    append(to, c);
}

std::string_view chain_name(app::chain_of of) {
    switch (of) {
    case app::chain_of::alert: return "alert";
    case app::chain_of::request: return "request";
    case app::chain_of::order: return "order";
    }
    return "?";
}

void add_log(parameters& to, std::vector<linked_line> const& lines) {
    std::array<column, 11> c;
    for (auto const& l : lines) {
        c[0].id(l.what.chain);
        c[1].number(l.seq);
        c[2].text(chain_name(l.what.of));
        c[3].time(l.what.line.at);
        c[4].text(to_text(l.what.line.what));
        c[5].text(to_text(l.what.line.by.kind));
        c[6].text(l.what.line.by.who);
        c[7].text(l.what.line.by.behalf);
        c[8].text(l.what.line.why);
        c[9].bytes_or_null(l.personal);
        c[10].bytes(l.hash);
    }
    append(to, c);
}

void add_maintenance(parameters& to, app::changes const& what) {
    std::map<std::pair<std::string, domain::signal_kind>, std::pair<app::maintenance_note, int>>
        once; // a statement may touch a row once
    for (auto const& m : what.maintenance) {
        auto& [note, times] = once[{m.device.value, m.kind}];
        note = m;
        ++times;
    }
    std::array<column, 6> c;
    for (auto const& [key, counted] : once) {
        c[0].text(counted.first.device.value);
        c[1].text(to_text(counted.first.kind));
        c[2].text(counted.first.event.value);
        c[3].time(counted.first.at);
        c[4].time(counted.first.at);
        c[5].number(counted.second);
    }
    append(to, c);
}

void add_outbox(parameters& to, key_ring const& keys, app::changes const& what) {
    std::array<column, 6> c;
    for (auto const& row : what.outbox) {
        c[0].id(row.id);
        c[1].text(row.destination);
        c[2].text(row.key);
        c[3].number(row.version);
        c[4].bytes(keys.seal(outbox_payload, row.payload));
        c[5].time(row.due_at);
    }
    append(to, c);
}

// The wrapped keys of those whom the lines' words are about. Only the desk writes words, so the
// batches of signals cost nothing here.
std::map<std::string, std::string> data_keys(pqxx::connection& from, app::changes const& what) {
    column residents;
    bool any = false;
    for (auto const& each : what.log) {
        if (each.line.personal.empty() || each.about.empty()) continue;
        residents.text(each.about.value);
        any = true;
    }
    std::map<std::string, std::string> keys;
    if (!any) return keys;
    pqxx::nontransaction in(from);
    for (auto const& r : in.exec_prepared("commit_data_keys", residents.literal()))
        keys[text(r["id"])] = bytes(r["data_key"]);
    return keys;
}

// Sealed by that resident's own key if he is known, so that it goes with him; else by the house's.
std::string seal_personal(key_ring const& keys, std::map<std::string, std::string> const& own,
                          app::chained_line const& line) {
    if (line.line.personal.empty()) return {};
    auto const key = own.find(line.about.value);
    if (key == own.end() || key->second.empty())
        return keys.seal(log_words, line.line.personal);
    return keys.seal_for(key->second, log_words, line.line.personal);
}

} // namespace

void prepare_commit(pqxx::connection& on) {
    on.prepare("commit_changes", commit_sql());
    on.prepare("commit_data_keys",
               "select id, data_key from resident where id = any ($1::text[]) and data_key is not "
               "null");
}

void commit_changes(pqxx::connection& to, key_ring const& keys, app::changes const& what) {
    auto const own_keys = data_keys(to, what);
    log_chain chain(what.heads);
    std::vector<linked_line> lines;
    lines.reserve(what.log.size());
    for (auto const& each : what.log)
        lines.push_back(chain.link(each, seal_personal(keys, own_keys, each)));

    parameters all;
    add_signals(all, what);
    add_alerts(all, what, chain);
    add_requests(all, what, chain);
    add_orders(all, what, chain);
    add_offers(all, what);
    add_searches(all, what);
    add_log(all, lines);
    add_maintenance(all, what);
    add_outbox(all, keys, what);

    pqxx::nontransaction in(to); // one statement is a transaction of its own
    in.exec_prepared("commit_changes", pqxx::prepare::make_dynamic_params(all));
}

} // namespace linli::postgres
