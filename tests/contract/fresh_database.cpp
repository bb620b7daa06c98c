#include "contract/fresh_database.hpp"

#include <cstdlib>
#include <filesystem>

#include <unistd.h>

#include "adapters/postgres/house_key.hpp"
#include "adapters/postgres/schema.hpp"
#include "support/evening.hpp"

namespace linli::tests {

namespace {

std::string server() {
    auto const* url = std::getenv("LINLI_TEST_DATABASE");
    return url ? url : "";
}

void on_server(std::string const& statement) {
    pqxx::connection connection(server());
    pqxx::nontransaction(connection).exec(statement);
}

std::string fresh_folder() {
    std::string name = "/tmp/linli-person-XXXXXX";
    return ::mkdtemp(name.data());
}

std::string fresh_name() {
    static int made = 0;
    auto name = "linli_person_" + std::to_string(::getpid()) + '_' + std::to_string(++made);
    on_server("create database " + name);
    return name;
}

} // namespace

bool has_test_server() {
    return !server().empty();
}

fresh_database::fresh_database()
    : folder_(fresh_folder()), keys_(postgres::key_ring::create_if_missing(key_file())),
      name_(fresh_name()) {
    postgres::migrate(url(), evening);
    postgres::make_house_key(url(), keys_);
}

fresh_database::~fresh_database() {
    on_server("drop database " + name_ + " with (force)");
    std::filesystem::remove_all(folder_);
}

std::string fresh_database::url() const {
    return server() + " dbname=" + name_; // the last dbname counts
}

pqxx::result fresh_database::sql(std::string const& statement) const {
    pqxx::connection connection(url());
    pqxx::work in(connection);
    auto done = in.exec(statement);
    in.commit();
    return done;
}

std::string fresh_database::value(std::string const& statement) const {
    auto const rows = sql(statement);
    return rows.empty() || rows[0][0].is_null() ? std::string() : rows[0][0].c_str();
}

} // namespace linli::tests
