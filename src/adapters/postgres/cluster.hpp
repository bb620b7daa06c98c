#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace linli::postgres {

// What of the database's cluster stops or runs out in silence, while it answers every question.
struct cluster_state {
    bool archives = false;        // its log is to go elsewhere: archive_mode
    bool archiving_fails = false; // it can't, or many of its pieces wait
    int standbys = 0;             // as many replication slots stay
    std::string standbys_away;    // "b, c": of those, whom nobody follows or whose log is gone
    int connections = 0;          // how many of them there may be at once
    // Of the certificate that it shows, where the connection string asks to check it.
    std::optional<std::chrono::sys_seconds> certificate_end;
};

// By a connection of its own, without any right but to connect. Answers within some seconds; throws
// std::runtime_error when the database doesn't.
cluster_state look_at_cluster(std::string const& url);

} // namespace linli::postgres
