// A database and a folder of tables of its own, gone at the end.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>
#include <unistd.h>

#include "adapters/files/registry_files.hpp"
#include "adapters/postgres/registry_import.hpp"
#include "adapters/postgres/schema.hpp"

namespace linli::postgres {

inline constexpr domain::instant noon{std::chrono::microseconds(1'795'000'000'123'456)};

inline std::string maintenance_database() {
    auto const* given = std::getenv("LINLI_TEST_DATABASE");
    if (!given)
        throw std::runtime_error(
            "LINLI_TEST_DATABASE is not set: start PostgreSQL 15 and set it to "
            "a connection string of a role that may create databases, for "
            "example \"host=/tmp/pg user=linli dbname=postgres\"; deploy/test "
            "does both");
    return given;
}

class an_installation : public testing::Test {
protected:
    an_installation() {
        static std::atomic<int> number{0};
        name_ = fmt::format("linli_import_{}_{}", ::getpid(), ++number);
        pqxx::connection at(maintenance_database());
        pqxx::nontransaction(at).exec("create database " + name_);
        std::string folder = "/tmp/linli-import-XXXXXX";
        folder_ = ::mkdtemp(folder.data());
        keys_.emplace(key_ring::create_if_missing(folder_ / "record.keys"));
        std::filesystem::create_directory(tables());
    }
    ~an_installation() override {
        connection_.reset();
        pqxx::connection at(maintenance_database());
        pqxx::nontransaction(at).exec("drop database if exists " + name_ + " with (force)");
        std::filesystem::remove_all(folder_);
    }

    // A later dbname wins in a libpq connection string.
    std::string url() const { return maintenance_database() + " dbname=" + name_; }
    std::filesystem::path tables() const { return folder_ / "tables"; }

    pqxx::connection& database() {
        if (!connection_) connection_.emplace(url());
        return *connection_;
    }
    std::string one(std::string const& sql) {
        pqxx::work transaction(database());
        return transaction.exec1(sql)[0].as<std::string>("null");
    }

    void write(std::string const& file, std::string const& text) const {
        std::ofstream(tables() / file, std::ios::binary) << text;
    }
    void a_small_street() const {
        write("areas.csv", "code,parent,name,served_by\n620100,,兰州市,city\n"
                           "620102,620100,城关区,\n620102001,620102,酒泉路街道,station\n");
        write("sites.csv",
              "id,name,level,parent,area,latitude,longitude,opens,closes\n"
              "city,指挥中心,city,,620100,36.0611,103.8343,00:00,24:00\n"
              "station,酒泉路服务站,station,city,620102001,36.056,103.833,07:00,21:00\n");
        write("homes.csv", "id,area,rough_place,door,latitude,longitude,access_notes\n"
                           "H1,620102001,和平社区3号楼,2单元501室,36.0561,103.8331,\"狗, 敲门\"\n"
                           "H2,620102001,和平社区4号楼,1单元102室,,,\n");
        write("residents.csv",
              "id,home,name,phone,id_number,status,high_risk,notes\n"
              "R1,H1,王秀英,000 1234-5678,11010519491231002X,present,yes,心脏支架\n"
              "R2,H1,李建国,,,present,no,\n");
        write("contacts.csv", "resident,place,name,relation,phone\nR1,1,王雅婷,女儿,00087654321\n"
                              "R1,2,赵邻居,邻居,00011112222\n");
        write("devices.csv", "id,kind,resident,home\nb1,button_box,,H1\nw1,watch,R1,\n"
                             "b2,button_box,,\n");
        write("providers.csv", "id,name,phone\nc1,甘棠养老服务,00099998888\n");
        write("workers.csv",
              "id,provider,name,phone,site,latitude,longitude,certificates,from,until,rating\n"
              "e1,c1,张伟,00033334444,station,36.05,103.83,first_aid elder_care,19:00,07:00,4.5\n");
    }
    files::registry_reading read() {
        return files::read_registry(tables(), read_known(database()));
    }
    std::vector<std::string> problems() {
        std::vector<std::string> texts;
        for (auto const& each : read().problems.first)
            texts.push_back(files::to_text(each));
        return texts;
    }
    std::int64_t load(domain::instant now = noon) {
        auto const reading = read();
        EXPECT_EQ(reading.problems.count, 0U);
        return import_registry(database(), *keys_, reading, now);
    }

    std::string name_;
    std::filesystem::path folder_;
    std::optional<key_ring> keys_;
    std::optional<pqxx::connection> connection_;
};

} // namespace linli::postgres
