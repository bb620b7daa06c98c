#pragma once

#include <map>
#include <string>
#include <vector>

#include <pqxx/pqxx>

#include "adapters/postgres/key_ring.hpp"
#include "adapters/postgres/loop_line.hpp"
#include "app/foresight.hpp"
#include "app/record.hpp"

namespace linli::postgres {

// Writes everything in one statement, which is one transaction of its own: one round trip, and
// nothing of it holds unless all of it does. Throws pqxx's exceptions; sqlstate 40001 or a unique
// violation say that a race was lost.
void commit_changes(pqxx::connection& to, key_ring const& keys, app::changes const& what,
                    std::vector<app::presumed_device> const& presumed);

void prepare_commit(pqxx::connection& on);

// ------------------------------------------------------------------ its parts

std::vector<statement> commit_statements();

// Whether there are words in it that keys of the database seal; those must be read first.
bool needs_data_keys(app::changes const& what);

// The wrapped keys: of residents by their ids, of homes as "home:ID", the house's own as "house:".
using data_keys = std::map<std::string, std::string>;

struct commit_call {
    std::string name; // of the prepared statement
    statement_values values;
};
commit_call commit_of(key_ring const& keys, data_keys const& own, app::changes const& what,
                      std::vector<app::presumed_device> const& presumed);

} // namespace linli::postgres
