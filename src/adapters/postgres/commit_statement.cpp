#include "adapters/postgres/commit_statement.hpp"

#include <algorithm>
#include <vector>

namespace linli::postgres {

namespace {

// A column as the statement takes it, and what makes the stored value of it.
struct field {
    std::string_view name;
    std::string_view type;       // of the value that comes in
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

// In the order of `stored`.
// A table of columns, read across.
// clang-format off
std::vector<table> const& tables() {
    static std::vector<table> const all{
        {"signal", write::insert,
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
          {"progress", "text"}, {"outcome", "text"}, {"closed_at", "bigint", as_time},
          {"version", "integer"}, {"log_seq", "integer"}, {"log_hash", "bytea"},
          {"purpose", "text"}, {"shown", "boolean"}, {"locate_every_s", "integer"},
          {"handed_to", "text"}, {"shelved_until", "bigint", as_time}}},
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
          {"provider", "text"}, {"round", "integer"}, {"reason", "text"}, {"plan", "text"},
          {"due_at", "bigint", as_time}, {"rating", "smallint"}, {"version", "integer"},
          {"log_seq", "integer"}, {"log_hash", "bytea"}, {"purpose", "text"},
          {"wished_from", "bigint", as_time}, {"wished_until", "bigint", as_time},
          {"certificate", "text"}}},
        {"offer",
         write::upsert,
         {{"id", "uuid"}, {"order_id", "uuid"}, {"provider", "text"}, {"worker", "text"},
          {"state", "text"}, {"opened_at", "bigint", as_time}, {"expires_at", "bigint", as_time},
          {"due_at", "bigint", as_time}, {"round", "integer"}, {"distance_m", "integer"},
          {"reason", "text"}, {"version", "integer"}}},
        {"search", write::insert,
         {{"order_id", "uuid"}, {"at", "bigint", as_time}, {"round", "integer"},
          {"considered", "text"}}},
        {"log", write::insert,
         {{"chain", "uuid"}, {"seq", "integer"}, {"of", "text"}, {"at", "bigint", as_time},
          {"what", "text"}, {"by_kind", "text"}, {"by_who", "text"}, {"by_behalf", "text"},
          {"why", "text"}, {"personal", "bytea"}, {"hash", "bytea"}}},
        {"maintenance",
         write::upsert,
         {{"device", "text"}, {"kind", "text"}, {"event", "text"}, {"since", "bigint", as_time},
          {"last_at", "bigint", as_time}, {"times", "integer"}},
         "(device, kind) where ended_at is null do update set event = excluded.event, "
         "last_at = excluded.last_at, times = maintenance.times + excluded.times"},
        {"outbox", write::insert,
         {{"id", "uuid"}, {"destination", "text"}, {"key", "text"}, {"version", "integer"},
          {"payload", "bytea"}, {"due_at", "bigint", as_time}}},
        {"booking", write::insert,
         {{"order_id", "uuid"}, {"resident", "text"}, {"unit", "text"}, {"minutes", "integer"},
          {"price_fen", "integer"}, {"words", "bytea"}}},
    };
    return all;
}
// clang-format on

