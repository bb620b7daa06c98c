#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <pqxx/pqxx>

#include "adapters/postgres/key_ring.hpp"
#include "app/registry_form.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"

namespace linli::postgres {

// What an import's rows may refer to without bringing it.
app::known_registry read_known(pqxx::connection& connection);
app::known_registry read_known(pqxx::work& in);
// Of it the areas and sites alone, of which there are few.
app::known_registry read_known_places(pqxx::work& in);

// Everything that needs a way into the broker, by id.
struct known_senders {
    std::vector<domain::device_id> devices;
    std::vector<domain::provider_id> providers;
};
known_senders read_senders(pqxx::connection& connection);

// Rows alone say all of their columns; of what was read of files those that were absent stay as
// they are in rows that are there. Refers to the rows.
struct to_import {
    to_import(app::registry_rows const& all) : rows(all) {}
    to_import(app::registry_reading const& read) : rows(read.rows), absent(read.absent) {}
    app::registry_rows const& rows;
    app::absent_columns absent;
};

// Writes all rows in one transaction, or nothing: rows that are there are updated, others stay.
// The contacts of a resident that has any in the rows are replaced. A device that moves keeps its
// history of bindings. Personal text is sealed; a resident's or home's data key stays the same, so
// that earlier log lines stay readable; keys wrapped by an old line of the key file come over to
// the current one. Answers the new version of the registry.
//
// The rows must have been checked (files::read_registry): what slips through, such as a row that
// somebody else deletes meanwhile, comes back as pqxx::sql_error. Throws std::invalid_argument when
// the key file is not the database's.
//
std::int64_t import_registry(pqxx::connection& connection, key_ring const& keys,
                             to_import const& what, domain::instant now,
                             app::import_progress const& progress = {});

// Its parts, for whoever has more to write in the same transaction.
struct imported {
    std::int64_t version = 0;
    std::vector<app::registry_tally> sheets; // of which there were rows
};
void lock_registry(pqxx::work& in); // until the transaction ends: another import waits
imported import_rows(pqxx::work& in, key_ring const& keys, to_import const& what,
                     domain::instant now, app::import_progress const& progress = {});
// One line a sheet that it has changed.
void note_import(pqxx::work& in, domain::operator_id const& by, domain::instant now,
                 std::vector<app::registry_tally> const& sheets);

// As above on a connection of their own, after check_version.
app::known_registry read_known(std::string const& connection_string);
known_senders read_senders(std::string const& connection_string);
std::int64_t import_registry(std::string const& connection_string, key_ring const& keys,
                             to_import const& what, domain::instant now,
                             app::import_progress const& progress = {});

} // namespace linli::postgres
