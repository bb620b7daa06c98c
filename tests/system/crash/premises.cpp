#include "system/crash/premises.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <vector>

#include <pqxx/pqxx>
#include <unistd.h>

#include "adapters/mqtt/credentials.hpp"
#include "adapters/postgres/registry_import.hpp"
#include "adapters/postgres/schema.hpp"
#include "support/free_port.hpp"
#include "system/crash/descriptors.hpp"
#include "system/until.hpp"

namespace linli::tests::crash {

namespace fs = std::filesystem;

namespace {

std::string environment(char const* name) {
    auto const* value = std::getenv(name);
    if (!value)
        throw std::runtime_error(std::string(name) + " is not set: start this program by "
                                                     "tests/support/with_postgres");
    return value;
}

fs::path new_folder() {
    auto text = (fs::temp_directory_path() / "linli-crash.XXXXXX").string();
    if (!::mkdtemp(text.data())) throw std::runtime_error("no folder in " + text);
    return text;
}

domain::instant machine_time() {
    return std::chrono::floor<domain::duration>(std::chrono::system_clock::now());
}

std::vector<std::string> users_of(city const& all) {
    std::vector<std::string> users{"linli-server"};
    for (auto const& each : all.inhabitants)
        users.push_back(mqtt::broker_user(each.device));
    for (auto const& p : all.rows.providers)
        users.push_back(mqtt::broker_user(p.id));
    return users;
}

} // namespace

premises::premises(city const& for_whom)
    : folder_(new_folder()), database_url_(environment("LINLI_TEST_DATABASE") + " dbname=crash"),
      http_port_(free_port()) {
    make_database(for_whom);
    broker_ = std::make_unique<tests::broker>(folder_ / "broker", users_of(for_whom));
    copy_plans();
    write_config();
}

premises::~premises() = default;

void premises::discard() {
    broker_.reset();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void premises::make_database(city const& for_whom) {
    {
        pqxx::connection c(environment("LINLI_TEST_DATABASE"));
        pqxx::nontransaction in(c);
        in.exec("create database crash");
    }
    postgres::migrate(database_url_, machine_time());
    auto const keys = postgres::key_ring::create_if_missing(folder_ / "record.keys");
    postgres::import_registry(database_url_, keys, for_whom.rows, machine_time());
}

void premises::copy_plans() const {
    fs::copy(LINLI_CONFIG_FOLDER "/plans", folder_ / "plans");
    fs::copy_file(LINLI_CRASH_FOLDER "/plans/sos.toml", folder_ / "plans/sos.toml",
                  fs::copy_options::overwrite_existing);
}

void premises::write_config() const {
    std::ofstream out(config_file());
    out << "[installation]\narea = \"" << city_area << "\"\n"
        << "[database]\nurl = \"" << database_url_ << "\"\nkey_file = \"record.keys\"\n"
        << "[mqtt]\nurl = \"" << broker_->url()
        << "\"\npassword_file = \"broker/secrets/linli-server\"\n"
        << "[journal]\nsegment_mib = 1\nreserve_mib = 1\n" // many segments begin and end
        << "[http]\nlisten = \"127.0.0.1:" << http_port_ << "\"\n"
        << "[files]\nservices = \"" << LINLI_CONFIG_FOLDER << "/services.toml\"\n"
        << "thresholds = \"" << LINLI_CONFIG_FOLDER << "/thresholds.toml\"\n";
}

peer::who premises::as(std::string const& user) const {
    return {broker_->port(), user, broker_->secret(user)};
}

void premises::broker_starts() {
    keep_descriptors_to_ourselves();
    broker_->start();
}

void premises::database(std::string const& verb) {
    keep_descriptors_to_ourselves();
    auto const command = "timeout 60 " + environment("LINLI_TEST_POSTGRES") + ' ' + verb +
                         " 2>/dev/null"; // it tells that it waits for the old one's children
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

} // namespace linli::tests::crash
