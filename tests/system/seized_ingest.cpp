#include "system/seized_ingest.hpp"

#include <thread>

#include "system/until.hpp"

namespace linli::tests {

seized_ingest::seized_ingest(std::string const& database_url, std::string const& server_id)
    : connection_(std::make_unique<pqxx::connection>(
          database_url + " application_name=linli-ingest-" + server_id)) {
    // First in the queue before the holder goes: nobody is faster.
    std::thread queueing([this] {
        pqxx::nontransaction in(*connection_);
        in.exec("select pg_advisory_lock(1768842099, 1)");
    });
    pqxx::connection c(database_url);
    pqxx::nontransaction in(c);
    until("it waits for the lock", [&] {
        return in.exec1("select count(*) from pg_locks where locktype = 'advisory' "
                        "and classid = 1768842099 and not granted")[0]
                   .as<long>() > 0;
    });
    in.exec("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' "
            "and classid = 1768842099 and granted");
    queueing.join();
}

} // namespace linli::tests
