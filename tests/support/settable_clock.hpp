#pragma once

#include <string>

#include <pqxx/pqxx>

namespace linli::tests {

// A database whose clock can be set: sessions that begin from now on find this function before
// PostgreSQL's own.
inline void give_settable_clock(std::string const& url, std::string const& shift = "0 s") {
    pqxx::connection on(url);
    pqxx::nontransaction in(on);
    in.exec("create schema settable; create table settable.by (shift interval not null); "
            "insert into settable.by values (" +
            in.quote(shift) +
            "); create function settable.clock_timestamp() returns timestamptz language sql as "
            "'select pg_catalog.clock_timestamp() + shift from settable.by'; "
            "do $$ begin execute format('alter database %I set search_path = settable, public, "
            "pg_catalog', current_database()); end $$");
}

// By so much it is wrong.
inline void set_clock(std::string const& url, std::string const& shift) {
    pqxx::connection on(url);
    pqxx::nontransaction in(on);
    in.exec("update settable.by set shift = " + in.quote(shift));
}

} // namespace linli::tests
