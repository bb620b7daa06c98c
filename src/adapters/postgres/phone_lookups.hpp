#pragma once

#include <cstddef>
#include <string>

#include "adapters/postgres/key_ring.hpp"

namespace linli::postgres {

// Fills the look-up columns of telephones that a migration has added: SQL has no keys. Answers how
// many rows were filled; may be asked again, and only goes over rows without one.
std::size_t fill_phone_lookups(std::string const& connection_string, key_ring const& keys);

// Landlines that were written with the country, "+86 21 …", had look-ups without the 0 of their
// area code: with it they are found by who calls. Answers how many numbers there were; of a city's
// it is seconds.
std::size_t renew_phone_lookups(std::string const& connection_string, key_ring const& keys);

} // namespace linli::postgres
