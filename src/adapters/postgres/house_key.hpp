#pragma once

#include <string>

#include "adapters/postgres/key_ring.hpp"

namespace linli::postgres {

// The key of words in the log that are about no resident and no home, unless it is there. It lies
// in the database, wrapped by the key file, so that a rotation needs to touch no line of a chain.
void make_house_key(std::string const& connection_string, key_ring const& keys);

} // namespace linli::postgres
