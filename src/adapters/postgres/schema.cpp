#include "adapters/postgres/schema.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <pqxx/pqxx>
#include <sodium.h>

namespace linli::postgres {

namespace {

// Any fixed number that no other program takes in the same database: "linli" in ASCII.
constexpr auto wait_for_turn = "set local lock_timeout = '200ms';"
                               "select pg_advisory_lock(465692749929)";

constexpr std::string_view in_one_transaction = "-- in one transaction\n";
constexpr auto short_waits = "set local lock_timeout = '2s'";
constexpr auto lock_not_available = "55P03";
constexpr int most_tries = 60;

constexpr auto make_table = "create table if not exists schema_migration ("
                            "number integer primary key, name text not null, digest text not null,"
                            "applied_at timestamptz not null)";

constexpr auto read_applied = "select number, name, digest from schema_migration order by number";

constexpr auto write_applied =
    "insert into schema_migration (number, name, digest, applied_at)"
    " values ($1, $2, $3, timestamptz 'epoch' + $4::bigint * interval '1 microsecond')";

std::string digest_of(std::string_view text) {
    std::array<unsigned char, 16> digest{};
    crypto_generichash(digest.data(), digest.size(),
                       reinterpret_cast<unsigned char const*>(text.data()), text.size(), nullptr,
                       0);
    std::string hex;
    for (auto const byte : digest)
        hex += fmt::format("{:02x}", byte);
    return hex;
}

std::string newer_schema(int found, int known) {
    return fmt::format("the database has schema {}, this program knows {}: install the newer "
                       "version of linli that made it",
                       found, known);
}

// The first step that the database doesn't have; checks those that it has.
std::optional<migration> next_step(pqxx::connection& on, std::span<migration const> steps) {
    auto const applied = pqxx::nontransaction(on).exec(read_applied);
    std::size_t at = 0;
    for (auto const& row : applied) {
        auto const number = row[0].as<int>();
        if (at == steps.size())
            throw schema_error(newer_schema(number, steps.empty() ? 0 : steps.back().number));
        auto const& step = steps[at++];
        if (step.number != number || digest_of(step.sql) != row[2].as<std::string>())
            throw schema_error(fmt::format(
                "migration {} ({}) was applied with another text than {} has now: put the old text "
                "back, and write the change as a new migration",
                number, row[1].as<std::string>(), step.name));
    }
    if (at == steps.size()) return std::nullopt;
    return steps[at];
}

// Answers false, and nothing is done, if somebody else had a lock for too long, or each of two had
// what the other one wanted.
template <class F>
bool could_lock(pqxx::connection& on, F const& work) {
    pqxx::work in(on);
    try {
        work(in);
        in.commit();
        return true;
    } catch (pqxx::deadlock_detected const&) { // by itself: libpqxx 6.4 gives it no sqlstate
        return false;
    } catch (pqxx::sql_error const& e) {
        if (e.sqlstate() != lock_not_available) throw;
        return false;
    }
}

// Ours as long as the connection lives. In short waits, since each holds a snapshot, which an index
// that the other one builds concurrently waits for.
void take_turn(pqxx::connection& on) {
    while (!could_lock(on, [](pqxx::work& in) { in.exec(wait_for_turn); })) {
    }
}

// What is done before the transaction, and the transaction.
std::pair<std::string_view, std::string_view> parts_of(std::string_view sql) {
    auto const at = sql.find(in_one_transaction);
    if (at == std::string_view::npos) return {{}, sql};
    return {sql.substr(0, at), sql.substr(at)};
}

// Together they would be a transaction.
std::vector<std::string> statements_of(std::string_view sql) {
    constexpr std::string_view end = ";\n";
    std::vector<std::string> all;
    for (auto at = sql.find(end); at != std::string_view::npos; at = sql.find(end)) {
        all.emplace_back(sql.substr(0, at));
        sql.remove_prefix(at + end.size());
    }
    return all;
}

void do_step(pqxx::work& in, migration const& step, domain::instant now) {
    in.exec(short_waits);
    in.exec(std::string(parts_of(step.sql).second));
    in.exec_params(write_applied, step.number, std::string(step.name), digest_of(step.sql),
                   now.time_since_epoch().count());
}

void apply(pqxx::connection& on, migration const& step, domain::instant now,
           migration_progress const& told) {
    for (auto const& each : statements_of(parts_of(step.sql).first))
        pqxx::nontransaction(on).exec(each);
    // Whoever waited behind us goes before the next try.
    for (int tries = 1; !could_lock(on, [&](auto& in) { do_step(in, step, now); }); ++tries) {
        if (tries == most_tries)
            throw schema_error(fmt::format("the tables of {} are never free: end what holds them "
                                           "(pg_stat_activity), then run linli migrate again",
                                           step.name));
        if (told.waits) told.waits(step);
    }
}

} // namespace

int migrate(std::string const& connection_string, domain::instant now,
            migration_progress const& told) {
    return migrate(connection_string, now, told, all_migrations());
}

int migrate(std::string const& connection_string, domain::instant now,
            migration_progress const& told, std::span<migration const> steps) {
    pqxx::connection connection(connection_string);
    take_turn(connection);
    pqxx::nontransaction(connection)
        .exec("set client_min_messages = warning"); // no "already exists, skipping"
    pqxx::nontransaction(connection).exec(make_table);
    for (int applied = 0;; ++applied) {
        auto const step = next_step(connection, steps);
        if (!step) return applied;
        apply(connection, *step, now, told);
        if (told.applied) told.applied(*step);
    }
}

int required_version() {
    auto const steps = all_migrations();
    return steps.empty() ? 0 : steps.back().number;
}

int version_of(pqxx::connection& connection) {
    pqxx::work transaction(connection);
    auto const table = transaction.exec1("select to_regclass('schema_migration')");
    if (table[0].is_null()) return 0;
    return transaction.exec1("select coalesce(max(number), 0) from schema_migration")[0].as<int>();
}

void check_version(pqxx::connection& connection) {
    auto const found = version_of(connection);
    auto const required = required_version();
    if (found > required) throw schema_error(newer_schema(found, required));
    if (found < required)
        throw schema_error(
            fmt::format("the database has schema {}, this program needs {}: run linli migrate",
                        found, required));
}

void check_version(std::string const& connection_string) {
    pqxx::connection connection(connection_string);
    check_version(connection);
}

std::string collation_of(std::string const& connection_string) {
    pqxx::connection connection(connection_string);
    pqxx::nontransaction in(connection);
    return in.exec1("select datcollate from pg_database where datname = current_database()")[0]
        .as<std::string>();
}

} // namespace linli::postgres