// A row that changes without a line of the log keeps its place in the chain.
std::string new_value(table const& t, field const& f) {
    auto const written = "excluded." + std::string(f.name);
    if (f.name != "log_seq" && f.name != "log_hash") return written;
    return "case when excluded.log_seq > 0 then " + written + " else " + std::string(t.name) + '.' +
           std::string(f.name) + " end";
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

std::string stored_value(field const& f, std::string const& of) {
    if (f.value.empty()) return of;
    return std::string(f.value).replace(f.value.find('%'), 1, of);
}

// insert into signal (event, …) select $1::text, …
// insert into signal (event, …) select r.event, … from unnest($1::text[], …) as r (event, …)
std::string insert_into(table const& t, rows how, int first_parameter) {
    std::string names, values, arrays;
    auto parameter = first_parameter;
    for (auto const& f : t.fields) {
        auto const separator = names.empty() ? "" : ", ";
        auto const given = "$" + std::to_string(parameter++) + "::" + std::string(f.type);
        names += separator + std::string(f.name);
        values +=
            separator + stored_value(f, how == rows::one ? given : "r." + std::string(f.name));
        arrays += separator + given + "[]";
    }
    auto const into = "insert into " + std::string(t.name) + " (" + names + ") ";
    if (how == rows::one) return into + "select " + values;
    return into + "select " + values + " from unnest(" + arrays + ") as r (" + names + ")";
}

struct part {
    table const* of;
    std::string insert;
    int first_parameter;
};

struct parts {
    std::vector<part> all;
    std::string as_foreseen; // only then
};

parts parts_of(commit_shape const& shape) {
    parts of;
    int parameter = 1;
    for (std::size_t n = 0; n < tables().size(); ++n) {
        auto const& t = tables()[n];
        if (shape.how[n] == rows::none) continue;
        of.all.push_back({&t, insert_into(t, shape.how[n], parameter), parameter});
        parameter += static_cast<int>(t.fields.size());
    }
    if (shape.of(stored::signal) != rows::none)
        of.as_foreseen = " where is_as_foreseen($" + std::to_string(parameter) + "::text[], $" +
                         std::to_string(parameter + 1) + "::bigint[])";
    return of;
}

// with outbox_rows as (insert …), … alert_rows as (insert …) insert into signal … where …
// What is only inserted is there or fails: nothing to count. PostgreSQL runs the last of such
// parts first, so that two statements take their rows in the same order.
std::string insert_sql(parts const& of) {
    std::string sql;
    for (auto each = of.all.rbegin(); each + 1 != of.all.rend(); ++each)
        sql += (sql.empty() ? "with " : ", ") + std::string(each->of->name) + "_rows as (" +
               each->insert + ")";
    return sql + ' ' + of.all.front().insert + of.as_foreseen;
}

// with signal_rows as (insert … returning 1), … select expect_rows(written, meant) where …
std::string upsert_sql(parts const& of) {
    std::string sql, written, meant;
    for (auto const& [t, insert, parameter] : of.all) {
        std::string const name(t->name);
        sql += (sql.empty() ? "with " : ", ") + name + "_rows as (" + insert;
        if (t->how == write::upsert)
            sql += " on conflict " +
                   (t->at_conflict.empty() ? upsert_by_version(*t) : std::string(t->at_conflict));
        sql += " returning 1)";
        auto const plus = written.empty() ? "" : " + ";
        written += plus + ("(select count(*) from " + name + "_rows)");
        meant += plus + ("cardinality($" + std::to_string(parameter) +
                         "::" + std::string(t->fields.front().type) + "[])");
    }
    return sql + " select expect_rows(" + written + ", " + meant + ")" + of.as_foreseen;
}

bool takes(rows how, std::size_t count) {
    return how == rows::many || count == (how == rows::one ? 1U : 0U);
}

bool all_new(app::changes const& what) {
    auto const is_new = [](auto const& each) { return each.version == 0; };
    return std::ranges::all_of(what.alerts, is_new) && std::ranges::all_of(what.requests, is_new) &&
           std::ranges::all_of(what.orders, is_new) && std::ranges::all_of(what.offers, is_new);
}

bool fits(commit_shape const& shape, app::changes const& what) {
    std::array<std::size_t, stored_tables> const counts{
        what.signals.size(), what.alerts.size(),   what.requests.size(), what.orders.size(),
        what.offers.size(),  what.searches.size(), what.log.size(),      what.maintenance.size(),
        what.outbox.size(),  what.bookings.size()};
    return std::ranges::equal(shape.how, counts, takes) && (!shape.only_new || all_new(what));
}

} // namespace

std::span<commit_shape const> commit_shapes() {
    using enum rows;
    // signal, alert, request, order, offer, search, log, maintenance, outbox, booking
    static constexpr std::array shapes{
        commit_shape{"commit_press", {one, one, none, one, one, one, many, none, many, none}, true},
        commit_shape{
            "commit_alert", {one, one, none, none, none, none, many, none, many, none}, true},
        commit_shape{
            "commit_presses", {many, many, none, many, many, many, many, none, many, none}, true},
        commit_shape{
            "commit_steps", {none, many, none, many, many, many, many, none, many, none}, false},
        commit_shape{
            "commit_all", {many, many, many, many, many, many, many, many, many, many}, false},
    };
    return shapes;
}

commit_shape const& shape_of(app::changes const& what) {
    auto const all = commit_shapes();
    return *std::ranges::find_if(all, [&](auto const& each) { return fits(each, what); });
}

std::string commit_sql(commit_shape const& shape) {
    auto const parts = parts_of(shape);
    return shape.only_new ? insert_sql(parts) : upsert_sql(parts);
}

} // namespace linli::postgres
