#pragma once

#include "adapters/postgres/sheet_reading.hpp"
#include "app/registry_desk.hpp"

namespace linli::postgres {

// One change of one record, by the checks and the writing of an import. The transaction is
// committed when something has changed, and only then.
app::registry_changed change_record(pqxx::work& in, registry_tools const& with,
                                    app::account const& who, app::registry_change const& what,
                                    domain::instant now);

} // namespace linli::postgres
