#include "adapters/postgres/house_times.hpp"

#include <chrono>

#include "adapters/postgres/connection_pool.hpp"
#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

constexpr std::chrono::milliseconds most_to_wait{2000};

} // namespace

// The latest in the log as well: after an outage of the database, lines may be committed before the
// time is kept again.
char const* const house_times_sql = R"(
    select microseconds_of(clock_timestamp()) as wall,
           coalesce(microseconds_of(greatest((select latest from house_clock),
                                             (select max(at) from log))), 0) as latest,
           microseconds_of((select latest from house_clock)) as kept,
           microseconds_of((select max(received_at) from signal
                           where device = 'clock' and event like 'clock:x:ahead:%')) as was_ahead)";

house_times house_times_of(pqxx::row const& row) {
    return {time(row["wall"]), time(row["latest"]), maybe_time(row["kept"]),
            maybe_time(row["was_ahead"])};
}

house_times read_house_times(std::string const& url) {
    connection_pool line(
        url, 1, [](pqxx::connection&) {}, most_to_wait);
    return line.with([](pqxx::connection& on) {
        pqxx::nontransaction in(on);
        return house_times_of(in.exec1(house_times_sql));
    });
}

} // namespace linli::postgres
