#include "server/copies.hpp"

namespace linli::server {

namespace {

// Of a server with pages, telephone and hotline, beside the record's own: each port has its lines,
// so that no page waits behind another's report.
constexpr int of_the_other_ports = 53;
constexpr int of_people_and_commands = 20; // linli's, psql, the backup, the standby

} // namespace

std::string trouble_with(postgres::cluster_state const& seen, bool has_backups) {
    std::string trouble;
    if (has_backups && !seen.archives)
        trouble = "the database's log is not kept between the backups (archive_mode is off): "
                  "\"linli-backup settings\" prints what PostgreSQL's configuration needs";
    if (seen.archiving_fails)
        trouble = "the database's log is no longer archived, and PostgreSQL keeps all of it on its "
                  "own disk: its log says why, and pg_stat_archiver since when";
    if (!seen.standbys_away.empty())
        trouble += (trouble.empty() ? "" : "; ") + ("nobody follows at " + seen.standbys_away) +
                   ": start that machine's PostgreSQL; where pg_replication_slots says \"lost\", "
                   "make the standby anew (deploy/keeping.md)";
    return trouble;
}

std::string too_few_connections(postgres::cluster_state const& seen, int of_the_record) {
    // Who has a standby has a server beside it.
    int const servers = seen.standbys > 0 ? 2 : 1;
    int const wanted = servers * (of_the_record + of_the_other_ports) + of_people_and_commands;
    if (seen.connections >= wanted) return {};
    return "the database lets " + std::to_string(seen.connections) + " connections in, and " +
           std::to_string(wanted) + " may be wanted at once: set max_connections = 200 in " +
           "PostgreSQL's configuration, on both machines, and restart it";
}

std::string in_words(postgres::cluster_state const& seen) {
    std::string words;
    if (seen.archives) words = "the log is archived";
    if (seen.standbys > 0)
        words += (words.empty() ? "" : ", ") + std::to_string(seen.standbys) +
                 (seen.standbys == 1 ? " standby follows" : " standbys follow");
    return words;
}

} // namespace linli::server
