#pragma once

#include "support/memory_tables.hpp"

namespace linli::tests {

// Writes all of it or nothing, with the answers that PostgreSQL gives: `conflict` for a row that
// has moved on, a known event or a unique key that is taken; `bad_data` for a broken CHECK; `away`
// for a row that refers to one that isn't there.
app::record_result<void> write_changes(memory_tables& to, app::changes const& what);

// What the record's keeper makes of a line and of the hash of the one before it.
std::string hash_of(std::string const& before, kept_line const& line);

} // namespace linli::tests
