#pragma once

#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include <pqxx/connection>

#include "domain/time.hpp"

namespace linli::postgres {

// The database's schema does not fit this program. The text says what to do.
class schema_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// One step of the schema, from migrations/NNN-what.sql. Never edited once it has been applied
// anywhere: a change is a new step.
//
// It is one transaction. What stands above a line "-- in one transaction" is done before it, each
// statement by itself, and again if the step was broken off: indexes of large tables, which only so
// can be built beside whoever writes.
struct migration {
    int number = 0;
    std::string_view name; // "001-record"
    std::string_view sql;
};

// All steps in order; built in, so that the program and its schema can't be parted.
std::span<migration const> all_migrations();

struct migration_progress {
    std::function<void(migration const&)> applied = {};
    std::function<void(migration const&)> waits = {}; // somebody uses its tables; tried again
};

// Brings the database to the newest schema and answers how many steps were applied, under an
// advisory lock: of two programs at once, one waits and finds the rest done. A step waits two
// seconds for a lock, since a press waits behind it, and then lets others go first. Throws
// schema_error when a step that was applied reads differently now, when the database is newer, or
// when a step's tables are never free; pqxx's errors for an outage.
int migrate(std::string const& connection_string, domain::instant now,
            migration_progress const& told = {});

// As above, with other steps than the built-in ones.
int migrate(std::string const& connection_string, domain::instant now,
            migration_progress const& told, std::span<migration const> steps);

int required_version();

// 0: nothing was ever applied.
int version_of(pqxx::connection& connection);

// Throws schema_error, with the remedy, unless the database has exactly the required version.
void check_version(pqxx::connection& connection);
void check_version(std::string const& connection_string);

// By what the database sorts text: "C", which is by bytes, or a locale of its machine.
std::string collation_of(std::string const& connection_string);

} // namespace linli::postgres
