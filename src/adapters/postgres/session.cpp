#include "adapters/postgres/session.hpp"

#include <utility>

#include "adapters/postgres/connection_string.hpp"

namespace linli::postgres {

// A statement that takes longer counts as "the database is away". The server cancels it, and the
// batch is tried again.
//
// Every statement is prepared and finds its rows by key. Without force_generic_plan the picture was
// planned anew for each batch, which took five times as long as reading it. A plan that is kept
// must not have been made for tables that were small then: never a sequential scan where an index
// serves, and no compiler for plans that only look dear. Nor processes beside this one: a plan that
// knows no time expects a third of the table to be due, and with 100,000 open orders two of them
// were started each time, to find six rows (20 ms; without them 0.2).
char const* const session_settings =
    "set statement_timeout = '10s'; set lock_timeout = '5s'; "
    "set idle_in_transaction_session_timeout = '10s'; "
    "set timezone = 'UTC'; set plan_cache_mode = force_generic_plan; "
    "set enable_seqscan = off; set jit = off; set max_parallel_workers_per_gather = 0";

std::string session_url(std::string url) {
    return with_options(std::move(url),
                        "connect_timeout=5 keepalives=1 keepalives_idle=5 keepalives_interval=2 "
                        "keepalives_count=3 tcp_user_timeout=10000");
}

} // namespace linli::postgres
