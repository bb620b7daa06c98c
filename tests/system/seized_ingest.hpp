#pragma once

#include <memory>
#include <string>

#include <pqxx/pqxx>

namespace linli::tests {

// Another server's lock: whoever holds the ingest loses its own, as when the database can't reach
// it any more, and this one has it the same moment.
class seized_ingest {
public:
    seized_ingest(std::string const& database_url, std::string const& server_id);
    void gives_back() { connection_.reset(); }

private:
    std::unique_ptr<pqxx::connection> connection_;
};

} // namespace linli::tests
