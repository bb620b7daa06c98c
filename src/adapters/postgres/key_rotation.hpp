#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "adapters/postgres/key_ring.hpp"

namespace linli::postgres {

// What a key of the key file still opens in the database.
struct key_need {
    std::string key; // id
    std::string table;
    std::size_t rows = 0;
    // Why nothing brings it over to another key; empty: sealing anew does.
    std::string stays = {};
};

// By key and table. Reads every sealed column of the database.
std::vector<key_need> key_needs(std::string const& connection_string);

struct rotation_step {
    std::string table;
    std::size_t done = 0;
    std::size_t total = 0; // of all tables
};
using rotation_progress = std::function<void(rotation_step const& so_far)>;

struct rotated {
    std::size_t rows = 0;
    std::size_t unreadable = 0; // by a key that the file lacks: left as they were
};

// Brings all that an older key has sealed over to the ring's current one, a few rows at a time,
// each only if nobody has changed it meanwhile: others read and write as ever. Broken off, the
// next call goes on, since what is brought over is known by its key. What lives for hours or days
// (answers to commands, the outbox, unreadable telemetry) goes by itself and is left; so are lines
// of the log that this house's key file sealed before schema 033, whose bytes a chain has taken.
rotated rotate(std::string const& connection_string, key_ring const& keys,
               rotation_progress const& told = {});

} // namespace linli::postgres
