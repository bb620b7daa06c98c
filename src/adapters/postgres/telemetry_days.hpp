#pragma once

#include <chrono>
#include <cstddef>
#include <set>
#include <string>

#include <pqxx/pqxx>

namespace linli::postgres {

using day = std::chrono::sys_days;

std::string date_text(day of); // "2026-11-23"

// The partitions of the telemetry table, one a day. Used with one connection at a time.
class telemetry_days {
public:
    // Makes the day unless it is there.
    void provide(pqxx::connection& on, day which);
    // Drops those before `first`, and forgets which there are. Says how many were dropped.
    std::size_t drop_before(pqxx::connection& on, day first);
    // Somebody else may have dropped some: asks the database again.
    void forget() { known_.clear(); }

private:
    std::set<day> known_;
};

} // namespace linli::postgres
