#include "adapters/postgres/schema.hpp"

#include <array>
#include <cstdint>
#include <optional>

#include <fmt/core.h>
#include <pqxx/pqxx>
#include <sodium.h>

namespace linli::postgres {

namespace {

// Any fixed number that no other program takes in the same database: "linli" in ASCII.
constexpr auto take_turn = "select pg_advisory_xact_lock(465692749929)";

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
std::optional<migration> next_step(pqxx::work& transaction, std::span<migration const> steps) {
    auto const applied = transaction.exec(read_applied);
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

} // namespace

int migrate(std::string const& connection_string, domain::instant now,
            migration_progress const& progress) {
    return migrate(connection_string, now, progress, all_migrations());
}

int migrate(std::string const& connection_string, domain::instant now,
            migration_progress const& progress, std::span<migration const> steps) {
    pqxx::connection connection(connection_string);
    for (int applied = 0;; ++applied) {
        pqxx::work transaction(connection);
        transaction.exec(
            "set local client_min_messages = warning"); // no "already exists, skipping"
        transaction.exec(take_turn);
        transaction.exec(make_table);
        auto const step = next_step(transaction, steps);
        if (step) {
            transaction.exec(std::string(step->sql));
            transaction.exec_params(write_applied, step->number, std::string(step->name),
                                    digest_of(step->sql), now.time_since_epoch().count());
        }
        transaction.commit();
        if (!step) return applied;
        if (progress) progress(*step);
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

} // namespace linli::postgres
