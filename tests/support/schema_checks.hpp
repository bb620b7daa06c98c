#pragma once

#include "app/record.hpp"

namespace linli::tests {

// The CHECKs of migrations/001-record.sql: a row that breaks one is bad data for either record.
bool passes_checks(domain::alert const& a);
bool passes_checks(domain::request const& r);
bool passes_checks(domain::order const& o);
bool passes_checks(domain::offer const& o);

} // namespace linli::tests
