#pragma once

#include <optional>
#include <string>
#include <vector>

#include <pqxx/pqxx>

#include "adapters/postgres/key_ring.hpp"
#include "app/desk_reading.hpp"

namespace linli::postgres {

// The wrapped keys of those whom a card is about, of their home, and the house's own.
using resident_keys = std::vector<std::string>;

void prepare_desk_people(pqxx::connection& on);

// Fills in the residents, their home and the device that called: six statements at most.
resident_keys read_around(pqxx::transaction_base& in, key_ring const& keys, domain::instant now,
                          app::alert_card& card);

// Who is known to have called; empty: nobody.
std::string resident_of(app::work_line const& line);

// Sealed by one of those, or by the house. Empty when nobody can read it any more.
std::string log_words(key_ring const& keys, resident_keys const& own, std::string const& sealed);

} // namespace linli::postgres
