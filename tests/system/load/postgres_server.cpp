#include "system/load/postgres_server.hpp"

#include <cstdlib>
#include <stdexcept>
#include <utility>

#include <pqxx/pqxx>

#include "support/places.hpp"
#include "support/private_folder.hpp"
#include "system/load/descriptors.hpp"

namespace linli::tests::load {

namespace fs = std::filesystem;

namespace {

std::string url_in(fs::path const& folder) {
    return "host=" + folder.string() + " user=linli dbname=postgres";
}

std::string control_of(fs::path const& folder) {
    return in_tests("support/with_postgres") + " --control " + folder.string();
}

void run(std::string const& command) {
    keep_descriptors_to_ourselves();
    // It tells that it waits for the old one's children.
    auto const whole = "timeout 60 " + command + " 2>/dev/null";
    if (std::system(whole.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

std::string words_of(postgres_server::settings const& with) {
    std::string all;
    for (auto const& each : with)
        all += " '" + each + '\'';
    return all;
}

std::string from_environment(char const* name) {
    auto const* value = std::getenv(name);
    if (!value)
        throw std::runtime_error(std::string(name) + " is not set: start this program by "
                                                     "tests/support/with_postgres");
    return value;
}

} // namespace

postgres_server postgres_server::of_the_program() {
    return {{}, from_environment("LINLI_TEST_DATABASE"), from_environment("LINLI_TEST_POSTGRES")};
}

postgres_server::postgres_server(settings const& with)
    : postgres_server(private_folder("pg"), with) {}

postgres_server::postgres_server(fs::path const& folder, settings const& with)
    : postgres_server(folder, url_in(folder), control_of(folder)) {
    run(in_tests("support/with_postgres") + " --make " + folder_.string() + words_of(with));
}

postgres_server postgres_server::standby_of(postgres_server const& primary, settings const& with) {
    auto const folder = private_folder("pg");
    postgres_server its(folder, url_in(folder), control_of(folder));
    run(in_tests("support/with_postgres") + " --standby " + folder.string() + ' ' +
        primary.folder_.string() + words_of(with));
    return its;
}

postgres_server::postgres_server(postgres_server&& other) noexcept
    : folder_(std::exchange(other.folder_, {})), url_(std::move(other.url_)),
      control_(std::move(other.control_)) {}

postgres_server::~postgres_server() {
    if (folder_.empty()) return;
    try {
        if (fs::exists(folder_ / "data/postmaster.pid")) does("end");
    } catch (std::runtime_error const&) { // it is dead already
    }
    std::error_code busy;
    fs::remove_all(folder_, busy);
}

void postgres_server::waits_for_its_standby() const {
    pqxx::connection c(url_);
    pqxx::nontransaction in(c);
    in.exec("alter system set synchronous_standby_names = '*'");
    in.exec("select pg_reload_conf()");
}

void postgres_server::does(std::string const& verb) const {
    run(control_ + ' ' + verb);
}

bool postgres_server::is_up() const {
    try {
        pqxx::connection c(url_ + " connect_timeout=2");
        pqxx::nontransaction(c).exec("select 1");
        return true;
    } catch (pqxx::failure const&) {
        return false;
    }
}

} // namespace linli::tests::load
