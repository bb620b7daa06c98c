#pragma once

#include <string>

#include "adapters/postgres/cluster.hpp"

namespace linli::server {

// What somebody must do so that the record outlives its machine: its log that is kept elsewhere,
// the standby that follows. Empty: nothing, or nobody has wished for either. `has_backups`: this
// house has been backed up by linli-backup, whose backups are worth a night without the log.
std::string trouble_with(postgres::cluster_state const& seen, bool has_backups);

// What a city should know before its second server, or a command at night, finds no room: empty, or
// how many connections the database lets in and how many may be wanted. `of_the_record`: [database]
// connections.
std::string too_few_connections(postgres::cluster_state const& seen, int of_the_record);

// "the log is archived, 1 standby follows"; empty where there is neither.
std::string in_words(postgres::cluster_state const& seen);

} // namespace linli::server
