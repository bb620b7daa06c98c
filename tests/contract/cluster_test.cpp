// What a server sees of its database's cluster, by its own account.
#include "adapters/postgres/cluster.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>
#include <unistd.h>

namespace linli::tests {
namespace {

using testing::HasSubstr;

class a_cluster : public testing::Test {
protected:
    void SetUp() override {
        if (!std::getenv("LINLI_TEST_DATABASE")) GTEST_SKIP();
    }
    void TearDown() override {
        if (std::getenv("LINLI_TEST_DATABASE"))
            tells("select pg_drop_replication_slot(slot_name) from pg_replication_slots "
                  "where slot_name = '" +
                  slot_ + "'");
    }

    static std::string url() { return std::getenv("LINLI_TEST_DATABASE"); }
    static void tells(std::string const& sql) {
        pqxx::connection on(url());
        pqxx::nontransaction(on).exec(sql);
    }

    std::string const slot_ = "linli_test_" + std::to_string(::getpid());
};

TEST_F(a_cluster, that_nobody_copies_is_well) {
    auto const seen = postgres::look_at_cluster(url());
    EXPECT_FALSE(seen.archives);
    EXPECT_FALSE(seen.archiving_fails);
    EXPECT_GT(seen.connections, 20);
    EXPECT_FALSE(seen.certificate_end) << "by a socket it shows none";
}

TEST_F(a_cluster, whose_standby_does_not_follow_names_it) {
    auto const before = postgres::look_at_cluster(url()).standbys;
    tells("select pg_create_physical_replication_slot('" + slot_ + "', true)");
    auto const seen = postgres::look_at_cluster(url());
    EXPECT_EQ(seen.standbys, before + 1);
    EXPECT_THAT(seen.standbys_away, HasSubstr(slot_));
}

TEST_F(a_cluster, a_backup_that_holds_the_log_for_itself_is_no_standby) {
    auto const before = postgres::look_at_cluster(url()).standbys;
    pqxx::connection backup(url());
    pqxx::nontransaction(backup).exec("select pg_create_physical_replication_slot('" + slot_ +
                                      "_backup', true, true)");
    EXPECT_EQ(postgres::look_at_cluster(url()).standbys, before);
}

TEST_F(a_cluster, that_is_away_is_an_error) {
    EXPECT_THROW(postgres::look_at_cluster("host=/nowhere dbname=linli"), std::runtime_error);
}

} // namespace
} // namespace linli::tests
