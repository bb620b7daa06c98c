#pragma once

#include <optional>
#include <string>

#include <pqxx/pqxx>

#include "domain/time.hpp"

namespace linli::postgres {

// What the database knows of time.
struct house_times {
    domain::instant wall;                     // its own clock
    domain::instant latest;                   // that this house has handed out; the epoch: none
    std::optional<domain::instant> kept = {}; // by a server, the last time that it stored it
    std::optional<domain::instant> was_ahead = {}; // a start far ahead of that was last raised
};

// As the event that raises such a start begins.
inline constexpr auto ahead_event = "clock:x:ahead:";

extern char const* const house_times_sql;
house_times house_times_of(pqxx::row const& row);

// On a connection of its own, for who hasn't begun yet: nothing is written. A database that gives
// no answer is waited for some seconds. Throws pqxx's errors.
house_times read_house_times(std::string const& url);

} // namespace linli::postgres
