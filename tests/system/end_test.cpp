// A house that can't do its duty any more ends, so that whoever watches it starts it again.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include "system/another_server.hpp"
#include "system/house.hpp"
#include "system/until.hpp"

namespace linli::tests {

class a_house_that_fails : public testing::Test {
protected:
    a_house_that_fails() { h.server_stops(); }

    another_server doomed(std::string const& database) const {
        auto config = h.config();
        config.database.url = database;
        auto const beside_us = std::filesystem::read_symlink("/proc/self/exe").parent_path();
        return {config, h.folder() / "doomed", beside_us / "doomed_house"};
    }
    std::string log() const {
        std::ifstream file(h.folder() / "doomed/log");
        return {std::istreambuf_iterator<char>{file}, {}};
    }

    house h{small_city()};
};

TEST_F(a_house_that_fails, ends_at_once_and_says_why_though_its_database_hangs) {
    auto server = doomed(h.config().database.url);
    server.starts();
    until("it is ready", [&] { return server.says().starts_with("HTTP/1.1 200"); });
    pqxx::connection connection(h.config().database.url);
    pqxx::work work(connection);
    work.exec("lock table signal");
    h.device("w1").presses_sos();
    until("the press is under way", [&] { return h.count("pg_locks where not granted") > 0; });
    server.told(SIGUSR1);
    EXPECT_EQ(server.end(), 1);
    EXPECT_THAT(log(), testing::HasSubstr("server_ends because_of="));
    EXPECT_THAT(log(), testing::HasSubstr("the clock is broken"));
    work.abort();
}

TEST_F(a_house_that_fails, before_its_database_was_reached_ends_as_well) {
    auto server = doomed("host=127.0.0.1 port=1 dbname=nobody");
    server.starts();
    server.told(SIGUSR2);
    EXPECT_EQ(server.end(), 1);
    EXPECT_THAT(log(), testing::HasSubstr("vital_task_ended task=begin"));
}

} // namespace linli::tests
