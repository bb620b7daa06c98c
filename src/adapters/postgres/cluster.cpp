#include "adapters/postgres/cluster.hpp"

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string_view>

#include <libpq-fe.h>
#include <poll.h>

#include "adapters/postgres/connection_string.hpp"
#include "runtime/peer_certificate.hpp"

namespace linli::postgres {

namespace {

constexpr std::chrono::seconds answers_within{3};
constexpr std::string_view our_end = "connect_timeout=2 tcp_user_timeout=3000";

// A try that failed is the newest word until one succeeds. One that hangs says nothing: then the
// pieces (16 MB, or a minute's: archive_timeout) gather behind the last that went. Their names sort
// by time. Of a history file, which begins a timeline, nothing can be counted.
constexpr auto look_sql = R"(
    select current_setting('archive_mode') <> 'off',
           case when current_setting('archive_mode') = 'off' or pg_is_in_recovery() then false
                when a.last_failed_time > coalesce(a.last_archived_time, '-infinity') then true
                when a.last_archived_wal is null or a.last_archived_wal like '%.history' then false
                when pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') < 20 * s.piece then false
                else a.last_archived_wal collate "C" <
                     pg_walfile_name(pg_current_wal_lsn() - 20 * s.piece) end,
           (select count(*) from pg_replication_slots where not temporary),
           (select coalesce(string_agg(slot_name, ', ' order by slot_name), '')
            from pg_replication_slots
            where not temporary and (not active or wal_status = 'lost')),
           current_setting('max_connections')::int
             - current_setting('superuser_reserved_connections')::int
    from pg_stat_archiver a,
         (select setting::numeric as piece from pg_settings where name = 'wal_segment_size') s)";

struct finishing {
    void operator()(PGconn* its) const { PQfinish(its); }
    void operator()(PGresult* its) const { PQclear(its); }
    void operator()(PQconninfoOption* its) const { PQconninfoFree(its); }
};
using connection = std::unique_ptr<PGconn, finishing>;
using answer = std::unique_ptr<PGresult, finishing>;

[[noreturn]] void fail(PGconn const* on) {
    throw std::runtime_error(PQerrorMessage(on));
}

// PQexec would wait for a frozen database for ever.
answer ask(PGconn* on, char const* sql) {
    if (PQsendQuery(on, sql) != 1) fail(on);
    auto const end = std::chrono::steady_clock::now() + answers_within;
    while (PQisBusy(on) == 1) {
        auto const left =
            std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        if (left.count() <= 0) throw std::runtime_error("the database doesn't answer");
        pollfd socket{PQsocket(on), POLLIN, 0};
        static_cast<void>(::poll(&socket, 1, static_cast<int>(left.count())));
        if (PQconsumeInput(on) != 1) fail(on);
    }
    answer came(PQgetResult(on));
    if (PQresultStatus(came.get()) != PGRES_TUPLES_OK || PQntuples(came.get()) != 1) fail(on);
    return came;
}

// By default libpq encrypts when it can and believes anybody: then no certificate keeps us away.
bool checks_certificate(PGconn* on) {
    std::unique_ptr<PQconninfoOption, finishing> const all(PQconninfo(on));
    for (auto const* each = all.get(); each && each->keyword; ++each)
        if (std::string_view(each->keyword) == "sslmode")
            return each->val && std::string_view(each->val).starts_with("verify");
    return false;
}

} // namespace

cluster_state look_at_cluster(std::string const& url) {
    connection const on(PQconnectdb(with_options(url, our_end).c_str()));
    if (PQstatus(on.get()) != CONNECTION_OK) fail(on.get());
    auto const row = ask(on.get(), look_sql);
    auto const text = [&row](int column) {
        return std::string_view(PQgetvalue(row.get(), 0, column));
    };
    auto const number = [&row](int column) { return std::atoi(PQgetvalue(row.get(), 0, column)); };
    cluster_state seen;
    seen.archives = text(0) == "t";
    seen.archiving_fails = text(1) == "t";
    seen.standbys = number(2);
    seen.standbys_away = text(3);
    seen.connections = number(4);
    auto* const tls = static_cast<SSL*>(PQsslStruct(on.get(), "OpenSSL"));
    if (tls && checks_certificate(on.get()))
        seen.certificate_end = runtime::peer_certificate_end(tls);
    return seen;
}

} // namespace linli::postgres
