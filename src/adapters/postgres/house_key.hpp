#pragma once

#include <string>

#include <pqxx/connection>

#include "adapters/postgres/key_ring.hpp"

namespace linli::postgres {

// The key of words in the log that are about no resident and no home, unless it is there. It lies
// in the database, wrapped by the key file, so that a rotation needs to touch no line of a chain.
void make_house_key(std::string const& connection_string, key_ring const& keys);

inline constexpr auto keys_remedy =
    "this server's key file isn't the one that the database was written with, or lacks its newest "
    "line: take it from the server that sealed last (deploy/personal-data.md)";

// Whether the house's key opens with this file, as a sample of all: a rotation brings every data
// key over to its new line, so where that line is missing none opens. True if there is none yet.
bool opens_house_key(pqxx::connection& on, key_ring const& keys);
bool opens_house_key(std::string const& connection_string, key_ring const& keys);

} // namespace linli::postgres
