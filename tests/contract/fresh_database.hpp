#pragma once

#include <string>

#include <pqxx/pqxx>

#include "adapters/postgres/key_ring.hpp"

namespace linli::tests {

// Whether there is a server where databases may be made (LINLI_TEST_DATABASE).
bool has_test_server();

// A migrated database of its own, with a key file that lies there as long as it does.
class fresh_database {
public:
    fresh_database();
    fresh_database(fresh_database const&) = delete;
    fresh_database& operator=(fresh_database const&) = delete;
    ~fresh_database();

    std::string url() const;
    std::string key_file() const { return folder_ + "/record.keys"; }
    postgres::key_ring const& keys() const { return keys_; }

    pqxx::result sql(std::string const& statement) const;
    // The first value of the first row, as text.
    std::string value(std::string const& statement) const;

private:
    std::string const folder_;
    postgres::key_ring const keys_;
    std::string const name_;
};

} // namespace linli::tests
