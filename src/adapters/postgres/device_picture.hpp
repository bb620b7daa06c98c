#pragma once

#include <array>
#include <string>
#include <vector>

#include <pqxx/pqxx>

#include "adapters/postgres/loop_line.hpp"
#include "adapters/postgres/rows.hpp"
#include "app/record.hpp"

namespace linli::postgres {

// What the registry says of the devices that have signalled, and what is open about their subjects:
// all that a batch of fresh signals needs.

extern char const* const device_sql;

// For the signals, drills, installations and subjects of `what`.
std::array<std::string, 3> device_parameters(app::wanted const& what);

// Puts what was answered into `seen`; answers the open alerts and requests, of which more has to be
// read.
std::vector<domain::uuid> see_devices(pqxx::result const& rows, app::view& seen);
std::vector<domain::uuid> see_devices(answer_rows const& rows, app::view& seen);

app::device_facts device_facts_of(pqxx::row const& r);

// Where there has been violence, nobody goes alone (field-rules 16).
template <class Row>
app::home_facts home_of(domain::area_id const& area, Row const& r) {
    return {area, text(r["rough_place"]), place_of(r),
            text(r["flags"]).find("violence") != std::string::npos};
}

} // namespace linli::postgres
