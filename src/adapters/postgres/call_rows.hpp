#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include <pqxx/pqxx>

#include "adapters/postgres/key_ring.hpp"
#include "app/desk_reading.hpp"
#include "domain/call.hpp"

// What call_of needs; a macro, because literals are joined at compile time only.
#define LINLI_CALL_COLUMNS                                                                         \
    "c.id, c.source, c.name, c.personal, c.phone_hmac, c.called, c.area, "                         \
    "microseconds_of(c.first_heard) as first_heard, microseconds_of(c.rang_at) as rang_at, "       \
    "microseconds_of(c.answered_at) as answered_at, microseconds_of(c.ended_at) as ended_at, "     \
    "c.seat, c.recording, c.outcome, c.decided_by, c.alert, c.request, "                           \
    "array_to_string(c.on_alert, ' ') as on_alert, c.version"

namespace linli::postgres {

domain::call call_of(pqxx::row const& r, key_ring const& keys);

// By a number's digest, as the column phone_hmac has it: all whose number it is, residents first.
using callers = std::map<std::string, std::vector<app::caller_seen>>;

void prepare_callers(pqxx::connection& on);
callers read_callers(pqxx::transaction_base& in, key_ring const& keys,
                     std::set<std::string> const& digests);

} // namespace linli::postgres
