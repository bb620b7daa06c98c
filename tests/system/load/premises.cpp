#include "system/load/premises.hpp"

#include <fstream>
#include <stdexcept>
#include <vector>

#include <pqxx/pqxx>

#include "adapters/mqtt/credentials.hpp"
#include "adapters/postgres/registry_import.hpp"
#include "adapters/postgres/schema.hpp"
#include "support/free_port.hpp"
#include "support/places.hpp"
#include "support/private_folder.hpp"
#include "system/load/descriptors.hpp"

namespace linli::tests::load {

namespace fs = std::filesystem;

namespace {

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

premises::premises(city const& for_whom, postgres_server const& at)
    : folder_(private_folder("load")), database_(at), database_url_(at.url() + " dbname=city") {
    make_database(for_whom);
    broker_ = std::make_unique<tests::broker>(folder_ / "broker", users_of(for_whom));
    copy_plans();
}

premises::~premises() = default;

void premises::discard() {
    broker_.reset();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void premises::make_database(city const& for_whom) {
    {
        pqxx::connection c(database_.url());
        pqxx::nontransaction in(c);
        in.exec("create database city");
    }
    postgres::migrate(database_url_, machine_time());
    auto const keys = postgres::key_ring::create_if_missing(folder_ / "record.keys");
    postgres::import_registry(database_url_, keys, for_whom.rows, machine_time());
}

void premises::copy_plans() const {
    fs::copy(shipped_config("plans"), folder_ / "plans");
    fs::copy_file(in_tests("system/load/plans/sos.toml"), folder_ / "plans/sos.toml",
                  fs::copy_options::overwrite_existing);
}

server_place premises::new_place(std::string const& name) const {
    server_place its;
    its.folder = folder_ / name;
    fs::create_directories(its.folder);
    its.http_port = free_port();
    return its;
}

void premises::write_config(server_place const& of) const {
    auto const or_else = [](std::string const& text, std::string const& directly) {
        return text.empty() ? directly : text;
    };
    auto const ours = [this](char const* name) { return (folder_ / name).string(); };
    std::ofstream out(of.config_file());
    out << "[installation]\narea = \"" << city_area << "\"\n"
        << "[database]\nurl = \"" << or_else(of.database_url, database_url_) << "\"\nkey_file = \""
        << ours("record.keys") << "\"\n"
        << "[mqtt]\nurl = \"" << or_else(of.broker_url, broker_->url()) << "\"\npassword_file = \""
        << ours("broker/secrets/linli-server") << "\"\n";
    if (!of.broker_ca.empty()) out << "ca_file = \"" << of.broker_ca.string() << "\"\n";
    out << "[journal]\nfolder = \"" << of.journal_folder().string()
        << "\"\nsegment_mib = 1\nreserve_mib = 1\n" // many segments begin and end
        << "[http]\nlisten = \"127.0.0.1:" << of.http_port << "\"\n"
        << "[files]\nplans = \"" << ours("plans") << "\"\nservices = \""
        << shipped_config("services.toml") << "\"\nthresholds = \""
        << shipped_config("thresholds.toml") << "\"\n";
}

peer::who premises::as(std::string const& user) const {
    auto const port = broker_port_ != 0 ? broker_port_ : broker_->port();
    return {port, user, broker_->secret(user)};
}

// Whoever signs in takes the one that is written to.
void premises::database_is_also_at(postgres_server const& standby) {
    database_url_ = "host=" + database_.folder().string() + ',' + standby.folder().string() +
                    " user=linli dbname=city target_session_attrs=read-write";
}

void premises::broker_starts() {
    keep_descriptors_to_ourselves();
    broker_->start();
}

} // namespace linli::tests::load
